import { groupedBy } from './groupedBy.ts';
import { type PriceFact, type PriceField, priceAt } from './priceFact.ts';

/** One price of a product before and after. */
export interface FieldChange {
  readonly field: string;
  /** null: not published. */
  readonly oldUsd: number | null;
  readonly newUsd: number | null;
  /** Of what is billed; null where the old price is zero. */
  readonly percent: number | null;
}

/** A newer row of a product against the one before it. */
export interface PriceChange {
  readonly kind: PriceFact['kind'];
  readonly provider: string;
  readonly subject: string;
  readonly product: string;
  readonly registry: string;
  readonly oldId: string;
  readonly newId: string;
  /** First day on which each holds, as far as is known; empty where only its end is. */
  readonly oldSince: string;
  readonly newSince: string;
  /** Whether the newer row is the user's own. */
  readonly own: boolean;
  /** Empty where no price changed. */
  readonly fields: readonly FieldChange[];
}

/**
 * By how much a price rose.
 *
 * @returns percent, at one decimal; null where the old price is zero
 * @example risePercent(3.99, 4.29) // 7.5
 */
export function risePercent(oldUsd: number, newUsd: number): number | null {
  return oldUsd === 0 ? null : Number((100 * (newUsd / oldUsd - 1)).toFixed(1));
}

function changeOf(field: string, before: PriceField, after: PriceField): FieldChange[] {
  const isSaid = before.usd !== null || after.usd !== null;
  if (!isSaid || before.billedUsd === after.billedUsd) return [];
  return [{ field, oldUsd: before.usd, newUsd: after.usd, percent: risePercent(before.billedUsd, after.billedUsd) }];
}

function compared(before: PriceFact, after: PriceFact): PriceChange {
  const fields = [...new Set([...Object.keys(after.prices), ...Object.keys(before.prices)])];
  return {
    kind: after.kind,
    provider: after.provider,
    subject: after.subject,
    product: after.product,
    registry: after.registry,
    oldId: before.id,
    newId: after.id,
    oldSince: before.since,
    newSince: after.since,
    own: after.own,
    fields: fields.flatMap((field) => changeOf(field, priceAt(before, field), priceAt(after, field))),
  };
}

function moment({ since, date }: PriceFact): string {
  return `${since} ${date}`;
}

/** What stays of an id when a price is read again. */
function stem(id: string): string {
  return id.split('@')[0] ?? id;
}

/** The row that another one follows: of the moment before, that of the same name, or the only one. */
function precursor(after: PriceFact, earlier: readonly PriceFact[]): PriceFact | undefined {
  const latest = earlier.map(moment).sort().at(-1);
  const named = earlier.filter(({ id }) => stem(id) === stem(after.id));
  const candidates = named.length > 0 ? named : earlier.filter((fact) => moment(fact) === latest);
  const [last, ...more] = candidates.toSorted((a, b) => moment(b).localeCompare(moment(a)));
  return named.length > 0 || more.length === 0 ? last : undefined;
}

/**
 * Every newer row against the one before it: of the same registry, provider, model and tier for tariffs, of the same product for offers.
 * Rows that began on one day do not follow each other.
 *
 * @returns the newest first; comparisons without a change have no fields
 */
export function priceChanges(facts: readonly PriceFact[]): PriceChange[] {
  const changes = groupedBy(facts, ({ series }) => series).flatMap((rows) =>
    rows.flatMap((after) => {
      const before = precursor(
        after,
        rows.filter((fact) => moment(fact) < moment(after)),
      );
      return before ? [compared(before, after)] : [];
    }),
  );
  return changes.sort((a, b) => b.newSince.localeCompare(a.newSince) || a.newId.localeCompare(b.newId));
}
