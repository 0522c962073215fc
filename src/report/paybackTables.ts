import type { BreakEvenAnswer, Payback, Solved } from '../plan/breakEven/breakEvenAnswer.ts';
import { formatDerivedPrice, formatPrice, formatUsd } from '../units/money.ts';
import { formatTokens } from '../units/tokens.ts';
import { namesOf } from './breakEvenTables.ts';
import { formatShare } from './format.ts';
import type { Column, Table } from './table.ts';

const usd: Pick<Column, 'align' | 'format'> = { align: 'right', format: formatUsd };

/** After how long machines of one's own have paid for themselves. */
export function paybackTable(answer: BreakEvenAnswer): Table {
  const nameOf = namesOf(answer);
  return {
    columns: [
      { title: 'owned' },
      { title: 'against' },
      { title: 'tokens a month', align: 'right', format: formatTokens },
      { title: 'paid before', unit: 'USD', ...usd },
      { title: 'not paid any more', unit: 'USD/month', ...usd },
      { title: 'running', unit: 'USD/month', ...usd },
      { title: 'payback', unit: 'months', align: 'right', format: (months) => months.toFixed(1) },
    ],
    rows: answer.paybacks.map((row: Payback) => ({
      cells: [
        nameOf(row.offer),
        nameOf(row.against),
        row.tokensPerMonth,
        row.upfrontUsd,
        row.avoidedUsdPerMonth,
        row.runningUsdPerMonth,
        row.months ?? 'never',
      ],
    })),
  };
}

function formatRoot(unit: Solved['unit'], value: number, price: (usd: number) => string): string {
  if (unit === 'share') return formatShare(value);
  return unit === 'tokens/month' ? `${formatTokens(value)} tokens` : `${price(value)} per ${unit === 'USD/Mtok' ? 'Mtok' : 'GPU-hour'}`;
}

/** What one unknown would have to be. */
export function solvedTable(answer: BreakEvenAnswer): Table {
  const nameOf = namesOf(answer);
  return {
    columns: [
      { title: 'own GPUs' },
      { title: 'against' },
      { title: 'unknown' },
      { title: 'now' },
      { title: 'equal at' },
      { title: 'in words' },
    ],
    rows: answer.solved.map(({ offer, tariff, unknown, now, value, unit, message }) => ({
      cells: [
        nameOf(offer),
        nameOf(tariff),
        unknown,
        now === null ? null : formatRoot(unit, now, formatPrice),
        value === null ? 'never' : formatRoot(unit, value, formatDerivedPrice),
        message,
      ],
    })),
  };
}
