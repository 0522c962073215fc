import type { Refusal } from '../shared/refusal.ts';
import type { LeaveReason } from './listing.ts';
import type { OfferRow } from './offerRow.ts';
import type { RowChange } from './proposal.ts';

/** A price that a catalog file became. */
export interface ImportedOffer extends OfferRow, RowChange {
  /** The catalog folder held it before, or a file before this one did. */
  readonly known: boolean;
}

/** A price that is not taken, for it is far from all others of its GPU. */
export interface HeldBackOffer {
  readonly id: string;
  readonly where: string;
  readonly usdPerGpuHour: number;
  /** Of the same GPU and pricing. */
  readonly medianUsdPerGpuHour: number;
}

/** Rows or prices that are no offer of GPUs. */
export interface LeftOutRows {
  readonly reason: LeaveReason;
  readonly count: number;
  /** The first of them. */
  readonly where: string;
}

/** Rows that could not be read, for one reason. */
export interface RefusedRows extends Refusal {
  readonly count: number;
}

/** What an import of catalogs of GPU prices came to. */
export interface OffersImport {
  readonly schema: 'kplan/import-offers@1';
  readonly answer: string;
  /** The file of offers in the catalog folder. */
  readonly catalog: string;
  readonly added: number;
  readonly rows: readonly ImportedOffer[];
  readonly heldBack: readonly HeldBackOffer[];
  readonly leftOut: readonly LeftOutRows[];
  readonly refused: readonly RefusedRows[];
  /** What neither files nor options say. */
  readonly assumed: readonly string[];
}
