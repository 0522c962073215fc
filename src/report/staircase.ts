import type { FleetLine } from '../plan/breakEven/breakEvenAnswer.ts';

/** A fleet with its measured or modelled capacity. */
export type MeasuredFleet = FleetLine & { readonly tokensPerMonthPerReplica: NonNullable<FleetLine['tokensPerMonthPerReplica']> };

/** The bands of the staircases that are drawn as shades. */
export interface Shades {
  readonly rents: boolean;
  readonly speeds: boolean;
}

/** The shades of some fleets: bands that have a width, and of several fleets the rents alone, so that they can be told apart. */
export function shadesOf(fleets: readonly MeasuredFleet[]): Shades {
  const wide = (band: (fleet: MeasuredFleet) => { readonly low: number; readonly high: number }) =>
    fleets.some((fleet) => band(fleet).low < band(fleet).high);
  return {
    rents: wide(({ usdPerInstanceMonth }) => usdPerInstanceMonth),
    speeds: fleets.length === 1 && wide(({ tokensPerMonthPerReplica }) => tokensPerMonthPerReplica),
  };
}

/** Monthly cost from one volume on, until the next point of the staircase. */
export interface StairPoint {
  readonly tokensPerMonth: number;
  readonly usd: number;
  /** Cheapest and dearest instances at the middle speed. */
  readonly rentLow: number;
  readonly rentHigh: number;
  /** Cheapest instances and fastest replicas. */
  readonly usdLow: number;
  /** Dearest instances and slowest replicas. */
  readonly usdHigh: number;
}

/** Most treads drawn of one edge; of more, only every nth is drawn, which no eye can tell. */
const MOST_TREADS = 400;

/** Tokens a month that fit on one more purchase, at the low, middle or high speed. */
export function treadTokens({ tokensPerMonthPerReplica, replicasPerInstance }: MeasuredFleet, end: 'low' | 'value' | 'high'): number {
  return tokensPerMonthPerReplica[end] * Math.max(1, replicasPerInstance);
}

/** What one more purchase costs a month, at the low, middle or high price. */
export function riserUsd({ usdPerInstanceMonth, instancesPerReplica }: MeasuredFleet, end: 'low' | 'value' | 'high'): number {
  return usdPerInstanceMonth[end] * Math.max(1, instancesPerReplica);
}

/**
 * The cost of whole instances over volume, from nothing to a last volume: points to be joined as a step that holds its value
 * until the next point.
 *
 * @param fleet a fleet whose capacity is known
 * @param lastTokens where the drawing ends, tokens a month
 * @returns points in rising order; the last one repeats the cost at the end of the drawing
 */
export function staircase(fleet: MeasuredFleet, lastTokens: number): StairPoint[] {
  const treads = { low: treadTokens(fleet, 'low'), value: treadTokens(fleet, 'value'), high: treadTokens(fleet, 'high') };
  const edges = Object.values(treads).flatMap((tread) => {
    const stride = tread * Math.ceil(lastTokens / tread / MOST_TREADS);
    return Array.from({ length: Math.ceil(lastTokens / stride) }, (_, index) => index * stride);
  });
  const volumes = [...new Set(edges)].filter((volume) => volume < lastTokens).sort((a, b) => a - b);
  const purchases = (volume: number, tread: number) => Math.floor(volume / tread + 1e-9) + 1;
  const at = (volume: number, tokensPerMonth: number): StairPoint => ({
    tokensPerMonth,
    usd: purchases(volume, treads.value) * riserUsd(fleet, 'value'),
    rentLow: purchases(volume, treads.value) * riserUsd(fleet, 'low'),
    rentHigh: purchases(volume, treads.value) * riserUsd(fleet, 'high'),
    usdLow: purchases(volume, treads.high) * riserUsd(fleet, 'low'),
    usdHigh: purchases(volume, treads.low) * riserUsd(fleet, 'high'),
  });
  return [...volumes.map((volume) => at(volume, volume)), at(volumes.at(-1) ?? 0, lastTokens)];
}
