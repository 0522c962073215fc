import { offerRow } from '../../catalog/rows.ts';
import type { Offer } from '../../cost/offer.ts';
import type { CatalogFile } from '../shared/catalogFile.ts';

/** Where the offers of a catalog folder stand; its columns are those of data/offers.csv. */
export const OFFER_FILE: CatalogFile = { name: 'offers.csv', columns: Object.keys(offerRow.shape), writer: 'kplan import offers' };

/** A row of offers.csv: its source and its note are words. */
export interface OfferRow extends Omit<Offer, 'id'> {
  readonly id: string;
  readonly gpusPerInstance: number;
  readonly note: string;
}

/**
 * A name as a part of an id: lower-case letters, digits, dots and dashes.
 *
 * @example slug('Standard_ND96isr_H100_v5') // 'standard-nd96isr-h100-v5'
 */
export function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** An instance by which two catalogs may mean the same: Azure's names come with and without `Standard_`. */
export function instanceKey(instance: string): string {
  return slug(instance).replace(/^standard-/, '');
}

/**
 * What instances of one type in several sizes share.
 *
 * @example instanceFamily('p5.48xlarge') // 'p5'
 */
export function instanceFamily(instance: string): string {
  return instanceKey(instance).replace(/\.[^.]*$|-\d+g$/, '');
}

/**
 * The id of a row: a price of the same product on another day has another.
 *
 * @example offerId({ ...row, instance: 'gpu_8x_h100_sxm5', region: '' }) // 'lambda:h100-sxm:gpu-8x-h100-sxm5:any:on_demand@2026-11-09'
 */
export function offerId({ provider, gpu, instance, region, pricing, date }: Omit<OfferRow, 'id'>): string {
  const parts = [provider, gpu, slug(instance) || 'any', slug(region) || 'any', pricing.replace('-', '_')];
  return `${parts.join(':')}@${date}`;
}

/**
 * USD per GPU-hour of an instance: `price / GPUs` at six decimals, without the dust of binary fractions.
 *
 * @example usdPerGpuHour(31.92, 8) // 3.99
 */
export function usdPerGpuHour(usdPerInstanceHour: number, gpus: number): number {
  const billionths = Math.round(usdPerInstanceHour * 1e9);
  return Math.floor((billionths + 500 * gpus) / (1000 * gpus)) / 1e6;
}

/** A number without an exponent, which a reader of plain numbers would refuse. */
function plainNumber(value: number): string {
  return value.toFixed(6).replace(/\.?0+$/, '');
}

/** Cells of a row in the order of the columns, as the file holds them. */
export function offerCells(row: OfferRow): string[] {
  return [
    row.id,
    row.provider,
    row.gpu,
    String(row.gpusPerInstance),
    row.instance,
    row.region,
    row.pricing,
    row.termMonths === null ? '' : String(row.termMonths),
    plainNumber(row.usdPerGpuHour),
    row.date,
    row.source,
    row.note,
  ];
}
