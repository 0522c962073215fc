import type { Gpu } from '../../hardware/gpu.ts';
import { isGpu, recognise } from '../../importers/machine/recognise.ts';
import type { StartupLog } from '../../importers/startupLog/startupLog.ts';

/** The GPU of a log and how it was told, or why it could not be. */
export type LogGpu =
  | {
      readonly gpu: Gpu;
      readonly how: string;
      /** Other types that the log leaves open. */
      readonly others: readonly string[];
    }
  | { readonly gpu: null; readonly why: string };

/** By so much may a log's total differ from the catalog's: drivers and boards of one type differ. */
const TOTAL_GIB = 0.3;

/** What torch sees beyond the memory that is free before any allocation: contexts of the driver and of libraries. */
const CONTEXT_GIB = 1.2;

/** Sizes that are as near as this to the nearest one are as likely. */
const AS_NEAR_GIB = 0.05;

const FORM_FACTORS = ['SXM', 'OAM'];

function isBoard({ formFactor }: Gpu): boolean {
  return FORM_FACTORS.some((form) => formFactor.startsWith(form));
}

/** The GPU of a printed name. */
export function gpuNamed(gpus: readonly Gpu[], name: string): Gpu | null {
  const unknown = { memoryMiB: null, usedMiB: null, computeCapability: null, driverVersion: null, partition: null };
  const readings = (['nvidia', 'amd', 'intel'] as const).map((vendor) => recognise(gpus, { vendor, index: 0, name, ...unknown }));
  return readings.find(isGpu) ?? null;
}

/** The sizes that a log leaves open, and where it says so. */
export interface Size {
  readonly low: number;
  readonly high: number;
  /** The likeliest, from which the nearest type is taken; none where all of the range are as likely. */
  readonly nearest?: number;
  readonly words: string;
  readonly line: number;
}

/** The memory of a log's GPU, as far as the log shows it. */
export function gpuSize({ figures, flags }: StartupLog): Size | null {
  const { total, totalFromGraphEstimate, freeBeforeLoad, communication } = figures;
  if (total) {
    const { value, line } = total;
    return { low: value - TOTAL_GIB, high: value + TOTAL_GIB, nearest: value, words: `${value.toFixed(2)} GiB (line ${line})`, line };
  }
  if (totalFromGraphEstimate) {
    const { value, rounding, line } = totalFromGraphEstimate;
    return {
      low: value - rounding,
      high: value + rounding,
      words: `${value.toFixed(1)} ± ${rounding.toFixed(1)} GiB, from the share that the graph estimate takes (line ${line})`,
      line,
    };
  }
  if (freeBeforeLoad && communication && flags.platform !== 'npu') {
    const value = freeBeforeLoad.value + communication.value;
    return {
      low: value,
      high: value + CONTEXT_GIB,
      words: `a little more than ${value.toFixed(1)} GiB (free before the load, line ${freeBeforeLoad.line})`,
      line: freeBeforeLoad.line,
    };
  }
  return null;
}

/** Types of that size that what else the log says does not rule out. */
function candidates(gpus: readonly Gpu[], { low, high, nearest }: Size, { flags }: StartupLog): Gpu[] {
  const near = gpus.filter(
    ({ torchTotalGiB, vendor, computeCapability }) =>
      torchTotalGiB !== null &&
      torchTotalGiB.value >= low &&
      torchTotalGiB.value <= high &&
      (flags.platform !== 'rocm' || vendor === 'amd') &&
      (flags.computeCapability === undefined || flags.computeCapability === computeCapability),
  );
  if (nearest === undefined) return near;
  const distance = ({ torchTotalGiB }: Gpu) => Math.abs((torchTotalGiB?.value ?? Number.NaN) - nearest);
  const least = Math.min(...near.map(distance));
  return near.filter((gpu) => distance(gpu) <= least + AS_NEAR_GIB);
}

/** One type of several that look alike: all of one architecture, of which that with a board of its own is taken. */
function alike(found: readonly Gpu[]): Gpu | null {
  const [first, ...others] = [...found].sort((a, b) => Number(isBoard(b)) - Number(isBoard(a)));
  return first && others.every(({ microarchitecture }) => microarchitecture === first.microarchitecture) ? first : null;
}

function ofSize(gpus: readonly Gpu[], size: Size, log: StartupLog): LogGpu {
  const found = candidates(gpus, size, log);
  const gpu = alike(found);
  if (gpu) {
    const others = found.filter((other) => other !== gpu).map(({ id }) => id);
    const open = others.length > 0 ? `; the log leaves ${others.join(' and ')} open too` : '';
    return { gpu, how: `recognised by ${size.words}${open}`, others };
  }
  if (found.length > 1) return { gpu: null, why: `${found.map(({ id }) => id).join(', ')} have ${size.words}: say which it is with --gpu` };
  return { gpu: null, why: `no GPU of the catalog has ${size.words}: say which it is with --gpu` };
}

/**
 * Tells the GPU of a log: by the name that it prints, else by the memory that the engine sees.
 *
 * @param asked the one that the user names; it is taken as it is
 */
export function logGpu(log: StartupLog, gpus: readonly Gpu[], asked?: Gpu): LogGpu {
  const { flags } = log;
  if (asked) return { gpu: asked, how: 'as asked', others: [] };
  const named = flags.gpu === undefined ? null : gpuNamed(gpus, flags.gpu);
  if (named) return { gpu: named, how: `the log names ${flags.gpu}`, others: [] };
  const size = gpuSize(log);
  if (size) return ofSize(gpus, size, log);
  if (flags.gpu !== undefined) return { gpu: null, why: `the catalog has no ${flags.gpu}: say which it is with --gpu` };
  return { gpu: null, why: 'the log names neither the GPU nor its memory: say which it is with --gpu' };
}
