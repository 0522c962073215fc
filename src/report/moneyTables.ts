import type { CostCode } from '../cost/purchase.ts';
import type { FleetLine } from '../plan/hosting/fleetLine.ts';
import { centsOf, formatCents, toCents } from '../units/money.ts';
import { fleetLineName } from './breakEvenTables.ts';
import type { Column, Table } from './table.ts';

/** Parts of the cost of an instance in words. */
export const COST_WORDS: Readonly<Record<CostCode, string>> = {
  rent: 'rent',
  depreciation: 'depreciation',
  'cost-of-capital': 'cost of capital',
  maintenance: 'maintenance',
  energy: 'energy',
  colocation: 'colocation',
  network: 'network',
  staff: 'staff',
  'ramp-up': 'ramp-up',
};

const ORDER = Object.keys(COST_WORDS) as CostCode[];

/** A column of amounts that are added up. */
export function centsColumn(title: string, unit = 'USD/month'): Column {
  return { title, unit, align: 'right', format: formatCents };
}

/** What one instance costs in a month, line by line to the cent; lines that the lens leaves out stand below. */
export function instanceCostTable(fleets: readonly FleetLine[]): Table {
  const used = ORDER.filter((code) =>
    fleets.some(({ costs }) => costs.some((line) => line.code === code && line.counted && line.usdPerMonth > 0)),
  );
  const rows = fleets.map((fleet) => {
    const lines = used.map((code) => fleet.costs.find((line) => line.code === code && line.counted)?.usdPerMonth ?? 0);
    const cents = centsOf(lines);
    const left = fleet.costs.filter(({ counted, usdPerMonth }) => !counted && usdPerMonth > 0);
    return {
      cells: [fleetLineName(fleet), ...cents.map((usd) => (usd === 0 ? null : usd)), toCents(lines.reduce((sum, usd) => sum + usd, 0))],
      ...(left.length === 0
        ? {}
        : {
            note: `Not counted under this lens: ${left.map(({ code, usdPerMonth }) => `${COST_WORDS[code]} ${formatCents(usdPerMonth)}`).join(', ')}.`,
          }),
    };
  });
  return { columns: [{ title: 'one instance' }, ...used.map((code) => centsColumn(COST_WORDS[code])), centsColumn('together')], rows };
}
