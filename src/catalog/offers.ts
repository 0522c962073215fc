import type { z } from 'zod';
import type { Offer } from '../cost/offer.ts';
import type { SourceId } from '../evidence/source.ts';
import { type DataFolder, readCsvFile } from './dataFolder.ts';
import { checkReference, checkRowIds } from './names.ts';
import { offerRow } from './rows.ts';
import type { SourceBook } from './sourceBook.ts';

/** An offer as its row states it. */
export function offerOf(row: Omit<z.output<typeof offerRow>, 'source'>, source: SourceId): Offer {
  return {
    id: row.id,
    provider: row.provider,
    gpu: row.gpu,
    gpusPerInstance: row.gpus_per_instance,
    instance: row.instance,
    region: row.region,
    pricing: row.pricing,
    termMonths: row.term_months,
    usdPerGpuHour: row.usd_per_gpu_hour,
    date: row.date,
    source,
  };
}

/** The rows of offers.csv of a folder. */
export function readOffers(folder: DataFolder, gpus: ReadonlySet<string>, book: SourceBook): Offer[] {
  const rows = readCsvFile(folder, 'offers.csv', offerRow);
  checkRowIds(rows, folder.faults);
  return rows.map((file) => {
    const { content: row, data } = file;
    checkReference(gpus, file, ['gpu'], row.gpu, folder.faults);
    return offerOf(row, book.sharedId(row.source, data));
  });
}
