import { crc32, deflateRawSync } from 'node:zlib';
import { loadCatalog } from '../../../src/catalog/index.ts';
import type { Offer } from '../../../src/cost/offer.ts';
import { importOffers, type OffersEnvironment, type OffersImport, type OffersWords } from '../../../src/importers/offers/index.ts';
import type { OfferRow } from '../../../src/importers/offers/offerRow.ts';

/** The columns of most files of the SkyPilot catalog. */
export const SKYPILOT = 'InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,Region,GpuInfo,SpotPrice';

/** Those of a file of gpuhunt. */
export const GPUHUNT =
  'instance_name,location,price,cpu,memory,gpu_count,gpu_name,gpu_memory,spot,disk_size,gpu_vendor,flags,cpu_arch,provider_data';

/** SkyPilot's description of GPUs, a Python literal, as a cell. */
export function gpuInfo(name: string, gpus: number, sizeMiB: number, totalMiB = sizeMiB * gpus): string {
  return `"{'Gpus': [{'Name': '${name}', 'Manufacturer': 'NVIDIA', 'Count': ${gpus}, 'MemoryInfo': {'SizeInMiB': ${sizeMiB}}}], 'TotalGpuMemoryInMiB': ${totalMiB}}"`;
}

/** A row of Lambda's file with eight H100, some of its cells changed. */
export function h100Row(cells: { price?: string; region?: string; count?: string; spot?: string; name?: string } = {}): string {
  const { price = '31.92', region = 'us-east-1', count = '8.0', spot = '', name = 'H100' } = cells;
  return `gpu_8x_h100_sxm5,${name},${count},208.0,1800.0,${price},${region},${gpuInfo('H100', 8, 81_920, 81_920)},${spot}`;
}

export function table(header: string, ...rows: readonly string[]): string {
  return `${[header, ...rows].join('\n')}\n`;
}

/** An environment that holds everything in memory, with its rows. */
export function memoryEnvironment(
  files: Readonly<Record<string, string | Uint8Array>>,
  own: readonly Offer[] = [],
): OffersEnvironment & { rows: OfferRow[] } {
  const rows: OfferRow[] = [];
  return {
    catalog: loadCatalog(),
    read: (path) => ({ bytes: Buffer.from(files[path] ?? ''), modified: '2026-11-22' }),
    target: 'kplan-catalog/offers.csv',
    own: () => [...own, ...rows.map((row): Offer => ({ ...row, source: 'user' }))],
    append: (added) => {
      rows.push(...added);
      return added.length;
    },
    rows,
  };
}

export const LAMBDA: OffersWords = { provider: 'lambda', date: '2026-11-20' };

/** What one file comes to. */
export function imported(content: string | Uint8Array, words: OffersWords = LAMBDA, own: readonly Offer[] = []): OffersImport {
  return importOffers(['vms.csv'], words, memoryEnvironment({ 'vms.csv': content }, own));
}

/** Rows as `GPU pricing price region`. */
export function briefly({ rows }: OffersImport): string[] {
  return rows.map(({ gpu, pricing, usdPerGpuHour, region }) => `${gpu} ${pricing} ${usdPerGpuHour} ${region}`);
}

function entry(name: string, content: Buffer, at: number, method: 0 | 8): { readonly file: Buffer; readonly directory: Buffer } {
  const packed = method === 8 ? deflateRawSync(content) : content;
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(method, 4);
  fields.writeUInt16LE(((2026 - 1980) << 9) | (10 << 5) | 23, 8);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(name.length, 22);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(at, 10);
  return {
    file: Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed]),
    directory: Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), fields, tail, Buffer.from(name)]),
  };
}

/** A ZIP archive of texts. */
export function zip(files: Readonly<Record<string, string>>, method: 0 | 8 = 8): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  for (const [name, text] of Object.entries(files)) {
    const made = entry(name, Buffer.from(text), Buffer.concat(parts).length, method);
    parts.push(made.file);
    directory.push(made.directory);
  }
  const end = Buffer.alloc(18);
  const whole = Buffer.concat(directory);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(whole.length, 8);
  end.writeUInt32LE(Buffer.concat(parts).length, 12);
  return Buffer.concat([...parts, whole, Buffer.from('PK\x05\x06'), end]);
}
