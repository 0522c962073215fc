import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { readCalibration } from '../../src/calibration/calibrationFile.ts';
import type { EndpointCalibration } from '../../src/calibration/endpointCalibration.ts';
import { cliRun } from '../support/cliRun.ts';
import { type Listening, type PlainEndpoint, plainEndpoint } from '../support/plainEndpoint.ts';

const LADDER = ['--max-concurrency', '1', '--shapes', '64x16', '--open', '0', '--seed', '7', '--yes'];
const KIMI = 'moonshotai/Kimi-K2.7-Code';
const VLLM = { '/version': JSON.stringify({ version: '0.25.0' }) };

const folder = mkdtempSync(join(tmpdir(), 'kplan-endpoints-'));
const file = (name: string) => join(folder, name);
const listening: Listening[] = [];

async function endpoint(of: PlainEndpoint = {}): Promise<Listening> {
  const made = await plainEndpoint(of);
  listening.push(made);
  return made;
}

afterAll(() => {
  for (const each of listening) each.close();
  rmSync(folder, { recursive: true });
});

let runs = 0;
async function calibrate({ url }: Listening, words: readonly string[] = []) {
  const save = file(`${runs++}.json`);
  return { ...(await cliRun(['calibrate', url, ...LADDER, '--save', save, ...words])), save };
}

describe('an endpoint that hands its answers on in one piece', () => {
  it('has points that say so and are not used', async () => {
    const { code, stdout, save } = await calibrate(await endpoint({ buffers: true, model: KIMI }), ['--gpu', 'h200:8', '--tp', '8']);
    expect(code).toBe(0);
    expect(stdout).toContain('answers came in one piece: no time between tokens');
    const { speed } = readCalibration(save) as EndpointCalibration;
    expect(speed.points.map(({ used, tpotMs }) => [used, tpotMs])).toEqual([[false, null]]);
    expect(speed.flags.map(({ code }) => code)).toContain('buffered');
  });
});

describe('answers of full length', () => {
  const asked = ({ bodies }: Listening) => bodies.map((body) => 'ignore_eos' in body);

  it('are asked of own engines alone', async () => {
    const [unknown, own, stated] = [await endpoint(), await endpoint({ pages: VLLM }), await endpoint({ model: KIMI })];
    const plain = await calibrate(unknown);
    expect([plain.code, new Set(asked(unknown))]).toEqual([0, new Set([false])]);
    expect(plain.stdout).toContain('ignore_eos is not sent');
    await calibrate(own);
    await calibrate(stated, ['--gpu', 'h200:8', '--tp', '8']);
    expect([new Set(asked(own)), new Set(asked(stated))]).toEqual([new Set([true]), new Set([true])]);
  });

  it('are given up where the argument is refused', async () => {
    const strict = await endpoint({ model: KIMI, refuses: ['ignore_eos'] });
    const { code, stdout } = await calibrate(strict, ['--gpu', 'h200:8', '--tp', '8', '--json']);
    const { requests, notes } = JSON.parse(stdout);
    expect([code, requests.failed, requests.sent]).toEqual([0, { 'bad-request': 1 }, strict.bodies.length]);
    expect(asked(strict)).toEqual([true, ...new Array(strict.bodies.length - 1).fill(false)]);
    expect(notes).toContainEqual(expect.stringContaining('does not take ignore_eos'));
  });
});

describe('what is stated of an endpoint', () => {
  it('is refused before anything is paid for where it cannot hold the model', async () => {
    const asked = await endpoint({ model: KIMI });
    for (const [words, on] of [
      [['--gpu', 'rtx4090:1'], '1×RTX 4090'],
      [['--gpu', 'h200:2', '--tp', '2'], '2×H200'],
    ] as const) {
      const { code, stderr, save } = await calibrate(asked, words);
      expect(code).toBe(2);
      expect(stderr).toMatch(/--gpu: kimi-k2\.7-code int4 does not fit .*weights of .* exceed the budget of .* per GPU/);
      expect(stderr).toContain(on);
      expect(stderr).toContain('is --gpu right');
      expect(existsSync(save.replace('.json', '.jsonl'))).toBe(false);
    }
    expect(asked.bodies).toEqual([]);
  });

  it('is refused where another engine answers', async () => {
    const vllm = await endpoint({ model: KIMI, pages: VLLM });
    for (const more of [[], ['--gpu', 'h200:8', '--tp', '8']]) {
      const { code, stderr } = await calibrate(vllm, ['--engine', 'sglang', ...more]);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/--engine: the endpoint says that vllm answers \(got "sglang"/)]);
    }
    const tgi = await endpoint({ model: KIMI, pages: { '/metrics': 'tgi_queue_size 0\n' } });
    const fitted = await calibrate(tgi, ['--gpu', 'h200:8', '--tp', '8']);
    expect([fitted.code, fitted.stderr]).toEqual([2, expect.stringContaining('the endpoint says that tgi answers')]);
    expect([...vllm.bodies, ...tgi.bodies]).toEqual([]);
  });

  it('gives way to the version that the endpoint says, with a note', async () => {
    const vllm = await endpoint({ model: KIMI, pages: VLLM });
    const { code, save } = await calibrate(vllm, ['--engine', 'vllm@0.16.0', '--gpu', 'h200:8', '--tp', '8']);
    expect(code).toBe(0);
    const { deployment, conditions } = readCalibration(save) as EndpointCalibration;
    expect(deployment).toMatchObject({ engine: 'vllm', engineVersion: '0.25.0' });
    expect(conditions.notes).toContainEqual('the endpoint says that it is vllm 0.25.0, and vllm@0.16.0 was stated: 0.25.0 counts');
  });
});

describe('a script', () => {
  const emit = (words: readonly string[] = []) =>
    cliRun(['calibrate', 'http://gpu:8000', '--serves', 'm', '--emit', 'vllm-bench', ...words]);

  afterEach(() => vi.unstubAllEnvs());

  it('takes the key from where a run would take it', async () => {
    vi.stubEnv('KPLAN_KEY', undefined);
    expect((await emit()).stdout).not.toContain('OPENAI_API_KEY');
    expect((await emit(['--key-file', 'keys/node'])).stdout).toContain(
      'KPLAN_KEY="$(cat -- keys/node)"\nexport OPENAI_API_KEY="$KPLAN_KEY"',
    );
    vi.stubEnv('KPLAN_KEY', 'sk-secret');
    const usual = await emit();
    expect(usual.stdout).toContain('export OPENAI_API_KEY="$KPLAN_KEY"');
    expect(usual.stdout).not.toContain('sk-secret');
    expect((await emit(['--key-env', 'MINE'])).stdout).toContain('export OPENAI_API_KEY="$MINE"');
    const key = await emit(['--key-file', 'sk-live-secret']);
    expect([key.code, key.stderr]).toEqual([2, expect.not.stringContaining('sk-live')]);
  });
});
