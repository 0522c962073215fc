import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realClock } from '../../../src/calibration/client/clock.ts';
import { readPage } from '../../../src/calibration/client/readPage.ts';
import { endpointAt, KEY, LONG } from '../../support/calibrationAsks.ts';
import { type MisbehavingServer, misbehavingServer } from '../../support/misbehaving.ts';

let server: MisbehavingServer;
beforeAll(async () => {
  server = await misbehavingServer();
});
afterAll(() => server.stop());

const page = (name: string, ways = {}) => {
  const lines: string[] = [];
  const trace = (line: string) => lines.push(line);
  return readPage(endpointAt(server.address(name)), 'metrics', { clock: realClock, timeouts: LONG, trace, ...ways }).then((read) => ({
    ...read,
    lines,
  }));
};

describe('a page of an endpoint', () => {
  it('is its text', async () => {
    expect(await page('page')).toMatchObject({ status: 200, text: 'vllm:num_requests_running 1\n', failure: null });
  });

  it.each([
    ['not-found', 'not-found', {}],
    ['leak401', 'unauthorised', {}],
    ['other', 'redirected', {}],
    ['no-headers', 'connect-timeout', { timeouts: { ...LONG, connectMs: 30 } }],
    ['no-byte', 'first-byte-timeout', { timeouts: { ...LONG, firstByteMs: 30 } }],
    ['reset', 'reset', {}],
  ])('%s is %s', async (name, code, ways) => {
    const { failure, lines } = await page(name, ways);
    expect(failure?.code).toBe(code);
    expect(JSON.stringify({ failure, lines })).not.toContain(KEY.slice(0, 8));
  });
});
