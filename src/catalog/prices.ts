import type { z } from 'zod';
import type { Offer } from '../cost/offer.ts';
import type { Tariff } from '../cost/tariff.ts';
import { Fault } from '../faults/fault.ts';
import { type Checked, type DataFolder, readCsvFile, readYamlFile } from './dataFolder.ts';
import { checkReference, checkRowIds } from './names.ts';
import { offerRow, tariffRow } from './rows.ts';
import { providersFile } from './sharedFiles.ts';
import type { SourceBook } from './sourceBook.ts';

function checkTariff({ content: row, data }: Checked<z.output<typeof tariffRow>>, faults: Fault[]): void {
  const dearest = row.input_usd_per_mtok;
  if (dearest === 0 && row.output_usd_per_mtok === 0)
    faults.push(
      new Fault('invalid', 'a tariff of zero means "not metered", not "free"', { where: data.where(['input_usd_per_mtok']), value: 0 }),
    );
  if ((row.cache_read_usd_per_mtok ?? 0) > dearest)
    faults.push(
      new Fault('contradiction', 'a cache read costs more than fresh input', {
        where: data.where(['cache_read_usd_per_mtok']),
        value: row.cache_read_usd_per_mtok,
        allowed: `at most ${dearest}`,
      }),
    );
}

/** The rows of data/tariffs.csv, with the kind of each provider from data/providers.yaml. */
export function readTariffs(folder: DataFolder, book: SourceBook): Tariff[] {
  const providers = readYamlFile(folder, 'providers.yaml', providersFile)?.content.providers;
  const known = new Set(Object.keys(providers ?? {}));
  const rows = readCsvFile(folder, 'tariffs.csv', tariffRow);
  checkRowIds(rows, folder.faults);
  return rows.map((file) => {
    const { content: row, data } = file;
    if (providers) checkReference(known, file, ['provider'], row.provider, folder.faults);
    checkTariff(file, folder.faults);
    return {
      id: row.id,
      provider: row.provider,
      providerName: providers?.[row.provider]?.name ?? row.provider,
      providerKind: providers?.[row.provider]?.kind ?? 'host',
      model: row.model,
      tier: row.tier,
      inputUsdPerMtok: row.input_usd_per_mtok,
      cacheReadUsdPerMtok: row.cache_read_usd_per_mtok,
      outputUsdPerMtok: row.output_usd_per_mtok,
      date: row.date,
      source: book.sharedId(row.source, data),
    };
  });
}

/** The rows of data/offers.csv. */
export function readOffers(folder: DataFolder, gpus: ReadonlySet<string>, book: SourceBook): Offer[] {
  const rows = readCsvFile(folder, 'offers.csv', offerRow);
  checkRowIds(rows, folder.faults);
  return rows.map((file) => {
    const { content: row, data } = file;
    checkReference(gpus, file, ['gpu'], row.gpu, folder.faults);
    return {
      id: row.id,
      provider: row.provider,
      gpu: row.gpu,
      gpusPerInstance: row.gpus_per_instance,
      instance: row.instance,
      region: row.region,
      pricing: row.pricing,
      usdPerGpuHour: row.usd_per_gpu_hour,
      date: row.date,
      source: book.sharedId(row.source, data),
    };
  });
}
