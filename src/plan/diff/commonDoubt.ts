import type { Estimate } from '../../evidence/estimate.ts';
import type { Kinship } from './diffAnswer.ts';

/**
 * How far errors of two predictions lie apart where only the load or only the layout differs: the 80 % half-width of the difference of their logarithms,
 * from held-out measurements (all pairs of one system, the farthest of the situations new layout, new GPU and other model; 40 to 118 pairs of configurations
 * each). It hardly depends on how well the system is known: what is not known of it is common to both.
 */
export const APART: Readonly<Record<'load' | 'layout', Readonly<Record<'step' | 'wait', number>>>> = {
  load: { step: 0.16, wait: 0.44 },
  layout: { step: 0.29, wait: 0.55 },
};

/** Of logarithms there and back. */
const ROUNDING = 1e-9;

/** Figures of memory and of price lists, in which no step time is. */
const WITHOUT_STEPS: ReadonlySet<string> = new Set(['weights', 'overhead', 'kv-memory', 'kv-tokens', 'sequences', 'api-cost']);

/** How far errors of the step-time model lie apart in a figure: by those of waits, of steps, or not at all. */
function apartOf(code: string, kinship: Kinship): number {
  if (WITHOUT_STEPS.has(code) || (kinship !== 'load' && kinship !== 'layout')) return 0;
  return APART[kinship][code.startsWith('ttft') ? 'wait' : 'step'];
}

/** From where a band reaches to its ends, in the scale of its figure. */
interface Reach {
  readonly below: number;
  readonly above: number;
}

/** The band of a change: of the ratio in its logarithm, or of the difference. */
interface ChangeBand {
  readonly scale: 'ratio' | 'difference';
  readonly low: number;
  readonly value: number;
  readonly high: number;
}

function reachOf({ low, value, high }: Estimate, scale: (x: number) => number): Reach {
  return { below: scale(value) - scale(low), above: scale(high) - scale(value) };
}

/** Infinite ends that both sides have say nothing of the change. */
function shift(after: number, before: number): number {
  return after === before ? 0 : after - before;
}

/**
 * The band of the change from one figure to another. Doubts that both sides share are at the same place of their bands on both, so the ends are compared with
 * each other; what is not shared adds in quadrature:
 * `high = hypot(max(0, above(after) - above(before), below(before) - below(after)), apart)`, and the low end alike, no wider than independent bands:
 * `hypot(above(after), below(before))`. In logarithms where both bands are above zero, in differences otherwise.
 *
 * @param code of the figure
 * @param kinship what both sides have in common
 * @returns ratio or difference with the ends between which 80 % of cases lie
 * @example changeBand('cost', { low: 5, value: 10, high: 20, basis: 'modelled' }, { low: 6, value: 12, high: 24, basis: 'modelled' }, 'same').low.toFixed(3) // '1.200'
 */
export function changeBand(code: string, before: Estimate, after: Estimate, kinship: Kinship): ChangeBand {
  const isRatio = before.low > 0 && after.low > 0;
  const scale = isRatio ? Math.log : (x: number) => x;
  const [was, is] = [reachOf(before, scale), reachOf(after, scale)];
  const apart = apartOf(code, kinship) * (isRatio ? 1 : Math.abs(after.value));
  const moves = [shift(is.above, was.above), shift(was.below, is.below)];
  const free: Reach = { below: Math.hypot(is.below, was.above), above: Math.hypot(is.above, was.below) };
  const bound: Reach =
    kinship === 'other'
      ? free
      : {
          below: Math.min(free.below, Math.hypot(Math.min(0, ...moves), apart)),
          above: Math.min(free.above, Math.hypot(Math.max(0, ...moves), apart)),
        };
  const value = shift(scale(after.value), scale(before.value));
  const back = isRatio ? Math.exp : (x: number) => x;
  return { scale: isRatio ? 'ratio' : 'difference', low: back(value - bound.below), value: back(value), high: back(value + bound.above) };
}

/** Whether a change has one direction over its whole band. */
export function isReal({ scale, low, value, high }: ChangeBand): boolean {
  const none = scale === 'ratio' ? 1 : 0;
  if (Math.abs(value - none) <= ROUNDING) return false;
  return value > none ? low >= none - ROUNDING : high <= none + ROUNDING;
}
