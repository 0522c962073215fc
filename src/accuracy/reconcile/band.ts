import type { Deployment } from '../../engine/deployment.ts';
import { overheadGiB } from '../../memory/overhead.ts';

/** What an engine needs beside weights and KV cache, GiB. */
export interface OverheadBand {
  readonly low: number;
  readonly value: number;
  readonly high: number;
}

/** Whether a version is one that was released: a build on the way to one, or of a fork, keeps what it likes. */
export function isReleased(version: string | null): boolean {
  return version === null || /^v?\d+(?:\.\d+){1,2}(?:\.post\d+)?(?:\+(?:cu|rocm)\d+)?$/.test(version);
}

/** The band of the overhead; that of all logs of the vendor, where it is wider, for a build that was not released. */
export function overheadBand(deployment: Deployment, released: boolean): OverheadBand {
  const { low, value, high } = overheadGiB(deployment);
  const vendor = deployment.release.engine.overheadGiB[deployment.gpu.vendor];
  if (released || !vendor) return { low, value, high };
  return { low: Math.min(low, vendor.low), value, high: Math.max(high, vendor.high) };
}
