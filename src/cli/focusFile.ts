import { Fault } from '../faults/fault.ts';
import type { Table } from '../report/table.ts';

/** The file of `--focus`. */
export interface FocusFile {
  readonly where: '--focus';
  readonly path: string;
}

/**
 * The forecast that `--focus` asks for.
 *
 * @throws Fault where the name does not end in `.csv`
 */
export function focusFile({ focus }: { readonly focus?: string }): FocusFile | null {
  if (focus === undefined) return null;
  if (focus.toLowerCase().endsWith('.csv')) return { where: '--focus', path: focus };
  throw new Fault('unsupported', 'FOCUS rows are CSV', { where: '--focus', value: focus, allowed: 'FILE.csv' });
}

/** FOCUS rows as CSV. */
export async function focusCsv(table: Table, schema: string): Promise<string> {
  const [{ csvTable }, { FOCUS_MARK }] = await Promise.all([import('../report/csvTable.ts'), import('../report/focus/focusRow.ts')]);
  return csvTable(table, schema, FOCUS_MARK);
}
