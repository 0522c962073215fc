import type { Fault } from '../../faults/fault.ts';
import { groupedBy } from '../../plan/facts/groupedBy.ts';
import { refusalOf } from '../shared/refusal.ts';
import type { LeftOut } from './listing.ts';
import type { ImportedOffer, LeftOutRows, OffersImport, RefusedRows } from './offersImport.ts';

/** What a catalog repeats on every row of a provider or a GPU. */
const REPEATED = /: (?:AcceleratorName|gpu_name|--provider)$/;

/** The words of a fault without its line where rows repeat it. */
function reasonOf({ message, details: { where } }: Fault): string {
  return REPEATED.test(where) ? message.replace(where, where.replace(/:\d+: [^:]*/, '')) : message;
}

/** Rows that could not be read; a provider or a GPU that is none is told once, with how many rows name it. */
export function refusedRows(faults: readonly Fault[]): RefusedRows[] {
  return groupedBy(faults, reasonOf).flatMap((same) => (same[0] ? [{ ...refusalOf(same[0]), count: same.length }] : []));
}

/** Rows that are no price of GPUs, those of one reason together. */
export function leftOutRows(left: readonly LeftOut[]): LeftOutRows[] {
  return groupedBy(left, ({ reason }) => reason).flatMap(([first, ...more]) =>
    first ? [{ reason: first.reason, count: 1 + more.length, where: first.where }] : [],
  );
}

function counted(parts: readonly (readonly [count: number, words: string])[]): string {
  return parts.flatMap(([count, words]) => (count > 0 ? [`${count} ${words}`] : [])).join(', ');
}

/** What became of the prices, in one sentence. */
export function answerOf({
  catalog,
  added,
  rows,
  heldBack,
  leftOut,
  refused,
}: Omit<OffersImport, 'answer' | 'schema' | 'assumed'>): string {
  const fresh = rows.filter(({ known }) => !known);
  const of = (status: ImportedOffer['status']) => fresh.filter((row) => row.status === status).length;
  const kinds = counted([
    [of('new'), 'new'],
    [of('changed'), 'changed'],
    [of('same'), 'the same'],
  ]);
  const sum = (groups: readonly { readonly count: number }[]) => groups.reduce((total, { count }) => total + count, 0);
  const parts = counted([
    [added, `price${added === 1 ? '' : 's'} added to ${catalog} (${kinds})`],
    [rows.length - added, 'there already'],
    [heldBack.length, 'held back'],
    [sum(refused), 'refused'],
    [sum(leftOut), 'left out'],
  ]);
  return `${parts}.`;
}
