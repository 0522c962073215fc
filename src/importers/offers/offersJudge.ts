import type { Offer } from '../../cost/offer.ts';
import { Fault } from '../../faults/fault.ts';
import { attempted } from '../shared/refusal.ts';
import type { PlacedOffer } from './offersFile.ts';
import type { HeldBackOffer, ImportedOffer } from './offersImport.ts';
import { outlierCheck } from './outliers.ts';
import type { KnownOffers } from './proposal.ts';

/** A past price never changes: another price of the same product and day is refused. */
function checkPast({ row, where }: PlacedOffer, past: number | null): void {
  if (past === null || past === row.usdPerGpuHour) return;
  throw new Fault('contradiction', `the catalog has ${row.id} already, at another price`, {
    where,
    value: row.usdPerGpuHour,
    allowed: `${past}, or another --date: a past price never changes`,
  });
}

/** What offers are held against. */
export interface OfferJudges {
  readonly known: KnownOffers;
  /** Of kplan's catalog and of the user's own. */
  readonly offers: readonly Offer[];
  readonly keepOutliers: boolean;
}

/**
 * Offers against what is known: those that stand already, those that are far from all others, those that would change the past.
 *
 * @returns rows in their order, the first of each id as not known
 */
export function judgedOffers(
  placed: readonly PlacedOffer[],
  { known, offers, keepOutliers }: OfferJudges,
): { readonly rows: ImportedOffer[]; readonly heldBack: HeldBackOffer[]; readonly faults: Fault[] } {
  const medianOf = outlierCheck(
    offers,
    placed.map(({ row }) => row),
  );
  const seen = new Map<string, number>();
  const judged = { rows: [] as ImportedOffer[], heldBack: [] as HeldBackOffer[], faults: [] as Fault[] };
  for (const offer of placed) {
    const { row, where } = offer;
    const past = known.ownPrice(row.id) ?? seen.get(row.id) ?? null;
    const fault = attempted(() => checkPast(offer, past));
    const median = keepOutliers || past !== null ? null : medianOf(row);
    if (fault instanceof Fault) judged.faults.push(fault);
    else if (median !== null) judged.heldBack.push({ id: row.id, where, usdPerGpuHour: row.usdPerGpuHour, medianUsdPerGpuHour: median });
    else judged.rows.push({ ...row, ...known.changeOf(row), known: past !== null });
    if (fault === undefined && median === null) seen.set(row.id, row.usdPerGpuHour);
  }
  return judged;
}
