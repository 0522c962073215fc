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

const USUAL: readonly (readonly [kind: RefusalKind, text: string])[] = [
  ['not-metered', 'cost nothing, which means that they are not metered'],
  ['not-per-token', 'are not priced per token'],
];

function dateNote({ file, date, dateBasis, prices, ownDates }: ReadRegistry): string[] {
  if (prices === 0 || prices === ownDates || dateBasis === 'option') return [];
  return [`${file} states no day: its prices are dated ${date}, when the file was last changed (--date DAY says it better).`];
}

/** What was left out and what was taken for granted. */
export function notesOf(registries: readonly ReadRegistry[], refused: readonly RefusedPrice[], kept: readonly string[]): string[] {
  const otherModels = registries.reduce((sum, read) => sum + read.otherModels, 0);
  const otherKinds = registries.reduce((sum, read) => sum + read.otherKinds, 0);
  const usual = USUAL.flatMap(([kind, text]) => {
    const count = refused.filter((one) => one.kind === kind).length;
    return count === 0 ? [] : [`${counted(count, 'price')} left out that ${text}.`];
  });
  return [
    ...registries.flatMap(dateNote),
    ...(otherModels === 0
      ? []
      : [
          `${counted(otherModels, 'model')} left out that the catalog does not know or that ${otherModels === 1 ? 'is' : 'are'} not wanted (--all keeps them).`,
        ]),
    ...(otherKinds === 0 ? [] : [`${counted(otherKinds, 'model')} left out that embed, rank, speak or draw.`]),
    ...usual,
    ...kept,
  ];
}
