import type { Command } from 'commander';
import { valueOption } from './options.ts';

/** The words about the months to come. */
export interface TimeWords {
  readonly months?: string;
  readonly start?: string;
  readonly apiTrend?: string;
  readonly rentTrend?: string;
  readonly demandTrend?: string;
  readonly commitment?: string;
  readonly discount?: string;
  readonly wait?: string;
  readonly depreciation?: string;
  readonly taxRate?: string;
}

/** Declares the options about the months to come. */
export function timeOptions(command: Command): void {
  command.optionsGroup('Months to come:');
  for (const [flag, description] of [
    ['--months <n>', 'plan so many months: cash flow, present value, internal rate, payback, waiting (default with the others: 36)'],
    ['--start <month>', 'first month, YYYY-MM (default: the one after --as-of)'],
    ['--api-trend <trend>', 'how API prices change: -20%/year, -30..0%/year, 2027-01:-10%, constant, or an id of `kplan data trends`'],
    ['--rent-trend <trend>', 'how rents and prices of machines change, likewise'],
    ['--demand-trend <trend>', 'how the volume changes: 30%/year, ramp 6 months, s-ramp 6 months from 20%'],
    ['--commitment <months>', 'months for which rented instances are bound (default: by the kind of purchase)'],
    ['--discount <share>', 'cost of capital a year, by which later money counts less (default: of the ownership inputs)'],
    ['--wait <months>', 'waits to hold against hosting now, with commas between (default: 6)'],
    ['--depreciation <name>', 'tax schedule of `kplan data depreciation`, with --tax-rate'],
    ['--tax-rate <share>', 'taxes on profit, with --depreciation'],
  ] as const)
    valueOption(command, flag, description);
}
