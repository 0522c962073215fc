import type { BandFact } from '../evidence/source.ts';
import { GIB } from '../units/bytes.ts';
import type { Subject } from './subject.ts';

/** How long a replica takes to start. */
export interface StartTime {
  /** Fetching the checkpoint from its repository, the first time; 0 where it lies there already. */
  readonly fetchSeconds: number;
  /** Reading the checkpoint at the slow end of the load rate. */
  readonly loadSeconds: number;
  /** After which a start has failed. */
  readonly startupSeconds: number;
}

/** What one replica needs beside GPUs, and how long it takes to start. */
export interface Sizing extends StartTime {
  readonly volumeGiB: number;
  readonly sharedMemoryGiB: number;
  /** Of the machine for weights and KV cache; null where a plan needs none. */
  readonly memoryGiB: number | null;
}

/** Room of a volume beside the files. */
const VOLUME_MARGIN = 1.1;
/** /dev/shm for one GPU; published manifests have 15 GiB for eight. */
const SHARED_GIB_PER_GPU = 2;
/** Compiling, capturing graphs and warming up, beside the read; vLLM's own limit for its engine. */
const BESIDE_LOAD_SECONDS = 600;

/** Readings of one start-up probe are this far apart. */
export const PROBE_SECONDS = 10;

type Weighed = Pick<Subject, 'checkpointBytes' | 'ramBytes'>;

/** The longest of what comes before a server compiles. */
export function waitSeconds({ fetchSeconds, loadSeconds }: StartTime): number {
  return fetchSeconds + loadSeconds;
}

/**
 * How long a start takes: `checkpoint / fetch rate + checkpoint / load rate + 600 s`, in whole probes.
 *
 * @param loadRate bytes per second at which a node reads the checkpoint; its slow end counts
 * @param fetchRate bytes per second at which it comes from its repository; null where it need not
 * @example startTime({ checkpointBytes: 595e9 }, { low: 5e8, value: 1e9, high: 5e9, source: '' }, null).startupSeconds // 1790
 */
export function startTime({ checkpointBytes }: Pick<Weighed, 'checkpointBytes'>, loadRate: BandFact, fetchRate: number | null): StartTime {
  const loadSeconds = Math.ceil(checkpointBytes / loadRate.low);
  const fetchSeconds = fetchRate === null ? 0 : Math.ceil(checkpointBytes / fetchRate);
  const startupSeconds = Math.ceil((fetchSeconds + loadSeconds + BESIDE_LOAD_SECONDS) / PROBE_SECONDS) * PROBE_SECONDS;
  return { fetchSeconds, loadSeconds, startupSeconds };
}

/**
 * Room of a replica: `volume = checkpoint * 1.1`, `/dev/shm = 2 GiB per GPU of a node`.
 *
 * @example roomFor({ checkpointBytes: 595e9, ramBytes: null }, 8) // { memoryGiB: null, volumeGiB: 610, sharedMemoryGiB: 16 }
 */
export function roomFor({ checkpointBytes, ramBytes }: Weighed, gpusPerNode: number): Omit<Sizing, keyof StartTime> {
  return {
    memoryGiB: ramBytes === null ? null : Math.ceil(ramBytes / GIB),
    volumeGiB: Math.ceil((checkpointBytes * VOLUME_MARGIN) / GIB),
    sharedMemoryGiB: Math.max(1, gpusPerNode) * SHARED_GIB_PER_GPU,
  };
}
