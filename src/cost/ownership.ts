import type { BandFact } from '../evidence/source.ts';
import type { CostLine } from './purchase.ts';

/** What a machine costs to buy and draws. */
export interface Server {
  readonly id: string;
  readonly name: string;
  /** Catalog id of its GPU. */
  readonly gpu: string;
  readonly gpus: number;
  readonly capexUsd: BandFact;
  /** All that the machine draws at full load. */
  readonly kilowatts: BandFact;
  readonly date: string;
  readonly note: string;
}

/** Names of what owning a machine depends on beside its price; each has a band and a source. */
export const OWNERSHIP_INPUTS = [
  'lifeYears',
  'residualShare',
  'costOfCapital',
  'maintenanceShare',
  'pue',
  'usdPerKwh',
  'colocationUsdPerMonth',
  'networkUsdPerMonth',
] as const;

export type OwnershipInput = (typeof OWNERSHIP_INPUTS)[number];

/** What owning a machine costs beside its price: shares per year are of the price. */
export type OwnershipValues = Readonly<Record<OwnershipInput, number>>;

/** A named set of ownership inputs. */
export interface OwnershipPreset extends Readonly<Record<OwnershipInput, BandFact>> {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly note: string;
}

/** One machine as its cost is computed. */
export interface OwnedMachine extends OwnershipValues {
  readonly capexUsd: number;
  readonly kilowatts: number;
}

const MONTHS_PER_YEAR = 12;

/**
 * What one owned machine costs in a month, line by line:
 * depreciation `(capex - residual) / (life × 12)`, cost of capital `capex × rate / 12`, maintenance `capex × share / 12`,
 * energy `kW × PUE × hours × price`, colocation and network as stated.
 *
 * @param machine price, draw and ownership inputs; USD, kW, years, shares per year
 * @param hoursPerMonth hours in which it draws power: all of them
 * @returns USD per month; staff and ramp-up are not the machine's
 * @see redhat-performance/configiq PR 116 for the set of inputs
 * @example ownershipLines({ ...machine, capexUsd: 240_000, lifeYears: 4, residualShare: 0.2 }, 730)[0].usdPerMonth // 4_000
 */
export function ownershipLines(machine: OwnedMachine, hoursPerMonth: number): CostLine[] {
  const { capexUsd, lifeYears, residualShare, costOfCapital, maintenanceShare, kilowatts, pue, usdPerKwh } = machine;
  return [
    { code: 'depreciation', usdPerMonth: (capexUsd * (1 - residualShare)) / (lifeYears * MONTHS_PER_YEAR) },
    { code: 'cost-of-capital', usdPerMonth: (capexUsd * costOfCapital) / MONTHS_PER_YEAR },
    { code: 'maintenance', usdPerMonth: (capexUsd * maintenanceShare) / MONTHS_PER_YEAR },
    { code: 'energy', usdPerMonth: kilowatts * pue * hoursPerMonth * usdPerKwh },
    { code: 'colocation', usdPerMonth: machine.colocationUsdPerMonth },
    { code: 'network', usdPerMonth: machine.networkUsdPerMonth },
  ];
}

/** People who run a fleet. */
export interface Staffing {
  /** Full-time equivalents for eight GPUs. */
  readonly ftePerEightGpus: BandFact;
  readonly usdPerFteMonth: BandFact;
}

/**
 * People for one instance: `GPUs / 8 × full-time equivalents × their cost`.
 *
 * @returns USD per month
 * @example staffUsdPerMonth(8, 0.25, 18_000) // 4_500
 */
export function staffUsdPerMonth(gpusPerInstance: number, ftePerEightGpus: number, usdPerFteMonth: number): number {
  return (gpusPerInstance / 8) * ftePerEightGpus * usdPerFteMonth;
}

/**
 * Months in which instances are paid before traffic moves to them, spread over the months of their use.
 *
 * @param usdPerMonth of an instance without ramp-up
 * @returns USD per month
 * @example rampUpUsdPerMonth(36_000, 2, 36) // 2_000
 */
export function rampUpUsdPerMonth(usdPerMonth: number, rampMonths: number, spreadMonths: number): number {
  return (usdPerMonth * rampMonths) / spreadMonths;
}
