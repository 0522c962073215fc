import type { Term } from '../evidence/term.ts';
import { type Band, formatAmount, formatBand, formatQuantity } from './format.ts';
import type { Table } from './table.ts';

/** The band of a term: a term without ends is exact, and one with a single end has none on the other side. */
function bandOf({ value, low, high }: Term): Band {
  if (low === undefined && high === undefined) return { low: value, value, high: value };
  if (high === undefined) return { low: low ?? null, value, high: null, code: 'no-upper-end' };
  return low === undefined ? { low: null, value, high, code: 'no-lower-end' } : { low, value, high };
}

/** The value of a term with its unit and band. */
export function termValue(term: Term): string {
  const { unit } = term;
  return formatBand(
    bandOf(term),
    (number) => formatQuantity(number, unit),
    (number) => formatAmount(number, unit),
  );
}

/** Terms with the ids under which `kplan explain` finds them. */
export function termTable(terms: readonly Term[], idOf: (termId: string) => string): Table {
  return {
    columns: [{ title: 'id', whole: true }, { title: 'what' }, { title: 'value', align: 'right' }],
    rows: terms.map((term) => ({ cells: [idOf(term.id), term.label, termValue(term)] })),
  };
}
