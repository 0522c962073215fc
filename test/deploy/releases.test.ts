import { describe, expect, it } from 'vitest';
import { loadCatalog, loadLaunch } from '../../src/catalog/index.ts';
import { deploy } from '../../src/deploy/deploy.ts';
import type { DeployQuery } from '../../src/deploy/deployQuery.ts';
import { compareVersions } from '../../src/engine/version.ts';
import type { FitQuery } from '../../src/plan/fit/question.ts';

const catalog = loadCatalog();
const facts = loadLaunch();

function answerTo(query: FitQuery, more: Partial<DeployQuery> = {}) {
  return deploy({ plan: { kind: 'gpu', query }, force: true, ...more }, catalog, facts).answer;
}

const RELEASES = {
  vllm: ['0.10.0', '0.11.0', '0.12.0', '0.19.1', '0.21.0', '0.23.0', '0.24.0', '0.25.0', '0.27.0'],
  sglang: ['0.4.10', '0.5.4', '0.5.5', '0.5.9', '0.5.12', '0.5.15', '0.5.18'],
} as const;

const QUESTIONS: readonly FitQuery[] = [
  { gpu: ['h200:8'], tp: 8, dcp: 8, kvCacheDtype: 'fp8', encoderMode: 'data', enforceEager: true, draft: 'eagle3', maxNumSeqs: 8 },
  { gpu: ['mi355x:8'], tp: 8, graphEstimate: true },
  { gpu: ['b200:16'], tp: 1, attentionDp: 16, ep: 16, format: 'nvfp4' },
  { gpu: ['a100-80:16'], tp: 8, pp: 2, model: 'kimi-k2-instruct' },
  { gpu: ['b300:8'], tp: 8, model: 'kimi-k2.6', format: 'nvfp4', kvCacheDtype: 'fp8' },
];

describe('no flag, value or variable that a release lacks', () => {
  const cases = Object.entries(RELEASES).flatMap(([engine, versions]) =>
    versions.flatMap((version) => QUESTIONS.map((query) => ({ engine: engine as keyof typeof RELEASES, version, query }))),
  );

  it.each(cases)('$engine $version: $query.gpu', ({ engine, version, query }) => {
    const { commands, environment } = answerTo({ ...query, engine: `${engine}@${version}` });
    const holds = ({ since, before }: { since?: string | undefined; before?: string | undefined }) =>
      (since === undefined || compareVersions(version, since) >= 0) && (before === undefined || compareVersions(version, before) < 0);
    const { flags, variables, startLimit } = facts.engines[engine];
    for (const { flag, value } of commands.flatMap((one) => one.arguments)) {
      const fact = flags.find((one) => one.flag === flag && holds(one));
      expect(fact, flag).toBeDefined();
      if (fact?.values) expect(fact.values.filter(holds).map((one) => one.value)).toContain(value);
    }
    for (const { name } of environment)
      expect(
        [...variables, { ...startLimit, name: startLimit?.variable }].some((one) => one.name === name && holds(one)),
        name,
      ).toBe(true);
  });

  it.each([
    ['vllm@0.10.0', { dcp: 8 }, 'flag.dcp', 'vLLM 0.11.0 or later has it'],
    ['sglang@0.5.12', { dcp: 8 }, 'flag.dcp', 'SGLang 0.5.15 or later has it'],
    ['sglang@0.5.18', { kvCacheDtype: 'fp8_ds_mla' }, 'sglang.packed-kv', expect.stringContaining('--kv-cache-dtype fp8 ')],
    ['sglang@0.5.18', { encoderMode: 'weights' }, 'flag.encoder-split', '--mm-encoder data'],
    ['vllm@0.25.0', { draft: 'mtp', model: 'deepseek-v3' }, 'draft.method', 'a plan without --draft mtp'],
    ['vllm@0.25.0', { draft: 'eagle3', model: 'deepseek-v3' }, 'draft.repository', '--draft-model REPOSITORY'],
  ] as const)('%s cannot be told %j', (engine, part, code, remedy) => {
    const { constraints, written } = answerTo({ gpu: ['h200:8'], tp: 8, engine, ...part }, { force: false });
    expect(written).toBe(false);
    expect(constraints).toContainEqual({ code, message: expect.any(String), remedy });
  });

  it('leaves out what only the model asks for, and says so', () => {
    const { commands, leftOut } = answerTo({ gpu: ['h200:8'], tp: 8, model: 'kimi-k2-thinking', engine: 'vllm@0.11.0' });
    expect(commands[0]?.text).not.toContain('reasoning-parser');
    expect(leftOut).toEqual(
      expect.arrayContaining([expect.stringMatching(/vLLM 0.11.0 has no --reasoning-parser kimi_k2 .*0.12.0 or later has it/)]),
    );
  });

  it('says what the rules of the engine say, in the answer and in the files', () => {
    const { notes, files } = answerTo({ gpu: ['h100:16'], tp: 16, engine: 'vllm@0.30.0' });
    expect(notes).toEqual([expect.stringContaining('known up to vLLM'), expect.stringContaining('crosses the NVLink 4 domain')]);
    for (const { content } of files) expect(content).toContain(`# ${notes[0]}`);
  });

  it.each([
    ['vllm@0.16.0', {}, true],
    ['vllm@0.25.0', {}, false],
    ['vllm@0.25.0', { dcp: 8 }, true],
    ['vllm@0.16.0', { gpu: ['h200:8'] }, false],
  ] as const)('keeps AITER from attention that it does not take: %s %j', (engine, part, isOff) => {
    const { environment } = answerTo({ gpu: ['mi300x:8'], tp: 8, engine, ...part });
    expect(environment.some(({ name, value }) => name === 'VLLM_ROCM_USE_AITER_MLA' && value === '0')).toBe(isOff);
  });

  it.each([
    ['sglang@0.5.12', { kvCacheDtype: 'fp8' }, true],
    ['sglang@0.5.11', { kvCacheDtype: 'fp8' }, false],
    ['sglang@0.5.18', {}, false],
    ['sglang@0.5.18', { kvCacheDtype: 'fp8', gpu: ['b200:8'] }, false],
    ['vllm@0.25.0', { kvCacheDtype: 'fp8', model: 'kimi-k2.6', format: 'nvfp4' }, true],
    ['vllm@0.25.0', { kvCacheDtype: 'fp8' }, false],
  ] as const)('sets the attention kernel of B300 as published: %s %j', (engine, part, isSet) => {
    const { commands } = answerTo({ gpu: ['b300:8'], tp: 8, engine, ...part });
    expect(commands[0]?.arguments.some(({ flag }) => flag === '--attention-backend')).toBe(isSet);
  });

  it('says what it does not know of other models', () => {
    const { leftOut } = answerTo({ gpu: ['h200:1'], model: 'qwen3-30b-a3b', contextTokens: 32_768 });
    expect(leftOut.join('\n')).toMatch(/parsers of tool calls and thinking.*Qwen3 30B A3B/);
    expect(answerTo({ gpu: ['h200:8'] }).leftOut.join('\n')).not.toContain('parsers');
  });

  it('takes the image of the release', () => {
    const image = (gpu: string, engine: string) => answerTo({ gpu: [gpu], engine }).image;
    expect(image('h200:8', 'vllm@0.25')).toBe('vllm/vllm-openai:v0.25.0');
    expect(image('mi300x:8', 'vllm@0.24.0')).toBe('vllm/vllm-openai-rocm:v0.24.0');
    expect(image('mi300x:8', 'vllm@0.19.1')).toBeNull();
    expect(image('mi300x:8', 'sglang@0.5.9')).toBe('lmsysorg/sglang:v0.5.9-rocm700-mi30x');
    expect(image('mi355x:8', 'sglang@0.5.12')).toBe('lmsysorg/sglang:v0.5.12-rocm720-mi35x');
    expect(image('mi355x:8', 'sglang@0.5.18')).toBeNull();
    expect(image('b300:8', 'sglang@0.5.18')).toBe('lmsysorg/sglang:v0.5.18');
  });
});

