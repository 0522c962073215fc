import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
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
