import type { SpeedAnswer, SpeedPoint, SpeedReplica } from '../plan/speed/speedAnswer.ts';
import { formatCount } from '../units/tokens.ts';
import { FIXED_SPACE } from './plainText.ts';

/** How a point is known, without the concurrency that it is known at, so that points on one curve say the same. */
export function methodInWords({ method }: Pick<SpeedPoint, 'method'>): string {
  return method.replace(/(, read)? at concurrency [\d.,]*\d/, '').replaceAll(' %', `${FIXED_SPACE}%`);
}

/** What ends the growth of a replica, as a clause: `the KV cache is full at 212 in flight`. */
export function limitInWords({ limitedBy, concurrencyLimit }: Pick<SpeedReplica, 'limitedBy' | 'concurrencyLimit'>): string {
  const limit = formatCount(Math.floor(concurrencyLimit));
  return limitedBy === 'kv-cache' ? `the KV cache is full at ${limit} in flight` : `the engine admits ${limit} in flight (max-num-seqs)`;
}

/** The time per token that was asked for, in milliseconds. */
export function askedTpotMs({ query }: Pick<SpeedAnswer, 'query'>): number | null {
  const { maxTpotMs } = query;
  return typeof maxTpotMs === 'number' ? maxTpotMs : null;
}

/** Whether some point of a replica keeps a time per token; with none asked, whether there is a point. */
export function keepsTpot({ points }: SpeedReplica, maxTpotMs: number | null): boolean {
  return points.some(({ tpotMs }) => maxTpotMs === null || tpotMs.value <= maxTpotMs);
}

/** Up to which concurrency a replica keeps a time per token, as a sentence. */
export function tpotInWords({ points }: SpeedReplica, maxTpotMs: number): string {
  const asked = `${maxTpotMs} ms per token`;
  const first = points.findIndex(({ tpotMs }) => tpotMs.value > maxTpotMs);
  const [before, after] = [points[first - 1], points[first]];
  if (after === undefined) return `${asked} are kept up to ${formatCount(points.at(-1)?.concurrency ?? 0)} in flight.`;
  if (before === undefined) return `${asked} are not kept, even at ${formatCount(after.concurrency)} in flight.`;
  return `${asked} are kept up to ${formatCount(before.concurrency)} in flight and passed before ${formatCount(after.concurrency)}.`;
}