describe('several nodes', () => {
  const text = (query: FitQuery, role: string, more: Partial<DeployQuery> = {}) =>
    answerTo(query, more).commands.find((one) => one.role === role)?.text ?? '';
  const SIXTEEN: FitQuery = { gpu: ['a100-80:16'], tp: 8, pp: 2 };

  it('meet by the rendezvous of the engine', () => {
    expect(text(SIXTEEN, 'head')).toMatch(/--nnodes 2 \\\n {2}--node-rank 0 \\\n {2}--master-addr "\$HEAD_IP"$/);
    expect(text(SIXTEEN, 'worker')).toMatch(/--node-rank "\$NODE_RANK" \\\n {2}--master-addr "\$HEAD_IP" \\\n {2}--headless$/);
    expect(text({ gpu: ['h200:16'], tp: 16, engine: 'sglang' }, 'worker')).toMatch(/--dist-init-addr "\$HEAD_IP:20000"$/);
  });

  it('meet over Ray where the release has none, or where it is asked', () => {
    const old: FitQuery = { gpu: ['h200:16'], tp: 16, model: 'kimi-k2-instruct', engine: 'vllm@0.11.0' };
    expect(text(old, 'head')).toMatch(/^ray start --head --port=6379\nvllm serve /);
    expect(text(old, 'head')).toContain('--distributed-executor-backend ray');
    expect(text(old, 'worker')).toBe('exec ray start --address="$HEAD_IP:6379" --block');
    expect(answerTo(SIXTEEN, { ray: true }).rendezvous).toBe('ray');
    expect(answerTo(SIXTEEN).rendezvous).toBe('own');
  });

  it('have as many attention groups each', () => {
    const query: FitQuery = { gpu: ['gb300:24'], tp: 1, attentionDp: 24, ep: 24, format: 'nvfp4' };
    expect(answerTo(query)).toMatchObject({ nodes: 6, gpusPerNode: 4, rendezvous: 'data-parallel' });
    expect(text(query, 'worker')).toContain('--data-parallel-start-rank "$((NODE_RANK * 4))"');
    expect(text(query, 'head')).not.toContain('--headless');
  });

  it('are refused where GPUs or groups do not divide over them', () => {
    const codes = (query: FitQuery) => answerTo(query).constraints.map(({ code }) => code);
    expect(codes({ gpu: ['h200:9'], tp: 1, attentionDp: 9, ep: 9 })).toContain('nodes.uneven');
    expect(codes({ gpu: ['h200:12'], tp: 4, pp: 3 })).toContain('nodes.uneven');
    expect(codes({ gpu: ['h200:16'], tp: 4, pp: 4 })).toEqual([]);
  });

  it('have whole attention groups each, and say what would do', () => {
    const [constraint] = answerTo({ gpu: ['h200:32'], tp: 16, attentionDp: 2 }).constraints;
    expect(constraint).toMatchObject({ code: 'nodes.uneven', remedy: 'TP × PP of 8 at most beside attention DP over nodes' });
    expect(answerTo({ gpu: ['h200:32'], tp: 8, attentionDp: 4 }).constraints).toEqual([]);
  });
});
