import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { realClock } from '../../../src/calibration/client/clock.ts';
import { lagMeter } from '../../../src/calibration/client/lagMeter.ts';
import { ASK, asked, LONG } from '../../support/calibrationAsks.ts';
import { virtualClock } from '../../support/virtualClock.ts';

describe('the clock', () => {
  it('never wakes early, and at once when it is aborted', async () => {
    for (let n = 0; n < 20; n++) {
      const start = realClock.now();
      await realClock.sleep(1.7);
      expect(realClock.now() - start).toBeGreaterThanOrEqual(1.7);
    }
    await realClock.sleep(1e9, AbortSignal.timeout(5));
    await realClock.sleep(1e9, AbortSignal.abort());
  });

  it('waits longer than a timer of Node can', async () => {
    const stop = new AbortController();
    let over = false;
    const sleep = realClock.sleep(2 ** 33, stop.signal).then(() => {
      over = true;
    });
    await realClock.sleep(5);
    expect(over).toBe(false);
    stop.abort();
    await sleep;
  });
});

describe('the lag of the client', () => {
  const blocked = (ms: number) => {
    for (const until = performance.now() + ms; performance.now() < until; );
  };

  it('is what held the event loop while a request ran, for all that ran', async () => {
    const meter = lagMeter(realClock);
    const first = meter.start();
    const second = meter.start();
    await realClock.sleep(20);
    blocked(120);
    await realClock.sleep(20);
    expect(first()).toBeGreaterThan(50);
    expect(second()).toBeGreaterThan(50);
    meter.stop();
  });

  it('is kept by a request that outlasts the slice in which it happened', async () => {
    let now = 0;
    const meter = lagMeter({ now: () => now, sleep: realClock.sleep });
    const long = meter.start();
    await realClock.sleep(20);
    blocked(120);
    await realClock.sleep(20);
    now = 5000;
    const other = meter.start();
    expect(long()).toBeGreaterThan(50);
    expect(other()).toBeGreaterThanOrEqual(0);
    meter.stop();
  });
});

/** An answer whose pieces come at the times of a virtual clock. */
function slowly(clock: ReturnType<typeof virtualClock>, pieces: readonly (readonly [ms: number, text: string])[]): typeof fetch {
  return async (_url, { signal } = {}) => {
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        signal?.addEventListener('abort', () => controller.error(signal.reason));
        for (const [ms, text] of pieces) {
          await clock.sleep(ms);
          if (signal?.aborted) return;
          if (text !== '') controller.enqueue(Buffer.from(text));
        }
        controller.close();
      },
    });
    return new Response(body, { status: 200 });
  };
}

describe('a request on a virtual clock', () => {
  const chunk = (text: string, finish: string | null = null) =>
    `data: ${JSON.stringify({ choices: [{ delta: text === '' ? { role: 'assistant' } : { content: text }, finish_reason: finish }] })}\n\n`;
  const run = (pieces: readonly (readonly [number, string])[], timeouts = {}) => {
    const clock = virtualClock(1000);
    return clock.run(asked('http://gpu:1', { clock, fetch: slowly(clock, pieces), timeouts: { ...LONG, ...timeouts } }));
  };

  it('has exact times', async () => {
    const { record } = await run([
      [50, chunk('')],
      [150, chunk('a')],
      [25, ': ping\n\n'],
      [15, chunk('b', 'stop')],
      [10, 'data: [DONE]\n\n'],
      [100, ''],
    ]);
    expect(record).toMatchObject({
      intendedMs: ASK.intendedMs,
      sentMs: 1000,
      headersMs: 1000,
      firstByteMs: 1050,
      firstTokenMs: 1200,
      firstAnswerMs: 1200,
      lastTokenMs: 1240,
      endMs: 1250,
      failure: null,
    });
  });

  it.each<[code: string, pieces: readonly (readonly [number, string])[], timeouts: object, end: number, chunks: number]>([
    ['first-byte-timeout', [[101, chunk('a')]], { firstByteMs: 100 }, 1100, 0],
    [
      'idle-timeout',
      [
        [90, chunk('a')],
        [101, chunk('b')],
      ],
      { firstByteMs: 100, idleMs: 100 },
      1190,
      1,
    ],
    [
      'total-timeout',
      [
        [90, chunk('a')],
        [90, chunk('b')],
        [90, chunk('c')],
      ],
      { idleMs: 100, totalMs: 200 },
      1200,
      2,
    ],
  ])('%s passes to the millisecond', async (code, pieces, timeouts, end, chunks) => {
    const { record } = await run([...pieces, [1e6, '']], timeouts);
    expect(record.failure?.code).toBe(code);
    expect(record.endMs).toBe(end);
    expect(record.chunks).toHaveLength(chunks);
  });

  it('is not late by a keep-alive', async () => {
    const pings = Array.from({ length: 20 }, (): [number, string] => [90, ': ping\n\n']);
    const { record } = await run([...pings, [50, chunk('a', 'stop')]], { firstByteMs: 100, idleMs: 100 });
    expect(record).toMatchObject({ failure: null, firstByteMs: 1090, firstTokenMs: 2850 });
  });
});

describe('no connection', () => {
  it('is refused on a port where nobody listens, and says which host', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    const { record } = await asked(`http://127.0.0.1:${port}`);
    expect(record.failure).toEqual({ code: 'refused', message: `no connection: 127.0.0.1:${port} (ECONNREFUSED)` });
  });

  it('fails TLS where the server speaks none, and HTTP where it speaks neither', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('220 mail ready\r\n');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const tls = await asked(`https://127.0.0.1:${port}`);
    expect(tls.record.failure).toMatchObject({ code: 'refused', message: expect.stringContaining('TLS failed') });
    const http = await asked(`http://127.0.0.1:${port}`);
    expect(http.record.failure).toMatchObject({ code: 'malformed', message: expect.stringContaining('does not speak HTTP') });
    server.close();
  });

  it.each([
    ['ENOTFOUND', 'refused', 'the name is not known: gpu:1 (ENOTFOUND)'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'refused', 'TLS failed: gpu:1 (DEPTH_ZERO_SELF_SIGNED_CERT)'],
    ['CERT_HAS_EXPIRED', 'refused', 'TLS failed'],
    ['UND_ERR_CONNECT_TIMEOUT', 'connect-timeout', 'no connection to gpu:1'],
  ])('%s is %s', async (code, failure, message) => {
    const cause = Object.assign(new Error('it says Bearer sk-1'), { code });
    const fetch = () => Promise.reject(new TypeError('fetch failed', { cause }));
    const { record } = await asked('http://gpu:1', { fetch });
    expect(record.failure).toMatchObject({ code: failure, message: expect.stringContaining(message) });
  });
});
