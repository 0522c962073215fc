import type { Gpu } from '../hardware/gpu.ts';
import type { Layout } from '../layout/layout.ts';

/** One direction of PCIe 4.0 x16, taken where no faster link between the GPUs is known. */
const PCIE_GB_PER_SECOND = 32;

/** What the step-time model needs to know of a replica. */
export interface Machine {
  readonly bandwidthBytesPerSecond: number;
  /** Datasheet peak of one GPU for the products of weights in the format. */
  readonly flopsPerSecond: number;
  /** The same for attention, which is computed in 16 bits. */
  readonly attentionFlopsPerSecond: number;
  readonly linkBytesPerSecond: number;
  readonly layout: Layout;
  readonly kvBytesPerElement: number;
}

/**
 * Datasheet peak for the matrix products of a checkpoint format, TFLOP/s: FP4 formats at the FP4 rate, FP8 at the FP8 rate, each where
 * the GPU has it, everything else (INT4 weights are multiplied in 16 bits) at the BF16 rate.
 *
 * @returns null where the peak is unknown
 * @example peakTflops(h200, 'int4')?.value // 989
 */
export function peakTflops(gpu: Gpu, format: string): Gpu['bf16DenseTflops'] {
  if (/fp4/.test(format)) return gpu.fp4DenseTflops ?? gpu.bf16DenseTflops;
  if (/fp8/.test(format)) return gpu.fp8DenseTflops ?? gpu.bf16DenseTflops;
  return gpu.bf16DenseTflops;
}

/** The machine of a replica, or null where the datasheet figures of the GPU are unknown. */
export function machineOf(gpu: Gpu, format: string, layout: Layout, kvBytesPerElement: number): Machine | null {
  const peak = peakTflops(gpu, format);
  if (!gpu.memoryBandwidthGBPerSecond || !peak || !gpu.bf16DenseTflops) return null;
  return {
    bandwidthBytesPerSecond: gpu.memoryBandwidthGBPerSecond.value * 1e9,
    flopsPerSecond: peak.value * 1e12,
    attentionFlopsPerSecond: gpu.bf16DenseTflops.value * 1e12,
    linkBytesPerSecond: (gpu.scaleUpGBPerSecond?.value ?? PCIE_GB_PER_SECOND) * 1e9,
    layout,
    kvBytesPerElement,
  };
}
