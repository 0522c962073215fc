import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { breakEven } from '../../src/plan/breakEven/breakEven.ts';
import { cost } from '../../src/plan/cost/cost.ts';
import { fleetsOf } from '../../src/plan/hosting/fleets.ts';
import { activeAtOnce } from '../../src/plan/hosting/trafficVolume.ts';
import { reuse } from '../../src/plan/reuse/reuse.ts';
import { fleetSize, inFleets } from '../../src/plan/size/fleetSize.ts';
import { size } from '../../src/plan/size/size.ts';
import { hostingPart, resolveSizeQuery, type SizeQuery } from '../../src/plan/size/sizeQuestion.ts';

const catalog = loadCatalog();

/** Fleets of a question of `size`, with what they are counted from. */
function sizesOf(query: SizeQuery) {
  const question = resolveSizeQuery(query, catalog);
  const { sides, knowledge } = fleetsOf(hostingPart(query), question.hosting, catalog);
  return sides.map((side) => ({ question, size: fleetSize(side, question, knowledge), inFleet: inFleets(side, question, knowledge) }));
}

const WORKING_DAYS = { activeHours: 88, hoursPerDay: 8 };
const SHARE =
  activeAtOnce({ requestsPerMonth: 0, users: { count: 1, requestsPerHour: 1, activeHours: 88 }, hoursPerMonth: 730, trafficHours: 176 }) ??
  1;

const CASES = [
  { gpu: ['h200'], workload: 'agentic-coding' },
  { gpu: ['h200'], workload: 'agentic-coding', dcp: 8 },
  { gpu: ['h200'], workload: 'agentic-coding', maxTpotMs: 30 },
  { gpu: ['b200'], workload: 'agentic-coding', kvCacheDtype: 'fp8' },
  { gpu: ['h200'], workload: 'agentic-coding', reuse: 0.8 },
] as const;

describe('a fleet of one size', () => {
  it('is the smallest that carries the load with what each of its replicas finds in a fleet of that size', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('agentic-coding', 'kimi-chat', 'cline', 'azure-chat'),
        fc.constantFrom('h200', 'b200', 'a100', 'mi355x'),
        fc.double({ min: 0.02, max: 60, noNaN: true }),
        fc.constantFrom(1, 0.75, 0.3),
        fc.constantFrom(undefined, 40, 100),
        (workload, gpu, requestsPerSecond, maxLoad, maxTpotMs) => {
          const query = { gpu: [gpu], workload, requestsPerSecond, maxLoad, ...(maxTpotMs === undefined ? {} : { maxTpotMs }) };
          for (const { size: found, inFleet } of sizesOf(query)) {
            const carries = (replicas: number) =>
              (inFleet(replicas)?.rate.requestsPerSecond ?? 0) * maxLoad * replicas >= requestsPerSecond * (1 - 1e-9);
            if (!found) expect(carries(1e6)).toBe(false);
            else {
              expect(carries(found.replicas.value)).toBe(true);
              for (const fewer of [1, 2, 5].map((less) => found.replicas.value - less)) if (fewer > 0) expect(carries(fewer)).toBe(false);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('cost, breakeven, reuse and size', () => {
  it.each(CASES)('plan the same replica, and the same fleet for the same hour: %j', (asked) => {
    for (const [users, maxLoad] of [
      [7, 1],
      [200, 1],
      [200, 0.75],
      [1500, 0.6],
    ] as const) {
      const query = { ...asked, gpu: [...asked.gpu], users, maxLoad, purchases: ['on-demand'] as const };
      const month = cost({ ...query, ...WORKING_DAYS }, catalog);
      const hour = size({ ...query, activeShare: SHARE }, catalog);
      const [own] = month.rows.filter(({ kind }) => kind === 'own');
      const [fleet] = hour.fleets;
      expect(own?.replicas).toBe(fleet?.replicas.value);
      expect(own?.instances).toBe(fleet?.rows[0]?.instances);
      expect(fleet?.requestsPerSecondPerReplica).toEqual(month.fleets[0]?.requestsPerSecond);
      expect(fleet?.fleet.requestsPerSecond).toEqual(month.fleets[0]?.requestsPerSecond);
      expect(own?.usdPerMonth.value).toBeCloseTo(fleet?.rows[0]?.usdPerMonth.value ?? 0, 1);
      const [offer] = breakEven({ ...query, terms: false }, catalog).offers;
      expect(offer?.requestsPerSecond).toEqual(month.fleets[0]?.requestsPerSecond);
    }
  });

  it('find what a replica finds that is planned for its rate, whatever the volume', () => {
    const query = { gpu: ['h200'], workload: 'kimi-chat' };
    const [way] = reuse(query, catalog).ways;
    for (const tokensPerMonth of [1e9, 1e12])
      expect(breakEven({ ...query, tokensPerMonth, terms: false }, catalog).offers[0]?.reuse).toEqual(way?.reuse);
  });

  it('say which share of the users is active at once, and what they leave out', () => {
    const of = (assumptions: readonly { code: string; text: string }[], code: string) =>
      assumptions.find((each) => each.code === code)?.text;
    const query = { gpu: ['h200'], workload: 'agentic-coding', users: 200 };
    expect(of(cost(query, catalog).assumptions, 'active-share')).toContain('50 % of them at once');
    expect(of(size(query, catalog).assumptions, 'busiest-hour')).toContain('50 % at once');
    expect(of(cost(query, catalog).assumptions, 'not-counted-in-flight-h200_sxm_owned')).toContain('up to 91 % of the KV cache');
    expect(of(cost({ ...query, reuse: 0.8 }, catalog).assumptions, 'not-counted-in-flight-h200_sxm_owned')).toBeUndefined();
    expect(of(cost(query, catalog).assumptions, 'replica-h200_sxm_owned')).toContain('requests/s that it is planned for');
  });
});
