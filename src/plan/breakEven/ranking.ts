import { fleetFor } from '../../cost/fleet.ts';
import type { SelfHost } from '../hosting/selfHost.ts';
import type { Comparison } from './comparison.ts';

/**
 * Why one fleet stands before another: what it costs at the asked volume, else an early break-even, else how near the API's price comes, else how
 * likely it is.
 */
function rank(comparisons: readonly Comparison[], requestsPerMonth: number | null): readonly number[] {
  const [first] = comparisons;
  const usd = first && requestsPerMonth ? fleetFor(requestsPerMonth, first.stairs).usdPerMonth : 0;
  const earliest = Math.min(
    ...comparisons.map(({ verdict, crossings }) =>
      verdict.code === 'always' ? 0 : (crossings[0]?.requestsPerMonth ?? Number.POSITIVE_INFINITY),
    ),
  );
  const nearest = Math.max(
    0,
    ...comparisons.map(({ api, verdict }) => api.line.usdPerMtok.value / (verdict.breakEvenUsdPerMtok ?? Number.POSITIVE_INFINITY)),
  );
  const likeliest = Math.max(0, ...comparisons.map(({ verdict }) => verdict.probability ?? 0));
  return [usd, earliest, -nearest, -likeliest];
}

/**
 * Orders fleets best first; those without a throughput keep their order at the end.
 *
 * @param comparisons of the fleets with every API price
 * @param requestsPerMonth the asked volume, where there is one
 */
export function ranked(sides: readonly SelfHost[], comparisons: readonly Comparison[], requestsPerMonth: number | null): SelfHost[] {
  const ranks = new Map(
    sides.map((side) => [
      side,
      rank(
        comparisons.filter((comparison) => comparison.side === side),
        requestsPerMonth,
      ),
    ]),
  );
  return [...sides].sort((a, b) => {
    const [left, right] = [ranks.get(a) ?? [], ranks.get(b) ?? []];
    const differing = left.findIndex((value, index) => value !== right[index]);
    return differing < 0 ? 0 : (left[differing] ?? 0) < (right[differing] ?? 0) ? -1 : 1;
  });
}
