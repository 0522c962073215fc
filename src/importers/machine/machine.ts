import type { Gpu } from '../../hardware/gpu.ts';
import type { Run } from './command.ts';

/** How the detection reaches a machine. */
export interface MachineAccess {
  readonly run: Run;
  readonly ramBytes: number;
  /** null where the system does not say. */
  readonly freeDiskBytes: number | null;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** GPUs of one type that a machine holds. */
export interface InstalledGpus {
  readonly gpu: Gpu;
  readonly count: number;
  /** What the driver reports of the smallest, MiB; the catalog's figure where it reports none. */
  readonly driverMiB: number;
  /** Of the one that has least, MiB; absent where the tool does not say what is in use. */
  readonly freeMiB?: number;
}

/** What is installed on a machine. */
export interface Machine {
  readonly gpus: readonly InstalledGpus[];
  readonly ramBytes: number;
  readonly freeDiskBytes: number | null;
  /** What an answer says beside its figures. */
  readonly notes: readonly string[];
}
