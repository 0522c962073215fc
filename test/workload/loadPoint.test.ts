import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/faults/fault.ts';
import { apiReuse, demandOf, replicaReuse } from '../../src/workload/loadPoint.ts';
import type { Workload } from '../../src/workload/workload.ts';

const chat: Workload = {
  id: 'chat',
  name: 'chat',
  aliases: [],
  inputTokens: 12_035,
  outputTokens: 343,
  reuse: { low: 0.043, value: 0.3736, high: 0.3736 },
  reuseCurve: [
    { kvTokens: 500_000, reuse: 0.045 },
    { kvTokens: 1_500_000, reuse: 0.067 },
    { kvTokens: 5_000_000, reuse: 0.216 },
  ],
  reuseCurveRequestsPerSecond: null,
  requestsPerSecond: null,
  requestsPerUserHour: null,
  requestsPerTask: null,
  lengths: [{ share: 1, inputTokens: 12_035, outputTokens: 343 }],
  gapCv: null,
  hours: null,
  conversations: null,
  concurrencyPerUser: null,
  thinkingShare: null,
  trafficOf: null,
  note: '',
  licence: '',
  source: 'x',
};

describe('demandOf', () => {
  it('takes a preset, or counts, or a preset with counts replaced', () => {
    expect(demandOf(chat, {})).toMatchObject({ inputTokens: 12_035, outputTokens: 343, askedReuse: null });
    expect(demandOf(null, { inputTokens: 10, outputTokens: 2 })).toMatchObject({ askedReuse: 0 });
    expect(demandOf(chat, { outputTokens: 500, reuse: 0.5 })).toMatchObject({ inputTokens: 12_035, outputTokens: 500, askedReuse: 0.5 });
  });

  it.each([-1, 0, Number.NaN, Number.POSITIVE_INFINITY, Number('1e309')])('refuses %d tokens', (tokens) => {
    expect(() => demandOf(null, { inputTokens: tokens, outputTokens: 5 })).toThrow(Fault);
    expect(() => demandOf(chat, { outputTokens: tokens })).toThrow(Fault);
  });

  it.each([-0.01, 1.01, Number.NaN])('refuses a reuse of %d', (reuse) => {
    expect(() => demandOf(chat, { reuse })).toThrow(/--reuse/);
  });

  it('names what is missing', () => {
    expect(() => demandOf(null, { inputTokens: 5 })).toThrow(/missing --output-tokens/);
  });
});

describe('prefix reuse', () => {
  it('is ideal at the API and read from the curve at the KV tokens of a replica', () => {
    const demand = demandOf(chat, {});
    expect(apiReuse(demand)).toBe(0.3736);
    expect(replicaReuse(demand, 1_500_000)).toEqual({ low: 0.043, value: 0.067, high: 0.3736, basis: 'modelled' });
    const middle = Math.sqrt(500_000 * 1_500_000);
    expect(replicaReuse(demand, middle).value).toBeCloseTo((0.045 + 0.067) / 2, 12);
    expect(replicaReuse(demand, 10).value).toBe(0.045);
    expect(replicaReuse(demand, 1e12).value).toBe(0.216);
  });

  it('is the same on both sides where the user states it', () => {
    const demand = demandOf(chat, { reuse: 0.8 });
    expect([apiReuse(demand), replicaReuse(demand, 1)]).toEqual([0.8, { low: 0.8, value: 0.8, high: 0.8, basis: 'exact' }]);
  });

  it('never falls with more KV tokens and never exceeds the ideal', () => {
    const demand = demandOf(chat, {});
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 1e9 }), (a, b) => {
        const [small, large] = [Math.min(a, b), Math.max(a, b)].map((tokens) => replicaReuse(demand, tokens).value);
        expect(small).toBeLessThanOrEqual((large ?? 0) + 1e-15);
        expect(large).toBeLessThanOrEqual(0.3736);
      }),
    );
  });
});
