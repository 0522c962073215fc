import type { Term } from '../evidence/term.ts';
import { formatAmount, formatBand, formatQuantity } from './format.ts';
import type { Table } from './table.ts';

/** The value of a term with its unit and band. */
export function termValue({ unit, value, low = value, high = value }: Term): string {
  return formatBand(
    { low, value, high },
    (number) => formatQuantity(number, unit),
    (number) => formatAmount(number, unit),
  );
}

/** Terms with the ids under which `kplan explain` finds them. */
export function termTable(terms: readonly Term[], idOf: (termId: string) => string): Table {
  return {
    columns: [{ title: 'id' }, { title: 'what' }, { title: 'value', align: 'right' }],
    rows: terms.map((term) => ({ cells: [idOf(term.id), term.label, termValue(term)] })),
  };
}
