import type { CostCode, Purchase } from '../../cost/purchase.ts';
import type { FocusMeter } from './focusRow.ts';

const METERS: Readonly<Record<CostCode | 'one-off', string>> = {
  rent: 'GPU Hours',
  depreciation: 'Depreciation',
  'cost-of-capital': 'Cost of Capital',
  maintenance: 'Maintenance',
  energy: 'Energy and Cooling',
  colocation: 'Colocation',
  network: 'Network',
  staff: 'Staff',
  'ramp-up': 'Ramp-up, Spread',
  'one-off': 'Moving, Spread',
};

/** How a purchase is priced and billed. */
export function pricingOf(purchase: Purchase): Pick<FocusMeter, 'pricing' | 'frequency'> {
  if (purchase === 'spot') return { pricing: 'Dynamic', frequency: 'Usage-Based' };
  if (purchase === 'on-demand') return { pricing: 'Standard', frequency: 'Usage-Based' };
  return { pricing: purchase === 'owned' ? 'Other' : 'Committed', frequency: 'Recurring' };
}

/**
 * A line of what instances cost in a month.
 *
 * @param gpuHours of all instances in the hours that are paid for; null where nobody bills by them
 */
export function costMeter(
  code: CostCode | 'one-off',
  instances: number,
  gpuHours: number | null,
  usd: number,
  purchase: Purchase,
): FocusMeter {
  if (code === 'rent' && gpuHours !== null)
    return { meter: METERS.rent, ...pricingOf(purchase), quantity: gpuHours, unit: 'GPU-Hours', usd };
  return { meter: METERS[code], pricing: 'Other', frequency: 'Recurring', quantity: instances, unit: 'Instance-Months', usd };
}
