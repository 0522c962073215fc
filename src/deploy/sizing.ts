import type { BandFact } from '../evidence/source.ts';
import { GIB } from '../units/bytes.ts';
import type { Subject } from './subject.ts';

/** How long a replica takes to start. */
export interface StartTime {
  /** Reading the checkpoint at the slow end of the load rate. */
  readonly loadSeconds: number;
  /** After which a start has failed. */
  readonly startupSeconds: number;
}

/** What one replica needs beside GPUs, and how long it takes to start. */
export interface Sizing extends StartTime {
  readonly volumeGiB: number;
  readonly sharedMemoryGiB: number;
}

/** Room of a volume beside the files. */
const VOLUME_MARGIN = 1.1;
/** /dev/shm for one GPU; published manifests have 15 GiB for eight. */
const SHARED_GIB_PER_GPU = 2;
/** Compiling, capturing graphs and warming up, beside the read; vLLM's own limit for its engine. */
const BESIDE_LOAD_SECONDS = 600;

/** Readings of one start-up probe are this far apart. */
export const PROBE_SECONDS = 10;

type Weighed = Pick<Subject, 'checkpointBytes'>;

/**
 * How long a start takes: `checkpoint / load rate + 600 s`, in whole probes.
 *
 * @param loadBytesPerSecond at which a node reads the checkpoint; its slow end counts
 * @example startTime({ checkpointBytes: 595e9 }, { low: 5e8, value: 1e9, high: 5e9, source: '' }).startupSeconds // 1790
 */
export function startTime({ checkpointBytes }: Weighed, loadBytesPerSecond: BandFact): StartTime {
  const loadSeconds = Math.ceil(checkpointBytes / loadBytesPerSecond.low);
  return { loadSeconds, startupSeconds: Math.ceil((loadSeconds + BESIDE_LOAD_SECONDS) / PROBE_SECONDS) * PROBE_SECONDS };
}

/**
 * Room of a replica: `volume = checkpoint * 1.1`, `/dev/shm = 2 GiB per GPU of a node`.
 *
 * @example roomFor({ checkpointBytes: 595e9 }, 8) // { volumeGiB: 610, sharedMemoryGiB: 16 }
 */
export function roomFor({ checkpointBytes }: Weighed, gpusPerNode: number): Omit<Sizing, keyof StartTime> {
  return {
    volumeGiB: Math.ceil((checkpointBytes * VOLUME_MARGIN) / GIB),
    sharedMemoryGiB: Math.max(1, gpusPerNode) * SHARED_GIB_PER_GPU,
  };
}
