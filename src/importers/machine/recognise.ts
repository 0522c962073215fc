import { nearestNames } from '../../faults/nearest.ts';
import type { Gpu } from '../../hardware/gpu.ts';
import type { DeviceReading } from './deviceReading.ts';

/** Two drivers report the memory of one board up to so far apart; boards of different size differ by more. */
const MEMORY_TOLERANCE = 0.03;

const BRANDS = /^(nvidia|amd|instinct|geforce|tesla)-/;

/**
 * A tool's name as the catalog spells names: lower case, dashes, no brand.
 *
 * @example catalogSpelling('NVIDIA GeForce RTX 4090') // 'rtx-4090'
 */
export function catalogSpelling(name: string): string {
  let spelt = name
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^-+|-+$/g, '');
  while (BRANDS.test(spelt)) spelt = spelt.replace(BRANDS, '');
  return spelt;
}

function hasMemory({ driverVisibleMiB }: Gpu, memoryMiB: number | null): boolean {
  if (memoryMiB === null || driverVisibleMiB === null) return true;
  return Math.abs(memoryMiB - driverVisibleMiB.value) <= MEMORY_TOLERANCE * driverVisibleMiB.value;
}

function called(gpus: readonly Gpu[], name: string): Gpu | undefined {
  return gpus.find(({ id, aliases }) => id === name || aliases.includes(name));
}

/** The GPU of a tool's name; where boards of several sizes share it, the one whose alias names the size. */
function named(gpus: readonly Gpu[], { name, memoryMiB }: DeviceReading): Gpu | undefined {
  const spelt = catalogSpelling(name);
  const sized = memoryMiB === null ? undefined : called(gpus, `${spelt}-${Math.round(memoryMiB / 1024)}gb`);
  return sized && hasMemory(sized, memoryMiB) ? sized : called(gpus, spelt);
}

/** Why a reading is no GPU of the catalog, and which come closest. */
export interface Unrecognised {
  readonly reason: string;
  readonly nearest: readonly string[];
}

function nearestGpus(gpus: readonly Gpu[], { name, vendor, memoryMiB }: DeviceReading): string[] {
  const own = gpus.filter((gpu) => gpu.vendor === vendor);
  const alike = nearestNames(
    catalogSpelling(name),
    own.map(({ id }) => id),
  );
  const asLarge = own.filter(({ driverVisibleMiB }) => memoryMiB !== null && driverVisibleMiB !== null);
  const distance = ({ driverVisibleMiB }: Gpu) => Math.abs((driverVisibleMiB?.value ?? 0) - (memoryMiB ?? 0));
  const closest = asLarge.sort((a, b) => distance(a) - distance(b)).map(({ id }) => id);
  return [...new Set([...alike.slice(0, 2), ...closest])].slice(0, 3);
}

/**
 * The catalog's GPU behind a reading: one whose id or alias is the name and whose memory is that which the driver reports.
 *
 * @returns the GPU, or why there is none
 */
export function recognise(gpus: readonly Gpu[], reading: DeviceReading): Gpu | Unrecognised {
  const gpu = named(gpus, reading);
  if (gpu && hasMemory(gpu, reading.memoryMiB)) return gpu;
  const reason = gpu
    ? `it is called like ${gpu.id}, whose driver reports ${gpu.driverVisibleMiB?.value} MiB`
    : 'the catalog has no GPU of this name';
  return { reason, nearest: nearestGpus(gpus, reading) };
}

/** Whether `recognise` found a GPU. */
export function isGpu(found: Gpu | Unrecognised): found is Gpu {
  return 'id' in found;
}
