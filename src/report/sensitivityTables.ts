import type { BreakEvenAnswer } from '../plan/breakEven/breakEvenAnswer.ts';
import type { Sensitivity, SensitivityRow } from '../plan/breakEven/sensitivityAnswer.ts';
import { formatPrice, formatUsd } from '../units/money.ts';
import { formatTokens } from '../units/tokens.ts';
import { namesOf } from './breakEvenTables.ts';
import { formatShare } from './format.ts';
import { rightColumn, type Table } from './table.ts';

/** What an answer depends on, in words. */
export const SENSITIVITY_WORDS = {
  'instance-price': 'price of an instance',
  capacity: 'capacity of a replica',
  'api-price': 'API price',
  volume: 'volume',
} as const;

function amount(value: number | null, { unit }: SensitivityRow): string | null {
  if (value === null) return null;
  if (unit === 'USD/Mtok') return `${formatPrice(value)}/Mtok`;
  return unit === 'USD/month' ? `${formatUsd(value)}/month` : `${formatTokens(value)} ${unit}`;
}

/** How sure it is that hosting saves money at the asked volume, for each pair. */
export function probabilityTable(answer: BreakEvenAnswer): Table {
  const nameOf = namesOf(answer);
  const usd = (title: string) => rightColumn(title, 'USD/month', formatUsd);
  return {
    columns: [
      { title: 'own GPUs' },
      { title: 'against' },
      rightColumn('cheaper', 'likely', formatShare),
      usd('saved'),
      usd('p10'),
      usd('p50'),
      usd('p90'),
    ],
    rows: answer.sensitivity.map(({ offer, tariff, probability, savedUsdPerMonth: { now, p10, p50, p90 } }) => ({
      cells: [nameOf(offer), nameOf(tariff), probability.value, now, p10, p50, p90],
    })),
  };
}

/** What moves the saving of a pair, most first, and where it turns. */
export function swingTable({ rows }: Sensitivity): Table {
  return {
    columns: [
      { title: 'assumption' },
      rightColumn('now'),
      rightColumn('p10'),
      rightColumn('p90'),
      rightColumn('saved at p10', 'USD/month', formatUsd),
      rightColumn('saved at p90', 'USD/month', formatUsd),
      rightColumn('turns at'),
      rightColumn('beyond', 'likely', formatShare),
    ],
    rows: rows.map((row) => ({
      cells: [
        SENSITIVITY_WORDS[row.code],
        amount(row.now, row),
        amount(row.low, row),
        amount(row.high, row),
        row.savedAtLow,
        row.savedAtHigh,
        amount(row.flipsAt, row) ?? 'nowhere',
        row.probabilityBeyond,
      ],
    })),
  };
}
