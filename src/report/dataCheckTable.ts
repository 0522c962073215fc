import type { DataCheckAnswer } from '../plan/facts/dataCheck.ts';
import type { Table } from './table.ts';

/** The facts of each kind against the limit of their age. */
export function dataCheckTable({ kinds }: DataCheckAnswer): Table {
  return {
    columns: [
      { title: 'kind' },
      { title: 'facts', align: 'right' },
      { title: 'newest' },
      { title: 'oldest' },
      { title: 'age of it', unit: 'days', align: 'right' },
      { title: 'limit', unit: 'days', align: 'right' },
      { title: 'over it', align: 'right' },
    ],
    rows: kinds.map(({ kind, facts, newest, oldest, limitDays, overLimit }) => ({
      cells: [kind, facts, newest?.date ?? null, oldest?.date ?? null, oldest?.days ?? null, limitDays, overLimit],
    })),
  };
}

/** Facts over their limit, at most so many of them. */
export function overLimitTable({ overLimit }: DataCheckAnswer, most = Number.POSITIVE_INFINITY): Table {
  return {
    columns: [
      { title: 'kind' },
      { title: 'fact', whole: true },
      { title: 'date' },
      { title: 'age', unit: 'days', align: 'right' },
      { title: 'limit', unit: 'days', align: 'right' },
    ],
    rows: overLimit.slice(0, most).map(({ kind, id, date, days, limitDays }) => ({ cells: [kind, id, date, days, limitDays] })),
  };
}
