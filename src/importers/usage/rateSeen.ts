import { HOUR_MS } from '../../units/time.ts';

/** Shorter traffic is taken as even. */
const LEAST_HOURS = 2;

/**
 * The rate that the mean request saw, from requests counted by hour: `Σ requests² / (Σ requests × 3,600 s)`. What a KV cache finds hangs on
 * the requests between two of one conversation, so that idle nights and weekends do not count.
 *
 * @param times in order, in ms
 * @param mean rate over all of it, for traffic of less than two hours
 * @returns requests per second
 * @example rateSeen([0, 1, 2, 3, 7_200_000], 1) // 17 / 5 / 3_600
 */
export function rateSeen(times: ArrayLike<number>, mean: number | null): number | null {
  const first = times[0] ?? 0;
  const last = times[times.length - 1] ?? 0;
  if (last - first < LEAST_HOURS * HOUR_MS) return mean;
  let [squares, requests, hour] = [0, 0, 0];
  for (let at = 0; at < times.length; at++) {
    const now = Math.floor(((times[at] ?? 0) - first) / HOUR_MS);
    if (now !== hour) {
      squares += requests * requests;
      [hour, requests] = [now, 0];
    }
    requests++;
  }
  return (squares + requests * requests) / times.length / (HOUR_MS / 1000);
}
