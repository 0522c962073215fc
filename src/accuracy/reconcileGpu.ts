import type { Gpu } from '../hardware/gpu.ts';
import { isGpu, recognise } from '../importers/machine/recognise.ts';
import type { StartupLog } from '../importers/startupLog/startupLog.ts';

/** The GPU of a log and how it was told, or why it could not be. */
export type LogGpu = { readonly gpu: Gpu; readonly how: string } | { readonly gpu: null; readonly why: string };

/** By so much may a log's total differ from the catalog's: drivers and boards of one type differ. */
const TOTAL_TOLERANCE_GIB = 0.3;

/** Boards that an engine cannot tell apart by memory: of several the first of the richest form factor stands. */
const FORM_FACTORS = ['SXM', 'OAM'];

function isBoard({ formFactor }: Gpu): boolean {
  return FORM_FACTORS.some((form) => formFactor.startsWith(form));
}

function byName(gpus: readonly Gpu[], name: string): Gpu | null {
  const readings = (['nvidia', 'amd', 'intel'] as const).map((vendor) =>
    recognise(gpus, {
      vendor,
      index: 0,
      name,
      memoryMiB: null,
      usedMiB: null,
      computeCapability: null,
      driverVersion: null,
      partition: null,
    }),
  );
  return readings.find(isGpu) ?? null;
}

/** GPUs whose memory an engine sees as so much. */
function bySize(gpus: readonly Gpu[], totalGiB: number, tolerance: number): Gpu[] {
  const distance = ({ torchTotalGiB }: Gpu) => Math.abs((torchTotalGiB?.value ?? Number.NaN) - totalGiB);
  const near = gpus.filter((gpu) => distance(gpu) <= tolerance);
  const nearest = Math.min(...near.map(distance));
  return near.filter((gpu) => distance(gpu) <= nearest + 0.01);
}

/** One type of several that look alike: all of one architecture, of which that with a board of its own is taken. */
function alike(candidates: readonly Gpu[]): Gpu | null {
  const [first, ...others] = [...candidates].sort((a, b) => Number(isBoard(b)) - Number(isBoard(a)));
  if (!first || others.some(({ microarchitecture }) => microarchitecture !== first.microarchitecture)) return null;
  return first;
}

function ofSize(gpus: readonly Gpu[], totalGiB: number, tolerance: number, from: string): LogGpu {
  const candidates = bySize(gpus, totalGiB, tolerance);
  const gpu = alike(candidates);
  const size = `${totalGiB.toFixed(2)} GiB ${from}`;
  if (gpu) {
    const others = candidates.filter((other) => other !== gpu).map(({ id }) => id);
    return { gpu, how: `the only type with ${size}${others.length > 0 ? `, as ${others.join(' and ')} too` : ''}` };
  }
  if (candidates.length > 1) return { gpu: null, why: `${size} fit ${candidates.map(({ id }) => id).join(', ')}: say which with --gpu` };
  return { gpu: null, why: `no GPU of the catalog has ${size}: say which it is with --gpu` };
}

/**
 * Tells the GPU of a log: by the name that it prints, else by the memory that the engine sees.
 *
 * @param asked the one that the user names; it is taken as it is
 */
export function logGpu({ flags, figures }: StartupLog, gpus: readonly Gpu[], asked?: Gpu): LogGpu {
  if (asked) return { gpu: asked, how: 'as asked' };
  const named = flags.gpu === undefined ? null : byName(gpus, flags.gpu);
  if (named) return { gpu: named, how: `the log names ${flags.gpu}` };
  const { total, totalFromGraphEstimate } = figures;
  if (total) return ofSize(gpus, total.value, TOTAL_TOLERANCE_GIB, `in line ${total.line}`);
  if (totalFromGraphEstimate) {
    const { value, rounding, line } = totalFromGraphEstimate;
    return ofSize(gpus, value, rounding, `± ${rounding.toFixed(2)} that the graph estimate of line ${line} implies`);
  }
  if (flags.gpu !== undefined) return { gpu: null, why: `the catalog has no ${flags.gpu}: say which it is with --gpu` };
  return { gpu: null, why: 'the log names neither the GPU nor its memory: say which it is with --gpu' };
}
