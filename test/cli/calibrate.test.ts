import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCalibration } from '../../src/calibration/calibrationFile.ts';
import { readRecords } from '../../src/calibration/client/readRecords.ts';
import type { EndpointCalibration } from '../../src/calibration/endpointCalibration.ts';
import { calibrateSchema } from '../../src/report/schema/calibrate.ts';
import { cliRun } from '../support/cliRun.ts';

const KEY = 'sk-verysecret/with+signs';
const LADDER = ['--max-concurrency', '2', '--shapes', '256x16,256x16@0.75', '--open', '0', '--seed', '7', '--yes'];
const MODEL = 'moonshotai/Kimi-K2.7-Code';

const folder = mkdtempSync(join(tmpdir(), 'kplan-calibrate-'));
const file = (name: string) => join(folder, name);
const servers: ChildProcess[] = [];
let url = '';

/** Starts a server and waits for its address. */
async function served(...words: readonly string[]): Promise<string> {
  const script = fileURLToPath(new URL('../support/vllmServer.mjs', import.meta.url));
  const server = spawn(process.execPath, [script, '0', '1', '0.2', '5', ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  servers.push(server);
  const [port] = (await once(server.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return `http://127.0.0.1:${port.toString().trim()}`;
}

beforeAll(async () => {
  url = await served();
});

afterAll(() => {
  for (const server of servers) server.kill();
  rmSync(folder, { recursive: true });
});

const calibrate = (name: string, words: readonly string[] = []) => cliRun(['calibrate', url, ...LADDER, '--save', file(name), ...words]);

describe('kplan calibrate', () => {
  it('measures a server, keeps a record for each request, and writes a calibration that answers take', async () => {
    const { code, stdout, stderr } = await calibrate('a.json', ['--gpu', 'h200:8', '--tp', '8']);
    expect(code).toBe(0);
    expect(stdout).toContain(`${MODEL} takes`);
    expect(stdout).toContain('Load points');
    expect(stderr).toMatch(/at worst, no price is known/);
    const { records, header } = await readRecords(file('a.jsonl'));
    expect(header['model']).toBe(MODEL);
    expect(records.every(({ failure, usage }) => failure === null && usage.inputTokens !== null)).toBe(true);
    expect(
      records
        .filter(({ ask }) => ask.sharedInput > 0)
        .slice(1)
        .every(({ usage }) => (usage.cachedTokens ?? 0) > 0),
    ).toBe(true);
    const calibration = readCalibration(file('a.json'));
    expect(calibration).toMatchObject({
      schema: 'kplan/calibration@2',
      deployment: { engine: 'vllm', engineVersion: '0.25.0', gpu: 'h200-sxm' },
    });
    const speed = await cliRun(['speed', '--gpu', 'h200:8', '--tp', '8', '--isl', '256', '--osl', '16', '--calibration', file('a.json')]);
    expect(speed.stdout).toContain('comes before shipped measurements');
  });

  it('prints one document by its schema, with client and server side by side', async () => {
    const { code, stdout } = await calibrate('b.json', ['--json']);
    expect(code).toBe(0);
    const answer = calibrateSchema.parse(JSON.parse(stdout));
    expect(answer.requests.failed).toEqual({});
    expect(answer.server.find(({ what }) => what === 'input tokens')).toMatchObject({ agrees: true });
    expect(answer.calibration.deployment).toBeNull();
  });

  it('tells the peaks of the server in each step, and its file keeps them', async () => {
    const words = ['--shapes', '256x400', '--max-concurrency', '2', '--open', '0', '--yes', '--save', file('p.json')];
    const { code, stdout } = await cliRun(['calibrate', url, ...words]);
    expect(code).toBe(0);
    expect(stdout).toContain('Peaks of the server in each step, beside what the client had in flight on average');
    const { stdout: rows } = await cliRun(['calibrate', 'report', file('p.json'), '--csv']);
    expect(rows.split('\n')[2]).toMatch(/,false,2,0,0\.\d+\s*$/);
    const { points } = (readCalibration(file('p.json')) as EndpointCalibration).speed;
    expect(points.map(({ server }) => [server?.running, server?.waiting])).toEqual([
      [1, 0],
      [2, 0],
    ]);
    expect(points.every(({ server }) => (server?.kvUsage ?? 0) > 0)).toBe(true);
    const { peaks } = await readRecords(file('p.jsonl'));
    expect(peaks.map(({ step, running }) => [step, running])).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it('stops at its limits with what it has, and goes on where it stopped', async () => {
    const first = await calibrate('c.json', ['--max-requests', '6']);
    expect(first.code).toBe(5);
    expect(first.stdout).toContain('It ended early: 6 requests are sent');
    const again = await calibrate('c2.json', ['--records', file('c.jsonl')]);
    expect([again.code, again.stderr.includes('there is a file already')]).toEqual([2, true]);
    const resumed = await calibrate('c.json', ['--resume']);
    expect(resumed.code).toBe(0);
    const { records } = await readRecords(file('c.jsonl'));
    const whole = await readRecords(file('a.jsonl'));
    expect(records.map(({ ask }) => `${ask.step} ${ask.number}`).sort()).toEqual(
      whole.records.map(({ ask }) => `${ask.step} ${ask.number}`).sort(),
    );
  });

  it('says what is left of a run that is gone on with, and refuses another ladder for it', async () => {
    await calibrate('r.json', ['--max-requests', '6']);
    const words = ['calibrate', url, '--save', file('r.json'), '--resume', '--yes'];
    const other = await cliRun([...words, '--shapes', '64x8']);
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('another ladder')]);
    const seeded = await cliRun([...words, '--seed', '8']);
    expect([seeded.code, seeded.stderr]).toEqual([2, expect.stringContaining('another seed')]);
    const { code, stderr, stdout } = await cliRun([...words, '--json']);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/goes on after 6 requests: \d steps, up to \d+ requests/)]);
    expect(JSON.parse(stdout).server.map(({ agrees }: { agrees: boolean }) => agrees)).toEqual([true, true, true]);
    const { records } = await readRecords(file('r.jsonl'));
    expect(new Set(records.map(({ ask }) => `${ask.step} ${ask.number}`)).size).toBe(records.length);
    const sent = records.map(({ sentMs }) => sentMs);
    expect(sent.slice(6).every((ms) => ms >= Math.max(...records.slice(0, 6).map(({ endMs }) => endMs)) - 1)).toBe(true);
  });

  it('keeps its records from being replaced by anything else', async () => {
    await calibrate('k.json', ['--max-requests', '5']);
    const before = readFileSync(file('k.jsonl'), 'utf8');
    for (const words of [
      ['--save', file('k.jsonl'), '--records', file('k2.jsonl')],
      ['--save', file('k3.json'), '--out', file('k3.jsonl'), '--json'],
      ['--save', file('k4.json'), '--records', file('k4.json')],
      ['--save', file('k5.json'), '--out', file('k5.json'), '--json'],
      ['--save', file('nowhere/k6.json')],
    ])
      expect((await cliRun(['calibrate', url, ...LADDER, ...words])).code).toBe(2);
    expect(readFileSync(file('k.jsonl'), 'utf8')).toBe(before);
    expect([existsSync(file('k3.jsonl')), existsSync(file('k4.json')), existsSync(file('k5.json'))]).toEqual([false, false, false]);
  });

  it('never sends what could exceed the spending limit', async () => {
    const words = ['--max-usd', '0.001', '--tariff', 'genai-prices:moonshotai:kimi-k2.7-code'];
    const { code, stdout } = await calibrate('d.json', words);
    expect([0, 4, 5]).toContain(code);
    expect(stdout).toContain('another request could exceed');
    const unpriced = await calibrate('d2.json', ['--max-usd', '1']);
    expect([unpriced.code, unpriced.stderr]).toEqual([2, expect.stringContaining('--max-usd: no price is known')]);
  });

  it('holds the balance of a paid account against the tariff, and tells its limits', async () => {
    const paid = await served('12');
    const words = ['calibrate', paid, ...LADDER, '--tariff', 'genai-prices:moonshotai:kimi-k2.7-code', '--max-requests'];
    const { code, stdout } = await cliRun([...words, '20', '--save', file('paid.json'), '--json']);
    const answer = calibrateSchema.parse(JSON.parse(stdout));
    // Only with the last of 16 requests did more than a fifth fail.
    expect([code, answer.requests.sent, answer.stopped?.code]).toEqual([5, 16, 'error-rate']);
    expect(answer.bill?.chargedUsd).toBeCloseTo(1.1 * (answer.bill?.tariffUsd ?? 0), 9);
    expect(answer.bill?.tariffUsd).toBeCloseTo(answer.spentUsd ?? 0, 12);
    expect(answer.limits.stated).toEqual([{ what: 'requests', limit: 12, remaining: 0 }]);
    expect(answer.limits.refused).toMatchObject({ requests: 12 });
    expect(answer.requests.failed).toMatchObject({ 'rate-limited': answer.requests.sent - 12 });
    const { stdout: again } = await cliRun([...words, '2', '--save', file('paid2.json')]);
    expect(again).toContain('Its headers allow 12 requests; 0 were left at the least.');
  });

  it('warns of a tariff of another model before it begins, and with the answer', async () => {
    const words = ['--tariff', 'models.dev:anthropic:claude-fable-5', '--max-requests', '2', '--json'];
    const { stdout, stderr } = await calibrate('other.json', words);
    expect(stderr.indexOf('is of claude-fable-5, and the endpoint serves moonshotai/Kimi-K2.7-Code')).toBeGreaterThan(0);
    expect(JSON.parse(stdout).warnings).toContainEqual(expect.stringContaining('prices of another model'));
    const own = await calibrate('own.json', ['--tariff', 'genai-prices:moonshotai:kimi-k2.7-code', '--max-requests', '2', '--json']);
    expect(JSON.parse(own.stdout).warnings).toEqual([]);
  });

  it('refuses a calibration that it may not write before it asks anything', async () => {
    writeFileSync(file('mine.json'), '{"mine":1}');
    const { code, stderr } = await calibrate('mine.json');
    expect([code, stderr]).toEqual([2, expect.stringContaining('--save')]);
    expect(existsSync(file('mine.jsonl'))).toBe(false);
  });

  it('lets no key out', async () => {
    writeFileSync(file('key'), `${KEY}\n`, { mode: 0o600 });
    const { stdout, stderr } = await calibrate('e.json', ['--key-file', file('key'), '--debug']);
    const all = [stdout, stderr, ...['e.json', 'e.jsonl'].map((name) => readFileSync(file(name), 'utf8'))].join('\n');
    for (const form of [KEY, encodeURIComponent(KEY), 'verysecret']) expect(all).not.toContain(form);
    expect(stderr).toContain('POST ');
  });

  it('lets no key out that the endpoint says itself, in a name or in base64', async () => {
    const inBase64 = Buffer.from(KEY).toString('base64').replace(/=+$/, '');
    const echo = await served('100', `m-${KEY}-${inBase64}`);
    writeFileSync(file('key2'), `${KEY}\n`, { mode: 0o600 });
    const words = ['calibrate', echo, ...LADDER, '--key-file', file('key2'), '--save', file('echo.json')];
    const run = await cliRun([...words, '--json', '--max-requests', '6']);
    const again = await cliRun([...words, '--resume', '--debug']);
    const other = await cliRun([...words, '--serves', 'none', '--resume']);
    expect([run.code, again.code, other.code]).toEqual([5, 0, 4]);
    const files = ['echo.json', 'echo.jsonl'].map((name) => readFileSync(file(name), 'utf8'));
    const all = [run, again, other]
      .flatMap(({ stdout, stderr }) => [stdout, stderr])
      .concat(files)
      .join('\n');
    for (const form of ['verysecret', inBase64]) expect(all).not.toContain(form);
    expect(all).toContain('m-[key]-[key]');
  });

  it('talks in turns as an agent does', async () => {
    const { code } = await cliRun([
      'calibrate',
      url,
      '--shapes',
      'agentic',
      '--max-concurrency',
      '1',
      '--open',
      '0',
      '--max-requests',
      '9',
      '--yes',
      '--save',
      file('f.json'),
    ]);
    expect(code).toBe(5);
    const { records } = await readRecords(file('f.jsonl'));
    const inputs = records.slice(0, 8).map(({ usage }) => usage.inputTokens ?? 0);
    expect(inputs).toEqual([...inputs].sort((a, b) => a - b));
    expect(new Set(inputs).size).toBe(8);
  });

  it('asks which model it is where the endpoint calls it as no model is called, and tells a contradiction', async () => {
    const called = await served('100', 'Qwen/Qwen-Unheard-Of');
    const words = ['calibrate', called, ...LADDER, '--gpu', 'h200:8', '--tp', '8'];
    const asked = await cliRun([...words, '--save', file('q.json')]);
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringMatching(/--model: .*Qwen-Unheard-Of/)]);
    const other = await cliRun([
      ...words.map((word) => (word === called ? url : word)),
      '--model',
      'glm-5.1',
      '--save',
      file('q2.json'),
      '--json',
    ]);
    expect(JSON.parse(other.stdout).notes).toContainEqual(expect.stringContaining('serves kimi-k2.7-code, and glm-5.1 was stated'));
  });

  it('draws what it measured', async () => {
    const { code } = await cliRun(['calibrate', 'report', file('a.json'), '--chart', file('a.vl.json')]);
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(file('a.vl.json'), 'utf8'))).toMatchObject({ $schema: expect.stringContaining('vega-lite') });
  });

  it.each([
    [['calibrate', 'http://127.0.0.1:65000', '--yes'], 4, /127\.0\.0\.1:65000/],
    [['calibrate', 'URL', '--serves', 'other', '--yes'], 4, /does not offer this model.*Kimi/],
    [['calibrate', 'URL'], 2, /--yes: nobody can be asked/],
    [['calibrate', 'ftp://x', '--yes'], 2, /not the address of an endpoint/],
    [['calibrate', 'http://user:pass@x', '--yes'], 2, /must not hold credentials/],
    [['calibrate', 'URL', '--yes', '--key=sk-secret'], 2, /no such option \(got "--key"\)/],
    [['calibrate', 'URL', '--yes', '--shapes', '10'], 2, /--shapes: not a shape/],
    [['calibrate', 'URL', '--yes', '--shapes', '64x8,64x9,64x8'], 2, /--shapes: a shape is named twice \(got "64x8"\)/],
    [['calibrate', 'URL', '--yes', '--max-duration', '5'], 2, /--max-duration/],
    [['calibrate', 'URL', '--yes', '--key-env', 'NOT_SET_ANYWHERE'], 2, /NOT_SET_ANYWHERE: the environment variable is not set/],
    [['calibrate', 'URL', '--yes', '--key-env', 'sk-live-secret'], 2, /--key-env: it wants a name(?!.*sk-live)/],
    [['calibrate', 'URL', '--yes', '--key-file', 'sk-live-secret'], 2, /--key-file: it wants a name(?!.*sk-live)/],
    [['calibrate', 'URL', '--serves', 'm', '--emit', 'aiperf', '--key-env', 'gsk_secret'], 2, /--key-env: not the name(?!.*gsk_)/],
    [['calibrate', 'URL', '--yes', '--shapes', '64x8,agentic', '--protocol', 'completions'], 2, /--shapes: completions take a prompt/],
    [['calibrate', 'URL', '--yes', '--resume'], 2, /--resume: there are no records to go on with/],
    [['calibrate', 'URL', '--emit', 'vllm-bench'], 2, /--serves/],
    [['calibrate', 'report', '/nowhere.json'], 2, /nowhere\.json/],
  ] as const)('%j exits with %i', async (words, code, message) => {
    const run = await cliRun(
      words.map((word) => (word === 'URL' ? url : word)).concat(words[1] === 'report' ? [] : ['--save', file('z.json')]),
    );
    expect(run.stderr).toMatch(message);
    expect(run.code).toBe(code);
    expect(existsSync(file('z.json'))).toBe(false);
  });

  it('writes the ladder for load generators, whatever a model is called', async () => {
    for (const tool of ['vllm-bench', 'sglang-bench', 'guidellm', 'aiperf', 'k8s-job']) {
      const { code, stdout } = await cliRun([
        'calibrate',
        'http://gpu:8000',
        '--serves',
        "a'; touch /tmp/x; '",
        '--emit',
        tool,
        '--max-concurrency',
        '2',
      ]);
      expect(code).toBe(0);
      expect(stdout).not.toMatch(/[^']'; touch/);
    }
  });

  it('charges what was in flight when it was killed', async () => {
    const cli = fileURLToPath(new URL('../../dist/bin/kplan.js', import.meta.url));
    if (!existsSync(cli)) return;
    const words = ['calibrate', url, '--shapes', '64x600', '--max-concurrency', '2', '--open', '0', '--yes', '--save', file('kill.json')];
    const child = spawn(process.execPath, [cli, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const sentOfSecond = () =>
      existsSync(file('kill.jsonl')) ? readFileSync(file('kill.jsonl'), 'utf8').split('sent@1","ask":{"step":1,').length - 1 : 0;
    while (sentOfSecond() < 2 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(said).toContain('1/2');
    const { unanswered, records } = await readRecords(file('kill.jsonl'));
    expect(unanswered).toHaveLength(2);
    const { code, stderr } = await cliRun(['calibrate', url, '--save', file('kill.json'), '--resume', '--yes', '--max-requests', '8']);
    expect(code).toBe(5);
    expect(stderr).toContain(`goes on after ${records.length} requests and 2 whose answers were lost`);
    expect((await readRecords(file('kill.jsonl'))).records).toHaveLength(8 - 2);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends at the first %s while it asks what the endpoint is, without a file', async (signal, exit) => {
    const cli = fileURLToPath(new URL('../../dist/bin/kplan.js', import.meta.url));
    if (!existsSync(cli)) return;
    let asked: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const models = JSON.stringify({ object: 'list', data: [{ id: 'm' }] });
    const silent = createServer(({ url: page }, response) => {
      if (page === '/v1/models') response.end(models);
      else asked();
    });
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const child = spawn(process.execPath, [cli, 'calibrate', address, '--yes', '--save', file('probe.json')], { stdio: 'ignore' });
    await reached;
    child.kill(signal);
    const [code] = (await once(child, 'exit')) as [number];
    silent.closeAllConnections();
    silent.close();
    expect(code).toBe(exit);
    expect(existsSync(file('probe.jsonl'))).toBe(false);
  });

  it('drains at the first Ctrl-C and keeps what was measured', async () => {
    const cli = fileURLToPath(new URL('../../dist/bin/kplan.js', import.meta.url));
    if (!existsSync(cli)) return;
    const words = ['calibrate', url, '--shapes', '256x200', '--max-concurrency', '2', '--open', '0', '--yes', '--save', file('g.json')];
    const child = spawn(process.execPath, [cli, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('1/2') && !child.killed) child.kill('SIGINT');
    });
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(130);
    expect(said).toContain('what is in flight is waited for');
    expect((await readRecords(file('g.jsonl'))).records.length).toBeGreaterThanOrEqual(5);
  });
});
