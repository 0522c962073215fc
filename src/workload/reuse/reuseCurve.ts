import type { Workload } from '../workload.ts';
import type { FoundTokens } from './foundTokens.ts';

/** How far a line may be from the exact share. */
const MOST_ERROR = 0.005;

/** Shares over sizes in blocks, from the first size to the one beyond which nothing more is found. */
interface Shares {
  readonly at: (size: number) => number;
  readonly last: number;
}

function sharesOf({ foundTokens, inputTokens }: FoundTokens): Shares {
  const at = (size: number) => (inputTokens === 0 ? 0 : (foundTokens[size] ?? 0) / inputTokens);
  const all = foundTokens.at(-1) ?? 0;
  return { at, last: Math.max(1, foundTokens.indexOf(all)) };
}

/** The largest size to which a line from `from` stays within the error at all sizes between. */
function reachOf({ at, last }: Shares, from: number): number {
  let [least, most] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  let reach = from + 1;
  for (let size = from + 1; size <= last && least <= most; size += 1) {
    const run = Math.log(size / from);
    const rise = at(size) - at(from);
    if (rise / run >= least && rise / run <= most) reach = size;
    least = Math.max(least, (rise - MOST_ERROR) / run);
    most = Math.min(most, (rise + MOST_ERROR) / run);
  }
  return reach;
}

/**
 * The curve of prefix reuse in few points, all of them exact: each line, straight over the logarithm of the tokens, reaches as far as it
 * stays within 0.5 points of the exact share at every whole number of blocks between. Smooth traffic takes about a dozen points.
 *
 * @param reuse what `prefixReuse` counted
 * @returns points of rising tokens and shares, as a workload has them; the last is the smallest KV cache that finds all there is
 * @example reuseCurve(prefixReuse([ask([1, 2]), ask([1, 2])], 512)) // [{ kvTokens: 512, reuse: 0.25 }, { kvTokens: 1024, reuse: 0.5 }]
 */
export function reuseCurve(reuse: FoundTokens): Workload['reuseCurve'] {
  const shares = sharesOf(reuse);
  const sizes = [1];
  for (let size = 1; size < shares.last; ) {
    size = reachOf(shares, size);
    sizes.push(size);
  }
  return sizes.map((size) => ({ kvTokens: size * reuse.blockTokens, reuse: shares.at(size) }));
}
