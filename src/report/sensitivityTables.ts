import type { BreakEvenAnswer } from '../plan/breakEven/breakEvenAnswer.ts';
import { assumptionText } from '../plan/outlook/assumptionText.ts';
import type { Sensitivity, SensitivityRow } from '../plan/outlook/sensitivityAnswer.ts';
import { formatUsd } from '../units/money.ts';
import { namesOf } from './breakEvenTables.ts';
import { formatShare } from './format.ts';
import { rightColumn, type Table } from './table.ts';

function amount(value: number | null, { unit }: SensitivityRow): string | null {
  return value === null ? null : assumptionText(value, unit);
}

/** How sure it is that hosting saves money, for each pair: over the months of the plan where there are some, else in a month. */
export function probabilityTable(answer: BreakEvenAnswer): Table {
  const nameOf = namesOf(answer);
  const unit = answer.time ? 'USD of today' : 'USD/month';
  const usd = (title: string) => rightColumn(title, unit, formatUsd);
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
    rows: answer.sensitivity.map(({ offer, tariff, probability, savedUsdPerMonth, savedPresentUsd }) => {
      const { now, p10, p50, p90 } = savedPresentUsd ?? savedUsdPerMonth;
      return { cells: [nameOf(offer), nameOf(tariff), probability.value, now, p10, p50, p90] };
    }),
  };
}

/** What would turn an answer, in sentences; `cheaper` is what would then cost less. */
export function turnTexts(rows: readonly SensitivityRow[], cheaper: string): string[] {
  return rows.map(({ label, unit, now, flipsAt, probabilityBeyond }) => {
    const at = flipsAt ?? 0;
    const likely = probabilityBeyond === null ? '' : `, ${formatShare(probabilityBeyond)} likely`;
    return `${label} ${at > now ? 'above' : 'below'} ${assumptionText(at, unit)} makes ${cheaper} cheaper (now ${assumptionText(now, unit)}${likely}).`;
  });
}

/** What moves the saving of a pair, most first, and where it turns. */
export function swingTable({ rows, of }: Sensitivity): Table {
  const unit = of === 'plan' ? 'USD of today' : 'USD/month';
  return {
    columns: [
      { title: 'assumption' },
      rightColumn('now'),
      rightColumn('p10'),
      rightColumn('p90'),
      rightColumn('saved at p10', unit, formatUsd),
      rightColumn('saved at p90', unit, formatUsd),
      rightColumn('turns at'),
      rightColumn('other side', 'likely', formatShare),
    ],
    rows: rows.map((row) => ({
      cells: [
        row.label,
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
