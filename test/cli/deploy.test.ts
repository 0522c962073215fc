import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeployAnswer } from '../../src/report/schema/deploy.ts';
import { deploySchema } from '../../src/report/schema/deploy.ts';
import { cliRun } from '../support/cliRun.ts';

let folder = '';
const at = (name: string) => join(folder, name);

async function answerOf(...words: string[]): Promise<DeployAnswer> {
  return JSON.parse((await cliRun(['deploy', ...words, '--json'])).stdout) as DeployAnswer;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kplan-deploy-'));
  writeFileSync(at('fit.json'), (await cliRun(['fit', '--gpu', 'h200:8', '--json'])).stdout);
  const offload = ['fit', '--engine', 'llama.cpp', '--gpu', 'rtx-4090:2', '--ram', '512GB', '--json'];
  writeFileSync(at('offload.json'), (await cliRun(offload)).stdout);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('kplan deploy', () => {
  it.each([
    ['--gpu h200:8'],
    ['--gpu a100-80:16 --tp 8 --pp 2'],
    ['--gpu h200:4'],
    ['--gpu h200:4 --force'],
    ['--engine llama.cpp --gpu rtx-4090:2 --ram 512GB --format ud-q2_k_xl'],
  ])('answers %s as its schema says', async (words) => {
    const answer = await answerOf(...words.split(' '));
    expect(deploySchema.parse(answer)).toEqual(answer);
    for (const { source } of answer.commands.flatMap((one) => one.arguments)) expect(answer.sources).toHaveProperty([source]);
    for (const { source } of answer.assumptions)
      if (source !== 'user' && source !== 'kplan') expect(answer.sources).toHaveProperty([source]);
  });

  it('shows the command word for word and why of each flag', async () => {
    const { stdout, code } = await cliRun(['deploy', '--gpu', 'h200:8']);
    expect(code).toBe(0);
    expect(stdout).toContain(
      'Command\n  export VLLM_ENGINE_READY_TIMEOUT_S=2990\n  vllm serve moonshotai/Kimi-K2.7-Code \\\n    --tensor-parallel-size 8 \\\n',
    );
    expect(stdout).toMatch(/^--max-model-len 262144 +the plan holds for 262,144 tokens$/m);
  });

  it('puts the command into a fence in Markdown, and every flag into CSV', async () => {
    const markdown = await cliRun(['deploy', '--gpu', 'h200:8', '--markdown']);
    expect(markdown.stdout).toContain(
      '### Command\n\n```sh\nexport VLLM_ENGINE_READY_TIMEOUT_S=2990\nvllm serve moonshotai/Kimi-K2.7-Code \\\n  --tensor-parallel-size 8 \\\n',
    );
    const csv = await cliRun(['deploy', '--gpu', 'a100-80:16', '--csv']);
    expect(csv.stdout).toMatch(/^kplan\/deploy@1,worker,flag,'--headless,,only the first node serves the API,launch\/vllm#multi-node\r$/m);
  });

  it('refuses what does not fit, with the constraint and what would help', async () => {
    const { code, stdout, stderr } = await cliRun(['deploy', '--gpu', 'h200:4', '--emit', 'command']);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^kplan: Not written: .*weights of 140.24 GiB exceed the budget.*what would help: --gpus 8 --tp 8 /);
    expect(await answerOf('--gpu', 'h200:4')).toMatchObject({ written: false, files: [], commands: [], plan: { verdict: 'does-not-fit' } });
  });

  it('refuses what no engine accepts', async () => {
    const { code, stdout } = await cliRun(['deploy', '--gpu', 'h200:7', '--tp', '7', '--json']);
    const { constraints, plan } = JSON.parse(stdout) as DeployAnswer;
    expect({ code, verdict: plan.verdict, constraint: constraints[0]?.code }).toEqual({
      code: 3,
      verdict: 'invalid',
      constraint: 'vllm.tp-heads',
    });
  });

  it('says in every file that it was forced', async () => {
    const { files, forced, written } = await answerOf('--gpu', 'h200:4', '--force');
    expect({ forced, written }).toEqual({ forced: true, written: true });
    expect(files).toHaveLength(4);
    for (const { content } of files) expect(content).toMatch(/^# FORCED, DOES NOT HOLD: it does not fit: weights of/m);
  });

  it('writes what is marginal only where that is accepted', async () => {
    const words = '--gpu h100:8 --tp 8 --utilization 0.95 --max-num-seqs 32 --kv-cache-dtype fp8 --ctx 8k'.split(' ');
    const refused = await cliRun(['deploy', ...words]);
    expect(refused.code).toBe(3);
    expect(refused.stdout.replace(/\s+/g, ' ')).toContain('[marginal]; what would help: --accept-marginal');
    const { code, stdout } = await cliRun(['deploy', ...words, '--accept-marginal', '--emit', 'command']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# Kimi K2\.7 Code .*: marginal$/m);
    expect(stdout).not.toContain('FORCED');
  });

  it.each([
    ['--gpu h200:8 --emit helm', /--emit: no such form/],
    ['--gpu h200:8 --emit compose --markdown', /one form at a time/],
    ['--gpu h200:8,h100:16', /one plan is deployed/],
    ['--gpu h200:8 --format all', /one format is deployed/],
    ['--gpu h200:8 --ctx 32k..64k', /one context is deployed/],
    ['--gpu h200:8 --name Kimi_1', /--name/],
    ['--gpu h200:8 --port 70000', /--port/],
    ['--gpu h200:8 --replicas 2 --least-replicas 3', /--least-replicas/],
    ['--gpu mi300x:8 --engine sglang --emit compose', /--image/],
    ['--gpu h200:8 --model-path models/kimi --emit kubernetes', /--model-path/],
    ['--engine ktransformers --gpu rtx-4090-48:4 --ram 768GB', /--model-path/],
    ['--engine llama.cpp --gpu rtx-4090:2 --ram 512GB', /one plan is deployed/],
    ['--gpu h200:8 --out -', /--out/],
  ])('%s is bad input', async (words, message) => {
    const { code, stderr } = await cliRun(['deploy', ...words.split(' ')]);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  it('takes several GPU types where a row is named', async () => {
    const { plan } = await answerOf('--gpu', 'h200:8,h100:16', '--row', 'h100-sxm/16/tp8-pp2');
    expect(plan).toMatchObject({ gpu: 'h100-sxm', layout: { tp: 8, pp: 2 } });
  });

  it('asks where a model lies that belongs to no repository, and names it as the user did', async () => {
    const architecture = { architectures: ['Qwen3MoeForCausalLM'], model_type: 'qwen3_moe', torch_dtype: 'bfloat16' };
    const sizes = {
      hidden_size: 2048,
      num_hidden_layers: 4,
      num_attention_heads: 32,
      num_key_value_heads: 4,
      head_dim: 128,
      vocab_size: 1024,
    };
    const experts = {
      num_experts: 8,
      num_experts_per_tok: 2,
      moe_intermediate_size: 768,
      intermediate_size: 6144,
      max_position_embeddings: 32_768,
    };
    writeFileSync(at('config.json'), JSON.stringify({ ...architecture, ...sizes, ...experts }));
    const words = ['--model', at('config.json'), '--gpu', 'h200:1'];
    expect((await answerOf(...words)).constraints.map(({ code }) => code)).toContain('model.repository');
    const { commands, calibrate } = await answerOf(...words, '--model-path', '/models/mine');
    expect(commands[0]?.program).toEqual(['vllm', 'serve', '/models/mine']);
    expect(calibrate[0]).toContain(`--model ${at('config.json')} `);
  });

  it('counts whole copies as replicas', async () => {
    expect(await answerOf('--gpu', 'h200:16', '--tp', '8', '--dp', '2')).toMatchObject({
      replicas: 2,
      nodes: 1,
      gpusPerNode: 8,
      plan: { gpus: 8 },
    });
  });
});

describe('a plan from a file', () => {
  it('is that of the answer of fit, or the row that is named', async () => {
    expect((await answerOf('--plan', at('fit.json'))).commands).toEqual((await answerOf('--gpu', 'h200:8')).commands);
    const { plan, commands } = await answerOf('--plan', at('fit.json'), '--row', 'h200-sxm/8/tp4-pp2');
    expect(plan.layout).toMatchObject({ tp: 4, pp: 2 });
    expect(commands[0]?.text).toContain('--pipeline-parallel-size 2');
  });

  it('may be of a host that serves from RAM too', async () => {
    const { commands } = await answerOf('--plan', at('offload.json'), '--row', 'llama.cpp/rtx-4090/2/ud-q2_k_xl');
    expect(commands[0]?.text).toContain('--hf-repo unsloth/Kimi-K2.7-Code-GGUF:UD-Q2_K_XL');
  });

  it('is judged anew, and says where these facts differ', async () => {
    const edited = readFileSync(at('fit.json'), 'utf8')
      .replaceAll('"h200-sxm/8/tp8"', '"mine"')
      .replaceAll('"gpus": 8', '"gpus": 4')
      .replaceAll('"tp": 8', '"tp": 4');
    writeFileSync(at('edited.json'), edited);
    const { plan, warnings, written } = await answerOf('--plan', at('edited.json'), '--row', 'mine');
    expect({ verdict: plan.verdict, written }).toEqual({ verdict: 'does-not-fit', written: false });
    expect(warnings).toContain('the file calls this plan fits, these facts does-not-fit');
  });

  it.each([
    [['--row', 'nope'], /--row.*no such row/],
    [['--gpu', 'h200'], /--gpu: the plan of a file says it already/],
    [['--tp', '4'], /--tp: the plan of a file says it already/],
  ])('with %j is refused', async (words, message) => {
    const { code, stderr } = await cliRun(['deploy', '--plan', at('fit.json'), ...words]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
  });

  it.each([
    ['{}', /no answer of fit/],
    ['{"schema":"kplan/fit@1"}', /broken.json/],
    ['[1', /broken.json/],
  ])('is refused where it is %s', async (content, message) => {
    writeFileSync(at('broken.json'), content);
    const { code, stderr } = await cliRun(['deploy', '--plan', at('broken.json')]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
  });

  it.each<[string, (text: string) => string, RegExp]>([
    ['a GPU', (text) => text.replaceAll('"h200-sxm"', '"h2000"'), /wrong.json \(as --gpu\): no such name.*h2000/],
    ['a release', (text) => text.replaceAll('"0.25.0"', '"newest"'), /wrong.json \(as --engine\)/],
    ['no model', (text) => text.replace(/"model": "[^"]*",/, ''), /wrong.json:\d+:\d+ query.model: the answer names no model/],
    ['no plan', (text) => JSON.stringify({ ...JSON.parse(text), results: [] }), /the answer has no plan/],
  ])('is refused at its file where it has %s that is not known', async (_, edit, message) => {
    writeFileSync(at('wrong.json'), edit(readFileSync(at('fit.json'), 'utf8')));
    const { code, stderr } = await cliRun(['deploy', '--plan', at('wrong.json')]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
  });

  it('is refused where it is nested without end', async () => {
    writeFileSync(at('broken.json'), '['.repeat(100_000));
    expect((await cliRun(['deploy', '--plan', at('broken.json')])).stderr).toMatch(/broken.json:1:.*nested too deep/);
  });

  it('is refused beside another model', async () => {
    const { code, stderr } = await cliRun(['deploy', '--plan', at('fit.json'), '--model', 'kimi-k2.5']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/--model: the plan is of another model/) });
  });

  it('is missing where it is', async () => {
    expect((await cliRun(['deploy', '--plan', at('none.json')])).stderr).toMatch(/missing.*none\.json/);
  });

  it('comes from a scenario', async () => {
    writeFileSync(
      at('kplan.yaml'),
      'kplan: 1\nmodel: kimi-k2.7-code\ncandidates: [h200:8]\ndeployment: { tp: 8, dcp: 8 }\nworkload: { ctx: 128k }\n',
    );
    const { plan, commands } = await answerOf('-f', at('kplan.yaml'));
    expect(plan).toMatchObject({ contextTokens: 131_072, layout: { tp: 8, dcp: 8 } });
    expect(commands[0]?.text).toContain('--decode-context-parallel-size 8');
  });
});

describe('the fleet of an answer of size', () => {
  const SIZE = ['size', '--workload', 'agentic-coding', '--users', '40', '--load-rate', '2', '--json'];

  it('gives replicas, a disruption budget and the time of a start', async () => {
    writeFileSync(at('size.json'), (await cliRun([...SIZE, '--gpu', 'h200:8', '--tp', '8'])).stdout);
    const { fleets } = JSON.parse(readFileSync(at('size.json'), 'utf8'));
    const rows = new Map<string, number>(fleets[0].rows.map(({ code, replicas }: { code: string; replicas: number }) => [code, replicas]));
    const answer = await answerOf('--gpu', 'h200:8', '--tp', '8', '--size', at('size.json'));
    expect(answer.replicas).toBe(rows.get('spare'));
    expect(answer.sizing.loadSeconds).toBe(Math.ceil(fleets[0].coldStart.seconds.high));
    const least = /minAvailable: (\d+)/.exec(answer.files.find(({ name }) => name === 'kubernetes.yaml')?.content ?? '')?.[1];
    expect(Number(least)).toBe(rows.get('load'));
  });

  it('is refused where it is another than the plan', async () => {
    const { code, stderr } = await cliRun(['deploy', '--gpu', 'b300:8', '--tp', '8', '--size', at('size.json')]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/--size: its cheapest fleet has another gpu than the plan/),
    });
  });

  it.each([
    ['--model kimi-k2.5', 'another model'],
    ['--engine vllm@0.24.0', 'another release'],
    ['--kv-cache-dtype fp8', 'another KV cache dtype'],
    ['--ctx 8k', 'longer than the context'],
    ['--dcp 8', 'another layout'],
    ['--max-num-seqs 8', 'another limit of sequences'],
    ['--utilization 0.8', 'another memory fraction'],
    ['--enforce-eager', 'another use of CUDA graphs'],
  ])('is refused beside %s', async (words, says) => {
    const { code, stderr } = await cliRun(['deploy', '--gpu', 'h200:8', '--tp', '8', ...words.split(' '), '--size', at('size.json')]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(new RegExp(`--size: .*${says}`)) });
  });

  it('is taken where its replicas run in the same way', async () => {
    const run = ['--max-num-seqs', '8', '--utilization', '0.9', '--enforce-eager', '--draft', 'eagle3', '--draft-tokens', '3'];
    writeFileSync(at('run.json'), (await cliRun([...SIZE, '--gpu', 'h200:8', '--tp', '8', ...run])).stdout);
    const answer = await answerOf('--gpu', 'h200:8', '--tp', '8', ...run, '--size', at('run.json'));
    expect(answer.replicas).toBeGreaterThan(0);
  });

  it('gives way to replicas that are typed', async () => {
    const answer = await answerOf('--gpu', 'h200:8', '--tp', '8', '--size', at('size.json'), '--replicas', '2');
    expect(answer.replicas).toBe(2);
  });
});

describe('files', () => {
  const write = (name: string, ...words: string[]) =>
    cliRun(['deploy', '--gpu', 'h200:8', '--out', at(name), '--emit', 'command', ...words]);

  it('are written into a folder, which is made', async () => {
    const { code, stderr } = await write('new');
    expect(code).toBe(0);
    expect(readdirSync(at('new')).sort()).toEqual(['clients.sh', 'compose.yaml', 'kubernetes.yaml', 'launch.sh']);
    expect(stderr.match(/wrote/g)).toHaveLength(4);
    expect(readFileSync(join(at('new'), 'launch.sh'), 'utf8')).toMatch(/^#!\/bin\/sh\n# written by kplan: kplan\/deploy@1\n/);
  });

  it('are replaced by a later run, and no others', async () => {
    expect((await write('new', '--tp', '8', '--dcp', '8')).code).toBe(0);
    const before = readFileSync(join(at('new'), 'launch.sh'), 'utf8');
    expect(before).toContain('--decode-context-parallel-size 8');
    writeFileSync(join(at('new'), 'compose.yaml'), 'services: {}\n');
    const { code, stderr } = await write('new', '--force');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/kplan did not write this file.*allowed: another folder/) });
    expect(readFileSync(join(at('new'), 'launch.sh'), 'utf8')).toBe(before);
  });

  it('are not left of another plan', async () => {
    await write('other');
    const words = 'deploy --engine ktransformers --gpu rtx-4090-48:4 --ram 768GB --model-path /m/k --out'.split(' ');
    const { code, stderr } = await cliRun([...words, at('other')]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/--out: it is of another plan.*compose.yaml/) });
    expect(readFileSync(join(at('other'), 'launch.sh'), 'utf8')).toContain('vllm serve');
  });

  it('are not written where the one that is asked on stdout cannot be', async () => {
    const words = ['deploy', '--gpu', 'mi300x:8', '--engine', 'sglang', '--emit', 'compose', '--out', at('half')];
    expect((await cliRun(words)).code).toBe(2);
    expect(existsSync(at('half'))).toBe(false);
  });

  it('are not written through a link, nor where nothing is to be written', async () => {
    writeFileSync(at('target'), '');
    symlinkSync(at('target'), at('link'));
    expect((await write('link')).code).toBe(2);
    expect((await write('missing/folder')).code).toBe(2);
    expect((await cliRun(['deploy', '--gpu', 'h200:4', '--out', at('refused')])).code).toBe(3);
    expect(existsSync(at('refused'))).toBe(false);
  });
});
