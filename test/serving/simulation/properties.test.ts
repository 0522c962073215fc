import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FleetSettings } from '../../../src/serving/simulation/fleetSettings.ts';
import type { Reuse } from '../../../src/serving/simulation/prefix.ts';
import type { Routing } from '../../../src/serving/simulation/router.ts';
import { simulate } from '../../../src/serving/simulation/simulate.ts';
import type { TrafficRequest } from '../../../src/workload/traffic.ts';
import { fleet, straightClock } from '../../support/fleets.ts';

const BLOCK = 4;

/** Requests whose blocks share beginnings, as prompts of one tree do. */
const traffic: fc.Arbitrary<TrafficRequest[]> = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 60 }),
      inputTokens: fc.integer({ min: 1, max: 40 }),
      outputTokens: fc.integer({ min: 1, max: 30 }),
      stem: fc.integer({ min: 0, max: 3 }),
      shared: fc.integer({ min: 0, max: 8 }),
      talks: fc.boolean(),
    }),
    { maxLength: 60 },
  )
  .map((drawn) => {
    let atMs = 0;
    return drawn.map(({ gap, inputTokens, outputTokens, stem, shared, talks }, index) => {
      atMs += gap;
      const blocks = Array.from({ length: Math.floor(inputTokens / BLOCK) }, (_, at) =>
        at < shared ? stem * 100 + at : 1000 + index * 100 + at,
      );
      return { atMs, inputTokens, outputTokens, blocks, conversation: talks ? `c${stem}` : null };
    });
  });

const reuses: fc.Arbitrary<Reuse> = fc.constantFrom<Reuse[]>(
  { kind: 'none' },
  { kind: 'share', share: 0.6 },
  { kind: 'blocks', blockTokens: BLOCK },
  { kind: 'conversation', blockTokens: BLOCK },
);

const routings: fc.Arbitrary<Routing> = fc.constantFrom<Routing[]>(
  { kind: 'round-robin' },
  { kind: 'least-loaded' },
  { kind: 'affinity', overloadTokens: 50, leastShare: 0.5 },
);

const fleets: fc.Arbitrary<FleetSettings> = fc
  .record({
    kvTokens: fc.integer({ min: 30, max: 200 }),
    maxSequences: fc.integer({ min: 1, max: 8 }),
    chunk: fc.integer({ min: 0, max: 30 }),
    tokensPerStep: fc.constantFrom(1, 1, 1.5, 3),
    replicas: fc.integer({ min: 1, max: 3 }),
    reuse: reuses,
    routing: routings,
    failures: fc.array(
      fc.record({
        replica: fc.constant(0),
        atMs: fc.integer({ min: 0, max: 1500 }),
        backAfterMs: fc.integer({ min: 0, max: 300 }),
      }),
      { maxLength: 2 },
    ),
  })
  .map(({ chunk, ...more }) =>
    fleet({
      ...more,
      batchTokens: more.maxSequences + chunk,
      clock: straightClock({ fixed: 0.005, sequence: 0.001, context: 1e-5, prefill: 2e-4, behind: 1e-6 }),
    }),
  );

describe('every fleet and traffic', () => {
  it('ends each request once, accounts for each input token, and never overfills the KV cache', () => {
    fc.assert(
      fc.property(fleets, traffic, (settings, requests) => {
        const { records, refused, prefillTokens, recomputedTokens, kvPeakTokens } = simulate(settings, requests);
        let [ended, prefilled] = [0, 0];
        for (const [at, { atMs, inputTokens, outputTokens }] of requests.entries()) {
          const end = records.endMs[at] as number;
          if (Number.isNaN(end)) continue;
          ended++;
          prefilled += records.prefilledTokens[at] as number;
          expect((records.reusedTokens[at] as number) + (records.prefilledTokens[at] as number)).toBe(inputTokens);
          expect(records.prefilledTokens[at]).toBeGreaterThan(0);
          expect(records.outputTokens[at]).toBe(outputTokens);
          expect(records.admittedMs[at]).toBeGreaterThanOrEqual(atMs);
          expect(records.firstTokenMs[at]).toBeGreaterThan(records.admittedMs[at] as number);
          expect(end).toBeGreaterThanOrEqual(records.firstTokenMs[at] as number);
        }
        expect(ended + refused).toBe(requests.length);
        expect(prefillTokens).toBe(prefilled + recomputedTokens);
        expect(kvPeakTokens).toBeLessThanOrEqual(settings.kvTokens);
      }),
      { numRuns: 500, seed: 11 },
    );
  });

  it('gives the same again, and the same where iterations are taken one by one', () => {
    fc.assert(
      fc.property(fleets, traffic, (settings, requests) => {
        const once = simulate(settings, requests);
        expect(simulate(settings, requests)).toEqual(once);
        const slow = simulate({ ...settings, clock: { ...settings.clock, affineInContext: false } }, requests);
        expect(slow.iterations).toBe(once.iterations);
        expect(slow.preemptions).toBe(once.preemptions);
        for (const [at, end] of once.records.endMs.entries()) if (!Number.isNaN(end)) expect(slow.records.endMs[at]).toBeCloseTo(end, 6);
      }),
      { numRuns: 200, seed: 12 },
    );
  });

  it('meets preemption, refusal, reuse and restarts on the way', () => {
    const seen = { preemptions: 0, refused: 0, reused: 0, restarts: 0, recomputed: 0 };
    fc.assert(
      fc.property(fleets, traffic, (settings, requests) => {
        const { records, ...counts } = simulate(settings, requests);
        seen.preemptions += counts.preemptions;
        seen.refused += counts.refused;
        seen.restarts += counts.restarts;
        seen.recomputed += counts.recomputedTokens;
        if (settings.reuse.kind !== 'share') for (const tokens of records.reusedTokens) seen.reused += tokens;
      }),
      { numRuns: 200, seed: 13 },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
  });
});
