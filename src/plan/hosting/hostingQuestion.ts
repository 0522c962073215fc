import { OWNERSHIP_INPUTS } from '../../cost/ownership.ts';
import type { Lens, Purchase } from '../../cost/purchase.ts';
import type { DaySpan } from '../../cost/tariff.ts';
import type { Estimate } from '../../evidence/estimate.ts';
import { Fault } from '../../faults/fault.ts';
import type { Measurement } from '../../throughput/measurement.ts';
import { checkNumber } from '../../units/number.ts';
import { parseDate } from '../../units/time.ts';
import type { Demand } from '../../workload/loadPoint.ts';
import type { Catalog } from '../catalog.ts';
import { type DemandQuery, resolveDemand } from '../demand.ts';
import { type FitQuery, type FitQuestion, resolveFitQuery } from '../fit/question.ts';
import { CERTAIN, type Uncertainty } from '../outlook/uncertainty.ts';
import { type OwnershipQuery, type OwnershipRules, resolveOwnership } from './ownershipRules.ts';
import { type TrafficVolume, trafficVolume, type VolumeQuery } from './trafficVolume.ts';

/** What is hosted and where, as in `fit`, for whom, and under which rules of planning. */
export interface HostingQuery
  extends Omit<FitQuery, 'contextTokens' | 'sequences' | 'dp' | 'terms' | 'rules'>,
    DemandQuery,
    VolumeQuery,
    OwnershipQuery {
  /** What the user calls the question. */
  readonly name?: string;
  /** Ids of offers, which price their GPUs; the others have the median of recent offers. */
  readonly offers?: readonly string[];
  /** How instances are paid for; on demand where nothing is asked. */
  readonly purchases?: readonly Purchase[];
  /** The provider of rented instances. */
  readonly provider?: string;
  readonly region?: string;
  /** Ids of tariffs; the vendor's list price and the cheapest host where none are asked. */
  readonly tariffs?: readonly string[];
  /** What a GPU costs to rent an hour, instead of offers. */
  readonly usdPerGpuHour?: number;
  /** What the user is not sure of; the fields hold the medians. */
  readonly uncertainty?: Uncertainty;
  /** Processed tokens per second of one replica, instead of measurements. */
  readonly tokensPerSecond?: number | Pick<Estimate, 'low' | 'value' | 'high'>;
  /** Longest time between two tokens of one sequence, milliseconds; no limit where none is asked. */
  readonly maxTpotMs?: number;
  /** Share of the capacity that is planned to be used, above 0 and at most 1. */
  readonly maxLoad?: number;
  /** Replicas kept beside those that carry the load: 1 is N+1. */
  readonly spareReplicas?: number;
  /** Whether instances on demand or spot are given back in the hours without traffic. */
  readonly stopIdle?: boolean;
  readonly lens?: Lens;
  /** Share of the fresh input that is written to the API's cache; 1 where the cache is read at all, else 0. */
  readonly cacheWriteShare?: number;
  /** ISO day; prices and measurements later than it do not exist. The catalog's day where none is asked. */
  readonly asOf?: string;
  /** Measurements of the user's own: preferred over shipped ones. */
  readonly ownMeasurements?: readonly Measurement[];
  /** Whether to derive every number; false saves the time. */
  readonly terms?: boolean;
}

/** A question about hosting with names resolved, defaults filled and numbers checked. */
export interface HostingQuestion {
  readonly fit: FitQuestion;
  readonly demand: Demand;
  readonly contextTokens: number;
  readonly volume: TrafficVolume;
  readonly ownership: OwnershipRules;
  readonly purchases: readonly Purchase[];
  readonly provider: string | undefined;
  readonly region: string | undefined;
  readonly usdPerGpuHour: number | null;
  readonly uncertainty: Uncertainty;
  readonly tokensPerSecond: Estimate | null;
  readonly maxTpotMs: number | null;
  readonly maxLoad: number;
  readonly spareReplicas: number;
  readonly stopIdle: boolean;
  readonly lens: Lens;
  readonly trafficUtc: readonly DaySpan[] | undefined;
  readonly cacheWriteShare: number | null;
  readonly asOf: string;
}

function speedOf(asked: HostingQuery['tokensPerSecond']): Estimate | null {
  if (asked === undefined) return null;
  const { low, value, high } = typeof asked === 'number' ? { low: asked, value: asked, high: asked } : asked;
  for (const speed of [low, value, high]) checkNumber(speed, '--tokens-per-second', { above: 0, max: 1e12 });
  if (low > value || value > high) {
    throw new Fault('invalid', 'a band rises from low to high', {
      where: '--tokens-per-second',
      value: `${low}..${value}..${high}`,
      allowed: 'low <= value <= high',
    });
  }
  return { low, value, high, basis: 'assumed' };
}

/** A rent that the user states replaces those of offers. */
function rentOf({ usdPerGpuHour, offers }: HostingQuery): number | null {
  if (usdPerGpuHour === undefined) return null;
  if (offers && offers.length > 0)
    throw new Fault('contradiction', 'the rent is said twice', { where: '--rent', value: usdPerGpuHour, allowed: 'without --offer' });
  return checkNumber(usdPerGpuHour, '--rent', { above: 0, max: 1e6 });
}

/** How instances are paid for; inputs of owning want machines that are owned. */
function purchasesOf(query: HostingQuery): readonly Purchase[] {
  const purchases = [...new Set<Purchase>(query.purchases ?? ['on-demand'])];
  const owning = [...OWNERSHIP_INPUTS, 'capexUsd', 'kilowatts', 'ownership'] as const;
  const stray = owning.find((name) => query[name] !== undefined);
  if (stray === undefined || purchases.includes('owned')) return purchases;
  throw new Fault('contradiction', 'no machines are owned', {
    where: `--purchase`,
    value: purchases.join(),
    allowed: `with owned, because inputs of owning are given (${stray})`,
  });
}

/**
 * Resolves names, fills defaults and refuses what cannot be meant.
 *
 * @throws Fault naming the option, the value, what is allowed and the nearest names
 */
export function resolveHostingQuery(query: HostingQuery, catalog: Catalog): HostingQuestion {
  const { demand, contextTokens } = resolveDemand(query, catalog);
  const share = (value: number | undefined, where: string) => (value === undefined ? null : checkNumber(value, where, { min: 0, max: 1 }));
  return {
    fit: resolveFitQuery({ ...query, contextTokens, sequences: 1 }, catalog),
    demand,
    contextTokens,
    volume: trafficVolume(query, demand, catalog.planning),
    ownership: resolveOwnership(query, catalog),
    purchases: purchasesOf(query),
    provider: query.provider,
    region: query.region,
    usdPerGpuHour: rentOf(query),
    uncertainty: query.uncertainty ?? CERTAIN,
    tokensPerSecond: speedOf(query.tokensPerSecond),
    maxTpotMs: query.maxTpotMs === undefined ? null : checkNumber(query.maxTpotMs, '--max-tpot', { above: 0, max: 1e6 }),
    maxLoad: checkNumber(query.maxLoad ?? 1, '--max-load', { above: 0, max: 1 }),
    spareReplicas: checkNumber(query.spareReplicas ?? 0, '--spare', { min: 0, max: 1000, integer: true }),
    stopIdle: query.stopIdle ?? false,
    lens: query.lens ?? 'fully-loaded',
    trafficUtc: query.trafficUtc,
    cacheWriteShare: share(query.cacheWriteShare, '--cache-write-share'),
    asOf: parseDate(query.asOf ?? catalog.date, '--as-of'),
  };
}
