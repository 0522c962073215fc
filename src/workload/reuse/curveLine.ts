import type { Workload } from '../workload.ts';

/**
 * A curve of prefix reuse between its points: straight over the logarithm of the tokens, held at its ends.
 *
 * @param curve points of rising tokens
 * @param kvTokens tokens of the KV cache, above 0
 * @returns a share of the input tokens; null where the curve has no points
 * @example reuseOnCurve([{ kvTokens: 1e6, reuse: 0.5 }, { kvTokens: 4e6, reuse: 0.9 }], 2e6) // 0.7
 */
export function reuseOnCurve(curve: Workload['reuseCurve'], kvTokens: number): number | null {
  const above = curve.find((point) => point.kvTokens >= kvTokens);
  const below = curve.findLast((point) => point.kvTokens <= kvTokens);
  if (!above || !below || above === below) return (above ?? below)?.reuse ?? null;
  const share = Math.log(kvTokens / below.kvTokens) / Math.log(above.kvTokens / below.kvTokens);
  return below.reuse + share * (above.reuse - below.reuse);
}

/**
 * A curve that goes no higher than a share: where its line crosses that share there is a point.
 *
 * @param curve points of rising tokens and shares
 * @param most the share
 * @example cappedCurve([{ kvTokens: 1e6, reuse: 0.5 }, { kvTokens: 4e6, reuse: 0.9 }], 0.7).map(({ reuse }) => reuse) // [0.5, 0.7, 0.7]
 */
export function cappedCurve(curve: Workload['reuseCurve'], most: number): Workload['reuseCurve'] {
  return curve.flatMap((point, index) => {
    const before = curve[index - 1];
    const capped = { ...point, reuse: Math.min(point.reuse, most) };
    if (!before || before.reuse >= most || point.reuse <= most) return [capped];
    const way = (most - before.reuse) / (point.reuse - before.reuse);
    return [{ kvTokens: before.kvTokens * (point.kvTokens / before.kvTokens) ** way, reuse: most }, capped];
  });
}

/** What a doubling of the KV cache must add, from the knee on, to be worth telling. */
export const LEAST_GAIN = 0.02;

/**
 * The knee of a curve: the fewest tokens from which on no doubling adds 2 points or more.
 *
 * @param curve points of rising tokens and shares
 * @returns the knee; null where the curve has no points
 * @example Math.round(reuseKnee([{ kvTokens: 1e6, reuse: 0.5 }, { kvTokens: 4e6, reuse: 0.9 }])?.kvTokens ?? 0) // 3732132
 */
export function reuseKnee(curve: Workload['reuseCurve']): Workload['reuseCurve'][number] | null {
  const at = (kvTokens: number) => reuseOnCurve(curve, kvTokens) ?? 0;
  const gain = (kvTokens: number) => at(2 * kvTokens) - at(kvTokens);
  const turns = [...new Set(curve.flatMap(({ kvTokens }) => [kvTokens / 2, kvTokens]))].sort((a, b) => a - b);
  const last = turns.findLastIndex((kvTokens) => gain(kvTokens) >= LEAST_GAIN);
  const [from = turns[0], to] = [turns[last], turns[last + 1]];
  const [first] = curve;
  if (!first || from === undefined || to === undefined) return null;
  if (last < 0) return first;
  const way = (gain(from) - LEAST_GAIN) / (gain(from) - gain(to));
  const kvTokens = from * (to / from) ** way;
  return { kvTokens, reuse: at(kvTokens) };
}
