import type { Fact } from '../evidence/source.ts';

/** A GPU profile. Unknown figures are null, never guessed; assumed ones carry a source of kind `assumed`. */
export interface Gpu {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly vendor: 'nvidia' | 'amd' | 'intel' | 'google';
  readonly formFactor: string;
  readonly microarchitecture: string;
  /** NVIDIA compute capability such as 9.0; null elsewhere. */
  readonly computeCapability: number | null;
  /** AMD target such as gfx942; null elsewhere. */
  readonly gfxTarget: string | null;
  /** The figure on the box, for recognition only. */
  readonly marketedGB: Fact;
  /** What the driver reports (nvidia-smi, amd-smi), MiB. */
  readonly driverVisibleMiB: Fact | null;
  /** What an engine sees and multiplies with its memory fraction, GiB. */
  readonly torchTotalGiB: Fact | null;
  readonly memoryBandwidthGBPerSecond: Fact | null;
  readonly bf16DenseTflops: Fact | null;
  readonly fp8DenseTflops: Fact | null;
  readonly fp4DenseTflops: Fact | null;
  readonly scaleUpTechnology: string;
  /** One direction, per GPU. */
  readonly scaleUpGBPerSecond: Fact | null;
  /** GPUs that share the scale-up fabric. */
  readonly scaleUpDomainGpus: number;
  readonly gpusPerNode: number;
  readonly boardPowerWatts: Fact | null;
  readonly confidence: 'high' | 'medium' | 'low';
  readonly notes?: string;
}
