import { type ImportedPrice, isUnusual, type ReadRegistry, type RefusedPrice } from './pricesImport.ts';
import type { RefusalKind } from './rowFlaw.ts';

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

function listed(parts: readonly (readonly [count: number, text: string])[]): string {
  return parts
    .filter(([count]) => count > 0)
    .map(([, text]) => text)
    .join(', ');
}

/**
 * The import in one sentence.
 *
 * @param target the file of tariffs in the catalog folder
 */
export function answerOf(rows: readonly ImportedPrice[], refused: readonly RefusedPrice[], target: string): string {
  const added = rows.filter(({ status }) => status === 'added');
  const changes = (['changed', 'new', 'same'] as const).map((change) => added.filter((row) => row.change === change).length);
  const [changed = 0, fresh = 0, same = 0] = changes;
  const heldBack = refused.filter(({ kind }) => kind === 'outlier').length;
  const broken = refused.filter(isUnusual).length - heldBack;
  const diff = listed([
    [changed, `${changed} changed`],
    [fresh, `${fresh} new`],
    [same, `${same} as before`],
  ]);
  const parts = listed([
    [added.length, `${counted(added.length, 'price')} proposed in ${target} (${diff})`],
    [rows.length - added.length, `${counted(rows.length - added.length, 'price')} there already`],
    [heldBack, `${heldBack} held back`],
    [broken, `${broken} refused`],
  ]);
  return parts === '' ? 'Nothing to import.' : `${parts}.`;
}

/** What is left out without anything being broken. */
const USUAL: readonly (readonly [kind: RefusalKind, text: string])[] = [
  ['not-metered', 'Prices of nothing, which means not metered and not free'],
  ['not-per-token', 'Prices of other things than tokens'],
];

function dateNote({ file, date, dateBasis, prices, ownDates }: ReadRegistry): string[] {
  if (prices === ownDates || dateBasis === 'option') return [];
  return [`${file} states no day: its prices are dated ${date}, when the file was last changed (--date DAY says it better).`];
}

/** What was left out and what was taken for granted. */
export function notesOf(registries: readonly ReadRegistry[], refused: readonly RefusedPrice[], kept: readonly string[]): string[] {
  const counts: readonly (readonly [text: string, count: number])[] = [
    [
      'Models that the catalog does not know or that are not wanted (--all keeps those that it does not know)',
      registries.reduce((sum, { otherModels }) => sum + otherModels, 0),
    ],
    ['Models that embed, rank, speak or draw', registries.reduce((sum, { otherKinds }) => sum + otherKinds, 0)],
    ...USUAL.map(([kind, text]) => [text, refused.filter((one) => one.kind === kind).length] as const),
  ];
  return [
    ...registries.flatMap(dateNote),
    ...counts.filter(([, count]) => count > 0).map(([text, count]) => `${text}: ${count.toLocaleString('en-US')}.`),
    ...kept,
  ];
}
