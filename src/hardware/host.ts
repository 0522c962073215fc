import type { Gpu } from './gpu.ts';

/** A machine that serves with its GPUs, its RAM and its disk together. */
export interface Host {
  /** null for a machine without GPUs. */
  readonly gpu: Gpu | null;
  readonly gpus: number;
  readonly ramBytes: number;
  /** What there is for the files of the model; null where nobody said. */
  readonly diskBytes: number | null;
}
