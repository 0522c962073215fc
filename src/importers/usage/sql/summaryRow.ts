import type { SUMMARY_COLUMNS, SUMMARY_KINDS, SummaryColumn } from './summaryColumns.ts';

type NumberColumn = { [C in SummaryColumn]: (typeof SUMMARY_COLUMNS)[C] extends 'string' ? never : C }[SummaryColumn];

/** One row of a result; what it does not say is 0. */
export interface SummaryRow {
  readonly kind: (typeof SUMMARY_KINDS)[number];
  readonly name: string | null;
  readonly sums: Readonly<Record<NumberColumn, number>>;
}
