import type { DataDiffAnswer } from '../plan/facts/dataDiff.ts';
import type { Disagreement, PriceClaim } from '../plan/facts/disagreements.ts';
import type { FieldChange, PriceChange } from '../plan/facts/priceChanges.ts';
import { formatNumber } from './format.ts';
import type { Cell, Column, Table } from './table.ts';

/** `+7.5 %`; a price that rose from zero has no percent. */
function signed(percent: number): string {
  return `${percent > 0 ? '+' : ''}${formatNumber(percent)} %`;
}

const PERCENT: Column = { title: 'change', align: 'right', format: signed };

/** Every field that changed, one on a row. */
export function changesTable(changes: readonly PriceChange[]): Table {
  const cells = (change: PriceChange, { field, oldUsd, newUsd, percent }: FieldChange): Cell[] => [
    change.provider,
    change.subject,
    change.product,
    field,
    oldUsd,
    newUsd,
    percent,
    `${change.oldSince || 'before'} → ${change.newSince}`,
    change.own ? 'own' : change.registry,
  ];
  return {
    columns: [
      { title: 'provider' },
      { title: 'of' },
      { title: 'product' },
      { title: 'price' },
      { title: 'old', align: 'right' },
      { title: 'new', align: 'right' },
      PERCENT,
      { title: 'since', whole: true },
      { title: 'by' },
    ],
    rows: changes.flatMap((change) => change.fields.map((field) => ({ cells: cells(change, field) }))),
  };
}

function claimWords({ registry, date, lowUsd, highUsd, published, own }: PriceClaim): string {
  const price = lowUsd === highUsd ? formatNumber(lowUsd) : `${formatNumber(lowUsd)} to ${formatNumber(highUsd)}`;
  const says = own && registry !== 'own' ? `${registry}, own` : registry;
  return `${price} ${says} (${published ? '' : 'unpublished, '}${date})`;
}

/** Every price about which sources differ, with what each of them says. */
export function disagreementsTable(found: readonly Disagreement[]): Table {
  return {
    columns: [
      { title: 'provider' },
      { title: 'of' },
      { title: 'product' },
      { title: 'price' },
      { ...PERCENT, title: 'apart' },
      { title: 'who says what' },
    ],
    rows: found.map(({ provider, subject, product, field, percent, claims }) => ({
      cells: [provider, subject, product, field, percent, claims.map(claimWords).join(' · ')],
    })),
  };
}

/** Changes and disagreements in one table: the older or lowest against the newer or highest. */
export function dataDiffRawTable({ changes, disagreements }: DataDiffAnswer): Table {
  const changed = changes.flatMap((change) =>
    change.fields.map(({ field, oldUsd, newUsd, percent }): Cell[] => [
      'change',
      change.kind,
      change.provider,
      change.subject,
      change.product,
      field,
      oldUsd,
      change.oldId,
      change.oldSince,
      newUsd,
      change.newId,
      change.newSince,
      percent,
    ]),
  );
  const differing = disagreements.map(({ kind, provider, subject, product, field, percent, claims }): Cell[] => {
    const [low, high] = [claims[0], claims.at(-1)];
    const cells = (claim: PriceClaim | undefined, usd: number | undefined) => [
      usd ?? null,
      claim?.ids.join(' ') ?? null,
      claim?.date ?? null,
    ];
    const ends = [...cells(low, low?.lowUsd), ...cells(high, high?.highUsd)];
    return ['disagreement', kind, provider, subject, product, field, ...ends, percent];
  });
  const titles = [
    'finding',
    'kind',
    'provider',
    'of',
    'product',
    'price',
    'usd',
    'id',
    'date',
    'otherUsd',
    'otherId',
    'otherDate',
    'percent',
  ];
  return { columns: titles.map((title) => ({ title })), rows: [...changed, ...differing].map((cells) => ({ cells })) };
}
