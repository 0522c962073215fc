import type { Ask } from '../../src/calibration/client/ask.ts';
import { realClock } from '../../src/calibration/client/clock.ts';
import type { Endpoint } from '../../src/calibration/client/endpoint.ts';
import { endpointUrl } from '../../src/calibration/client/endpointUrl.ts';
import { sendRequest } from '../../src/calibration/client/sendRequest.ts';
import type { Timeouts } from '../../src/calibration/client/timeouts.ts';

/** A key whose forms in a URL and in JSON differ from itself. */
export const KEY = 'sk-live/AbC+123"==';

/** A short question. */
export const ASK: Ask = {
  recorded: { step: 0, number: 1, shape: 'short', inputTokens: 7, maxOutputTokens: 2, sharedInput: 0, concurrency: 1, rate: null },
  intendedMs: 0,
  content: 'Say ab.',
};

export const LONG: Timeouts = { connectMs: 20_000, firstByteMs: 20_000, idleMs: 20_000, totalMs: 20_000 };

const NO_LAG = { start: () => () => 0, stop: () => undefined };

export function endpointAt(address: string, more: Partial<Endpoint> = {}): Endpoint {
  return { url: endpointUrl(address), protocol: 'openai', model: 'm', key: KEY, ...more };
}

/** Sends the short question to an address; everything traced comes with it. */
export async function asked(address: string, ways: Partial<Parameters<typeof sendRequest>[2]> = {}, endpoint: Partial<Endpoint> = {}) {
  const lines: string[] = [];
  const trace = (line: string) => lines.push(line);
  const sent = await sendRequest(endpointAt(address, endpoint), ASK, { clock: realClock, timeouts: LONG, lag: NO_LAG, trace, ...ways });
  return { ...sent, lines };
}
