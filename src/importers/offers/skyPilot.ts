import type { CsvRow } from '../shared/csvTable.ts';
import { gpuInfo } from './gpuInfo.ts';
import { gpuCount, LeftOut, type Listing, listedPrice, plainName } from './listing.ts';

/** Columns by which a file of the SkyPilot catalog is known; SpotPrice, GpuInfo, AvailabilityZone and UpstreamCloudId may be beside them. */
export const SKYPILOT_COLUMNS = ['InstanceType', 'AcceleratorName', 'AcceleratorCount', 'Price', 'Region'] as const;

/**
 * A row of a SkyPilot catalog: a price per instance on demand, and one as spot where the column holds it.
 *
 * @returns what is left out: machines without GPUs, GPUs priced without their machine, prices that are none
 * @throws Fault for a cell that cannot be read
 */
export function skyPilotRow(row: CsvRow): (Listing | LeftOut)[] {
  const name = plainName(row, 'AcceleratorName');
  const where = row.where('AcceleratorName');
  if (name === '') return [new LeftOut('no-gpu', where)];
  const instance = plainName(row, 'InstanceType');
  if (instance === '') return [new LeftOut('gpu-alone', row.where('InstanceType'))];
  const gpus = gpuCount(row, 'AcceleratorCount');
  if (gpus instanceof LeftOut) return [gpus];
  const stated = [listedPrice(row, 'Price', 'on-demand'), listedPrice(row, 'SpotPrice', 'spot')].filter((price) => price !== null);
  if (stated.length === 0) return [new LeftOut('no-price', row.where('Price'))];
  const prices = stated.flatMap((price) => (price instanceof LeftOut ? [] : [price]));
  const left = stated.flatMap((price) => (price instanceof LeftOut ? [price] : []));
  if (prices.length === 0) return left;
  const info = gpuInfo(row.cell('GpuInfo'), gpus);
  const beside = [info.name, instance, row.cell('UpstreamCloudId')];
  const gpu = { name, where, beside, memoryGB: info.memoryGB };
  const place = { region: plainName(row, 'Region'), zone: plainName(row, 'AvailabilityZone') };
  return [{ provider: null, instance, ...place, gpus, gpu, prices, where: row.where('InstanceType') }, ...left];
}
