import type { SourceId } from '../evidence/source.ts';

export type OfferPricing = 'on-demand' | 'spot' | 'reserved' | 'ownership-model';

/** A dated price for instances; an instance is what the offer bills, usually a whole machine. */
export interface Offer {
  readonly id: string;
  readonly provider: string;
  /** Catalog id of the GPU. */
  readonly gpu: string;
  /** null where the source does not say: the GPU's whole node is assumed. */
  readonly gpusPerInstance: number | null;
  readonly instance: string;
  readonly region: string;
  readonly pricing: OfferPricing;
  /** Months of the contract; null where there is none, or none is stated. */
  readonly termMonths: number | null;
  readonly usdPerGpuHour: number;
  readonly date: string;
  readonly source: SourceId;
}
