/** How the instances of a fleet are paid for. */
export type Purchase = 'on-demand' | 'spot' | 'reserved' | 'reserved-1y' | 'reserved-3y' | 'owned';

export const PURCHASES: readonly Purchase[] = ['on-demand', 'spot', 'reserved-1y', 'reserved-3y', 'reserved', 'owned'];

/** What is paid for an instance, line by line. */
export const COST_CODES = [
  'rent',
  'depreciation',
  'cost-of-capital',
  'maintenance',
  'energy',
  'colocation',
  'network',
  'staff',
  'ramp-up',
] as const;

export type CostCode = (typeof COST_CODES)[number];

/** A part of the monthly cost of one instance. */
export interface CostLine {
  readonly code: CostCode;
  readonly usdPerMonth: number;
}

/**
 * fully-loaded: everything that hosting costs. incremental: what is paid on top where machines and people are there already, so
 * without capital, staff and ramp-up.
 */
export type Lens = 'fully-loaded' | 'incremental';

/** Paid whether the model is hosted or not, once machines and people are there. */
const SUNK: ReadonlySet<CostCode> = new Set(['depreciation', 'cost-of-capital', 'staff', 'ramp-up']);

/** Whether a line counts under a lens. */
export function counts(code: CostCode, lens: Lens): boolean {
  return lens === 'fully-loaded' || !SUNK.has(code);
}

/**
 * The sum of the lines that count under a lens.
 *
 * @returns USD per instance and month
 * @example instanceCost([{ code: 'rent', usdPerMonth: 20_000 }, { code: 'staff', usdPerMonth: 4_500 }], 'incremental') // 20_000
 */
export function instanceCost(lines: readonly CostLine[], lens: Lens): number {
  return lines.reduce((sum, { code, usdPerMonth }) => (counts(code, lens) ? sum + usdPerMonth : sum), 0);
}
