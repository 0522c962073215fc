import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realClock } from '../../../src/calibration/client/clock.ts';
import type { FailureCode } from '../../../src/calibration/client/record.ts';
import { recordSchema } from '../../../src/calibration/client/recordSchema.ts';
import { ttftOf } from '../../../src/calibration/client/timings.ts';
import { asked, KEY, LONG } from '../../support/calibrationAsks.ts';
import { type MisbehavingServer, misbehavingServer } from '../../support/misbehaving.ts';

let server: MisbehavingServer;
beforeAll(async () => {
  server = await misbehavingServer();
});
afterAll(() => server.stop());

/** Every form in which the key could stand in what was written. */
const LEAKS = [KEY, encodeURIComponent(KEY), JSON.stringify(KEY).slice(1, -1), 'AbC'];

async function failed(name: string, ways = {}) {
  const { record, lines, answer } = await asked(server.address(name), ways);
  const written = JSON.stringify({ record, lines });
  for (const leak of LEAKS) expect(written).not.toContain(leak);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not get through
  expect(lines.join('')).not.toMatch(/[\u0000-\u001f]/);
  expect(recordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
  if (record.failure === null) expect(ttftOf(record)).toBeGreaterThan(0);
  return { record, answer, code: record.failure?.code, message: record.failure?.message ?? '' };
}

describe('answers that are read', () => {
  it('makes a record of a good one', async () => {
    const { record, answer } = await failed('good');
    expect(record).toMatchObject({
      failure: null,
      status: 200,
      finishReason: 'stop',
      usage: { place: 'last-chunk', inputTokens: 7, outputTokens: 2 },
      chunks: [{ channel: 'content' }, { channel: 'content' }],
    });
    expect(record.oddities).toBeUndefined();
    expect(answer.content).toBe('ab');
    const { sentMs, headersMs, firstByteMs, firstTokenMs, lastTokenMs, endMs } = record;
    const times = [sentMs, headersMs, firstByteMs, firstTokenMs, lastTokenMs, endMs].map(Number);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it.each(['gzip', 'keeps-open', 'moved'])('reads %s', async (name) => {
    const { record, answer } = await failed(name);
    expect(record.failure).toBeNull();
    expect(answer.content).toBe('ab');
  });

  it('reads many at once under one signal, without a warning', async () => {
    const warnings: string[] = [];
    const note = ({ message }: Error) => warnings.push(message);
    process.on('warning', note);
    const { signal } = new AbortController();
    const sent = await Promise.all(Array.from({ length: 64 }, () => asked(server.address('good'), { signal })));
    const stop = new AbortController();
    const sleeps = Array.from({ length: 20 }, () => realClock.sleep(1e6, stop.signal));
    stop.abort();
    await Promise.all(sleeps);
    await new Promise(setImmediate);
    process.off('warning', note);
    expect(sent.map(({ record }) => record.failure)).toEqual(sent.map(() => null));
    expect(warnings).toEqual([]);
  });

  it('reads one without [DONE], and says so', async () => {
    const { record } = await failed('no-done');
    expect(record).toMatchObject({ failure: null, oddities: { doneMissing: true } });
  });

  it('flags bytes that are no UTF-8', async () => {
    const { record } = await failed('invalid-bytes');
    expect(record).toMatchObject({ failure: null, oddities: { invalidText: true, malformedFrames: 0 } });
  });
});

describe('faults of an endpoint', () => {
  it.each<[name: string, code: FailureCode, words: string]>([
    ['leak401', 'unauthorised', 'status 401: wrong key [key]'],
    ['leak403', 'unauthorised', 'status 403'],
    ['not-found', 'not-found', 'status 404: The model does not exist.'],
    ['422', 'bad-request', 'status 422: max_tokens'],
    ['500', 'server-error', 'status 500: Internal Server Error'],
    ['502', 'server-error', 'bad gateway'],
    ['503', 'server-error', 'status 503'],
    ['reset-at-once', 'reset', 'closed the connection before it answered'],
    ['no-finish', 'incomplete', 'without [DONE] or a finish reason'],
    ['empty', 'incomplete', 'without [DONE] or a finish reason'],
    ['malformed', 'malformed', '1 frames are no JSON: {"broken Bearer [key]'],
    ['error-frame', 'error-in-stream', 'CUDA out of memory'],
    ['error-event', 'error-in-stream', 'Overloaded'],
    ['error-reset', 'error-in-stream', 'engine died'],
    ['gzip-broken', 'malformed', 'compressed'],
    ['gzip-cut', 'incomplete', 'without [DONE]'],
    ['json', 'not-a-stream', 'in one piece'],
    ['html', 'not-a-stream', 'a page instead of a stream: <!doctype html><title>Log in'],
    ['no-content', 'not-a-stream', 'status 204'],
    ['endless', 'too-long', 'broken off after 36 tokens'],
    ['endless-counts', 'too-long', 'broken off after 100 tokens'],
    ['long-line', 'malformed', 'longer than'],
    ['other', 'redirected', '/good/v1/chat/completions, and'],
    ['https', 'redirected', 'redirects to https://127.0.0.1'],
    ['nowhere', 'redirected', 'redirects to nowhere'],
    ['see', 'redirected', 'with 303'],
    ['loop', 'redirected', 'after 3 redirects'],
  ])('%s is %s', async (name, code, words) => {
    const found = await failed(name);
    expect(found.code).toBe(code);
    expect(found.message).toContain(words);
  });

  it('reads an answer that only counts itself far too long', async () => {
    const { record } = await failed('counts-wrong');
    expect(record).toMatchObject({ failure: null, usage: { outputTokens: 9000 } });
  });

  it('goes on after a malformed frame, with a sample that holds no key', async () => {
    const { record, answer } = await failed('malformed');
    expect(answer.content).toBe('ab');
    expect(record.chunks).toHaveLength(2);
    expect(record.oddities).toMatchObject({ malformedFrames: 1, malformedSample: '{"broken Bearer [key]' });
  });

  it('shortens what a page says after the key is out of it', async () => {
    for (let before = 170; before < 210; before++) {
      const fetch = async () => new Response(`${'x'.repeat(before)}${KEY}`, { status: 401 });
      const { record } = await asked('http://gpu:1', { fetch });
      expect(record.failure?.message).not.toContain(KEY.slice(0, 3));
    }
  });

  it('keeps the tokens that came before a reset', async () => {
    const { record, code, answer } = await failed('reset');
    expect(code).toBe('reset');
    expect(record.chunks).toHaveLength(2);
    expect(answer.content).toBe('ab');
  });

  it('keeps the usage of an answer in one piece', async () => {
    const { record } = await failed('json');
    expect(record).toMatchObject({ usage: { place: 'body', inputTokens: 7, outputTokens: 2 }, firstTokenMs: null, finishReason: 'stop' });
  });

  it.each<[name: string, least: number | undefined, most: number]>([
    ['retry-seconds', 3000, 3000],
    ['retry-date', 20_000, 30_000],
    ['retry-ms', 250, 250],
    ['retry-absurd', 60_000, 60_000],
    ['retry-negative', undefined, 0],
    ['retry-none', undefined, 0],
  ])('does not try %s again, and says how long to wait', async (name, least, most) => {
    await server.seen();
    const { record, code } = await failed(name);
    expect(code).toBe('rate-limited');
    expect(await server.seen()).toHaveLength(1);
    if (least === undefined) expect(record.retryAfterMs).toBeUndefined();
    else {
      expect(record.retryAfterMs).toBeGreaterThanOrEqual(least);
      expect(record.retryAfterMs).toBeLessThanOrEqual(most);
    }
  });

  it.each<[name: string, code: FailureCode, timeouts: object]>([
    ['no-headers', 'connect-timeout', { connectMs: 40 }],
    ['no-byte', 'first-byte-timeout', { firstByteMs: 40 }],
    ['stall', 'idle-timeout', { idleMs: 40 }],
    ['trickle', 'total-timeout', { totalMs: 100 }],
  ])('%s ends with the %s', async (name, code, timeouts) => {
    const found = await failed(name, { timeouts: { ...LONG, ...timeouts } });
    expect(found.code).toBe(code);
    expect(found.record.chunks.length > 0).toBe(name === 'stall' || name === 'trickle');
  });

  it('keeps the tokens seen when the run is aborted, and sends nothing after', async () => {
    const run = new AbortController();
    const trace = (line: string) => {
      if (line.endsWith('first byte')) run.abort();
    };
    const { code, record } = await failed('stall', { signal: run.signal, trace });
    expect(code).toBe('aborted');
    expect(record.chunks).toHaveLength(1);
    await server.seen();
    expect((await failed('good', { signal: run.signal })).code).toBe('aborted');
    expect(await server.seen()).toEqual([]);
  });

  it('never carries the key to another host, nor within its own in the address', async () => {
    await server.seen();
    await failed('other');
    await failed('https');
    await failed('moved');
    const seen = await server.seen();
    expect(seen.map(({ path }) => path.split('/')[1])).toEqual(['other', 'https', 'moved', 'good']);
    for (const { host, path, authorization } of seen) {
      expect(host).toMatch(/^127\.0\.0\.1:/);
      expect(path).not.toContain('key');
      expect(authorization).toBe(`Bearer ${KEY}`);
    }
    expect(seen[3]).toMatchObject({ method: 'POST', body: seen[2]?.body });
  });
});
