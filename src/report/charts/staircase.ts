import type { FleetLine } from '../../plan/hosting/fleetLine.ts';

/** A fleet with its measured or modelled capacity. */
export type MeasuredFleet = FleetLine & { readonly plannedTokensPerReplica: NonNullable<FleetLine['plannedTokensPerReplica']> };

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
    speeds: fleets.length === 1 && wide(({ plannedTokensPerReplica }) => plannedTokensPerReplica),
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
export function treadTokens({ plannedTokensPerReplica, replicasPerInstance }: MeasuredFleet, end: 'low' | 'value' | 'high'): number {
  return plannedTokensPerReplica[end] * Math.max(1, replicasPerInstance);
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
  const spare = fleet.spareReplicas / Math.max(1, fleet.replicasPerInstance);
  const edges = Object.values(treads).flatMap((tread) => {
    const stride = Math.ceil(lastTokens / tread / MOST_TREADS);
    const first = Math.floor(spare) + 1;
    const steps = Array.from({ length: Math.ceil(lastTokens / tread / stride) }, (_, index) => first + index * stride);
    return [0, ...steps.map((step) => (step - spare) * tread)];
  });
  const volumes = [...new Set(edges)].filter((volume) => volume < lastTokens).sort((a, b) => a - b);
  const purchases = (volume: number, tread: number) => Math.floor(volume / tread + spare + 1e-9) + 1;
  const cost = (volume: number, tread: number, end: 'low' | 'value' | 'high') =>
    fleet.fixedUsd + purchases(volume, tread) * riserUsd(fleet, end);
  const at = (volume: number, tokensPerMonth: number): StairPoint => ({
    tokensPerMonth,
    usd: cost(volume, treads.value, 'value'),
    rentLow: cost(volume, treads.value, 'low'),
    rentHigh: cost(volume, treads.value, 'high'),
    usdLow: cost(volume, treads.high, 'low'),
    usdHigh: cost(volume, treads.low, 'high'),
  });
  return [...volumes.map((volume) => at(volume, volume)), at(volumes.at(-1) ?? 0, lastTokens)];
}
