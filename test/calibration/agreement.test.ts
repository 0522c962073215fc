import { describe, expect, it } from 'vitest';
import { agreements, uncompared } from '../../src/calibration/metrics/agreement.ts';
import type { MetricsBetween } from '../../src/calibration/metrics/serverMetrics.ts';
import { record } from '../support/requestRecords.ts';

const HALF_A_SECOND = { bounds: [0.05, 0.25, 0.5], cumulative: [0, 4, 4], sum: 0.6, count: 4 };
const BETWEEN: MetricsBetween = {
  prefixQueryTokens: 4000,
  prefixHitTokens: 1000,
  promptTokens: 4000,
  generatedTokens: 128,
  preemptions: 0,
  ttft: HALF_A_SECOND,
  itl: null,
  endToEnd: null,
  restarted: false,
  reuse: 0.25,
};
const records = [0, 0, 0, 1000].map((cachedTokens, number) => record({ cachedTokens, ask: { number } }));

describe('client and server', () => {
  it('agree on tokens, reuse and times', () => {
    expect(agreements(BETWEEN, records)).toEqual([
      { what: 'input tokens', client: 4000, clientUpTo: 4000, server: { low: 4000, high: 4000 }, agrees: true },
      { what: 'output tokens', client: 128, clientUpTo: 128, server: { low: 128, high: 128 }, agrees: true },
      { what: 'reuse', client: 0.25, clientUpTo: 0.25, server: { low: 0.25, high: 0.25 }, agrees: true },
      { what: 'median TTFT, ms', client: 100, clientUpTo: 100, server: { low: 50, high: 250 }, agrees: true },
    ]);
  });

  it('do not where someone else asked too, or the wait is elsewhere', () => {
    const busy = { ...BETWEEN, promptTokens: 9000, reuse: 0.6, ttft: { ...HALF_A_SECOND, cumulative: [4, 4, 4] } };
    expect(agreements(busy, records).map(({ agrees }) => agrees)).toEqual([false, true, false, false]);
  });

  it('are not compared in what one of them does not know', () => {
    expect(agreements({ ...BETWEEN, restarted: true, ttft: null }, records)).toEqual([]);
    expect(agreements(BETWEEN, [])).toEqual([]);
  });

  it('are compared with up to the worst case of failed requests, and that is said', () => {
    const reset = record({ failure: { code: 'reset', message: '' }, inputTokens: null, outputTokens: null });
    const all = [...records, reset, record({ failure: { code: 'rate-limited', message: '' } })];
    const of = (promptTokens: number, generatedTokens: number) => agreements({ ...BETWEEN, promptTokens, generatedTokens }, all);
    expect(of(4500, 140).map(({ what, client, clientUpTo, agrees }) => [what, client, clientUpTo, agrees])).toEqual([
      ['input tokens', 4000, 5344, true],
      ['output tokens', 128, 160, true],
      ['median TTFT, ms', 100, 100, true],
    ]);
    expect(of(5800, 100).map(({ agrees }) => agrees)).toEqual([false, false, true]);
    expect(uncompared(BETWEEN, all)).toEqual([expect.stringMatching(/^1 requests failed/)]);
    expect(uncompared(BETWEEN, records)).toEqual([]);
    const refused = record({ failure: { code: 'rate-limited', message: '' }, cachedTokens: null });
    expect(agreements(BETWEEN, [...records, refused])).toEqual(agreements(BETWEEN, records));
    expect(uncompared({ ...BETWEEN, restarted: true }, records)).toEqual([expect.stringContaining('began anew')]);
    expect(uncompared(BETWEEN, [...records, record({ outputTokens: null })])).toEqual([
      expect.stringContaining('1 answers state no usage'),
    ]);
  });
});
