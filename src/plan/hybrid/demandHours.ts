import type { DemandHours } from '../../cost/floor.ts';
import { Fault } from '../../faults/fault.ts';
import { checkNumber } from '../../units/number.ts';
import { SECONDS_PER_HOUR } from '../../units/time.ts';
import type { Workload } from '../../workload/workload.ts';
import type { Catalog } from '../catalog.ts';
import type { TrafficVolume } from '../hosting/trafficVolume.ts';

/** Demand in the hours of a month: one number for each hour that was seen, or the share of hours that stay below a rate of tokens. */
export type DemandProfile =
  | { readonly kind: 'hours'; readonly unit: 'tokens' | 'requests'; readonly counts: readonly number[] }
  | { readonly kind: 'quantiles'; readonly points: readonly { readonly share: number; readonly tokensPerSecond: number }[] };

/** Slices into which a quantile function is cut. */
const SLICES = 400;
/** Whose day is taken where a workload has none and nobody gives a profile. */
const DAY_OF = 'reasoning-r1';
const HOURS_PER_DAY = 24;

function ofHours(counts: readonly number[], perRequest: number, hoursPerMonth: number): DemandHours[] {
  if (counts.length < HOURS_PER_DAY)
    throw new Fault('missing', 'a profile takes a day or more', {
      where: '--hourly',
      value: `${counts.length} hours`,
      allowed: '24 hours or more',
    });
  return counts.map((count, hour) => ({
    hours: hoursPerMonth / counts.length,
    requestsPerHour: checkNumber(count, `--hourly: hour ${hour + 1}`, { min: 0, max: 1e18 }) / perRequest,
  }));
}

type Point = Extract<DemandProfile, { kind: 'quantiles' }>['points'][number];

function checkedPoints(points: readonly Point[]): readonly Point[] {
  for (const [at, { share, tokensPerSecond }] of points.entries()) {
    const before = points[at - 1];
    checkNumber(share, '--quantiles', { min: 0, max: 1 });
    checkNumber(tokensPerSecond, '--quantiles', { min: 0, max: 1e15 });
    if (before && (share <= before.share || tokensPerSecond < before.tokensPerSecond))
      throw new Fault('invalid', 'shares and rates must rise', {
        where: '--quantiles',
        value: `${share * 100}=${tokensPerSecond}`,
        allowed: 'such as 0=110k,50=222k,90=290k,100=327k',
      });
  }
  if (points.length < 2)
    throw new Fault('missing', 'a profile takes two quantiles or more', {
      where: '--quantiles',
      allowed: 'such as 0=110k,50=222k,100=327k',
    });
  return points;
}

/** Straight between the quantiles, held at the first and the last. */
function ofQuantiles(asked: readonly Point[], perRequest: number, hoursPerMonth: number): DemandHours[] {
  const points = checkedPoints(asked);
  const rateAt = (share: number): number => {
    const above = points.find((point) => point.share >= share) ?? (points.at(-1) as Point);
    const below = points.findLast((point) => point.share <= share) ?? (points[0] as Point);
    if (above === below) return above.tokensPerSecond;
    const way = (share - below.share) / (above.share - below.share);
    return below.tokensPerSecond + way * (above.tokensPerSecond - below.tokensPerSecond);
  };
  return Array.from({ length: SLICES }, (_, slice) => ({
    hours: hoursPerMonth / SLICES,
    requestsPerHour: (rateAt((slice + 0.5) / SLICES) * SECONDS_PER_HOUR) / perRequest,
  }));
}

/**
 * Requests in the hours of a month, of a profile that states them.
 *
 * @param tokensPerRequest of the mean request
 * @throws Fault `missing` for fewer than 24 hours or two quantiles, `invalid` for numbers that cannot be
 * @example profileHours({ kind: 'quantiles', points: [{ share: 0, tokensPerSecond: 1 }, { share: 1, tokensPerSecond: 3 }] }, 10, 730).length // 400
 */
export function profileHours(profile: DemandProfile, tokensPerRequest: number, hoursPerMonth: number): DemandHours[] {
  if (profile.kind === 'quantiles') return ofQuantiles(profile.points, tokensPerRequest, hoursPerMonth);
  return ofHours(profile.counts, profile.unit === 'tokens' ? tokensPerRequest : 1, hoursPerMonth);
}

/** Hours of a month with their requests, and whose day they follow: null where nobody's. */
export interface SpreadDemand {
  readonly demand: readonly DemandHours[];
  readonly dayOf: Workload | null;
}

/**
 * A month's requests over its hours by the day of the workload, or else of the preset that has one; users work in their hours, evenly.
 *
 * @param volume with requests of a month
 */
export function spreadDemand(volume: TrafficVolume, workload: Workload | null, { workloads }: Catalog): SpreadDemand {
  const { requestsPerMonth, trafficHours, hoursPerMonth, users } = volume;
  const all = requestsPerMonth ?? 0;
  if (users || trafficHours < hoursPerMonth) {
    const idle = hoursPerMonth - trafficHours;
    const busy = { hours: trafficHours, requestsPerHour: all / trafficHours };
    return { demand: idle > 0 ? [busy, { hours: idle, requestsPerHour: 0 }] : [busy], dayOf: null };
  }
  const dayOf = workload?.hours ? workload : (workloads.find(({ id }) => id === DAY_OF) ?? null);
  const factors = dayOf?.hours ?? Array<number>(HOURS_PER_DAY).fill(1);
  const mean = factors.reduce((sum, factor) => sum + factor, 0) / HOURS_PER_DAY;
  const hours = hoursPerMonth / HOURS_PER_DAY;
  return { demand: factors.map((factor) => ({ hours, requestsPerHour: ((all / hoursPerMonth) * factor) / mean })), dayOf };
}
