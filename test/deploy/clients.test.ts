import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { loadCatalog, loadLaunch } from '../../src/catalog/index.ts';
import { deploy } from '../../src/deploy/deploy.ts';
import type { DeployQuery } from '../../src/deploy/deployQuery.ts';
import type { FitQuery } from '../../src/plan/fit/question.ts';
import { cliRun } from '../support/cliRun.ts';
import { shellWords } from '../support/launchLine.ts';

const catalog = loadCatalog();
const facts = loadLaunch();

function answerTo(query: Partial<FitQuery>, more: Partial<DeployQuery> = {}) {
  return deploy({ plan: { kind: 'gpu', query: { gpu: ['h200:8'], ...query } }, ...more }, catalog, facts).answer;
}

describe('clients of K2.7-Code', () => {
  it.each(['deployment', 'vendor'] as const)('send the only sampling that it takes, and never switch thinking off: %s', (endpoint) => {
    const clients = answerTo({}).clients.filter((client) => client.endpoint === endpoint);
    expect(clients.map(({ protocol }) => protocol)).toEqual(['openai', 'anthropic']);
    for (const { request, rules } of clients) {
      expect(request).toEqual({ temperature: 1, top_p: 0.95, max_tokens: 32_768 });
      expect(rules.join('\n')).toMatch(/always thinks[\s\S]*tool loop[\s\S]*auto or none/);
    }
  });

  it('carry thinking in the field of the server', () => {
    const field = (engine: string) => answerTo({ engine }).clients[0]?.rules.find((rule) => rule.startsWith('send'));
    expect(field('vllm')).toMatch(/^send reasoning /);
    expect(field('sglang')).toMatch(/^send reasoning_content /);
  });

  it('leave half of a short context to the prompt', () => {
    expect(answerTo({ contextTokens: 16_384 }).clients[0]?.request['max_tokens']).toBe(8192);
  });

  it('are set to the served name and address, without a slash in the name', () => {
    const [openai, anthropic] = answerTo({}, { url: 'http://gpu:9000/v1/', servedName: 'kimi' }).clients;
    expect(openai).toMatchObject({ baseUrl: 'http://gpu:9000/v1', model: 'kimi', keyVariable: null });
    expect(anthropic?.environment).toMatchObject({
      ANTHROPIC_BASE_URL: 'http://gpu:9000',
      ANTHROPIC_DEFAULT_SONNET_MODEL: 'kimi',
      ANTHROPIC_AUTH_TOKEN: 'none',
    });
    expect(answerTo({}).clients[0]?.model).not.toContain('/');
  });

  it('hold no key of the account, but the variable that does', () => {
    const vendor = answerTo({}).clients.filter(({ endpoint }) => endpoint === 'vendor');
    for (const { environment, keyVariable } of vendor) {
      expect(keyVariable).toBe('MOONSHOT_API_KEY');
      expect(Object.keys(environment).filter((name) => /KEY|TOKEN/.test(name))).toEqual([]);
    }
  });

  it.each(['sh', 'bash'])(
    "set nothing before the key of the account is there, send nobody else's along, and know their names: %s",
    (shell) => {
      const script = answerTo({}).files.find(({ name }) => name === 'clients.sh')?.content ?? '';
      const run = (env: Record<string, string>) => {
        const shown = 'echo "status $?"; env';
        const { stdout, stderr } = spawnSync(shell, ['-c', `eval "$SCRIPT"; ${shown}`], {
          env: { PATH: process.env['PATH'] ?? '', SCRIPT: `f() {\n${script}\n}; f`, ...env },
          encoding: 'utf8',
        });
        const set = Object.fromEntries(
          stdout.split('\n').flatMap((line) => (/^(OPENAI|ANTHROPIC)_/.test(line) ? [line.split('=', 2)] : [])),
        );
        return { set, stderr, status: /status (\d)/.exec(stdout)?.[1] };
      };
      const real = { OPENAI_API_KEY: 'sk-real', ANTHROPIC_API_KEY: 'sk-ant-real' };
      const without = run({ KPLAN_CLIENT: 'vendor-openai', ...real });
      expect(without).toMatchObject({ set: real, status: '2', stderr: expect.stringContaining('MOONSHOT_API_KEY is not set') });
      expect(without.set['OPENAI_BASE_URL']).toBeUndefined();
      const vendor = run({ KPLAN_CLIENT: 'vendor-anthropic', MOONSHOT_API_KEY: 'mk', ...real }).set;
      expect(vendor).toMatchObject({ ANTHROPIC_BASE_URL: 'https://api.moonshot.ai/anthropic', ANTHROPIC_AUTH_TOKEN: 'mk' });
      expect(vendor['ANTHROPIC_API_KEY']).toBeUndefined();
      expect(run({ KPLAN_CLIENT: 'nobody' })).toMatchObject({ status: '2', stderr: expect.stringContaining('none of deployment-openai') });
      expect(run({}).set['OPENAI_BASE_URL']).toBe('http://localhost:8000/v1');
    },
  );

  it('speak the protocols that the release has', () => {
    const protocols = (query: Partial<FitQuery>) =>
      answerTo(query, { force: true })
        .clients.filter(({ endpoint }) => endpoint === 'deployment')
        .map(({ protocol }) => protocol);
    expect(protocols({ engine: 'sglang@0.5.8' })).toEqual(['openai']);
    expect(protocols({ engine: 'sglang@0.5.9' })).toEqual(['openai', 'anthropic']);
    expect(protocols({ engine: 'vllm@0.11.0', model: 'kimi-k2-thinking' })).toEqual(['openai']);
  });

  it('have no rules where the model has none', () => {
    const clients = answerTo({ model: 'kimi-k2.5' }).clients;
    expect(clients.map(({ endpoint }) => endpoint)).toEqual(['deployment', 'deployment']);
    for (const { rules, request } of clients) expect({ rules, request }).toEqual({ rules: [], request: { max_tokens: 32_768 } });
  });
});

describe('the line that checks a deployment', () => {
  it.each<Partial<FitQuery>>([
    {},
    { graphEstimate: false, sequences: 2 },
    { tp: 8, dcp: 8, kvCacheDtype: 'fp8', utilization: 0.9, maxNumSeqs: 64, maxNumBatchedTokens: 4096, enforceEager: true },
    { tp: 1, attentionDp: 8, ep: 8, engine: 'sglang', draft: 'eagle3', draftTokens: 3, model: 'kimi-k2.5', contextTokens: 65_536 },
  ])('is that of the plan: %j', async (query) => {
    const { calibrate, commands } = answerTo(query, { acceptMarginal: true });
    const [, words = []] = calibrate.map((line) => shellWords(line));
    const plan = words.slice(2, words.indexOf('--calibration'));
    const { stdout } = await cliRun(['deploy', ...plan, '--accept-marginal', '--json']);
    expect(JSON.parse(stdout).commands).toEqual(commands);
    expect(calibrate[0]).toContain(`--serves ${query.model ?? 'kimi-k2.7-code'}`);
  });
});
