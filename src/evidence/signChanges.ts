/** A value at which a function changes its sign or is zero. */
export interface SignChange {
  readonly at: number;
  /** The function there: what is left of it where no number makes it zero. */
  readonly residual: number;
  /** `crossing` passes zero, `jump` leaps over it, `touch` is zero without a change of sign, or the edge of a stretch that is zero. */
  readonly kind: 'crossing' | 'jump' | 'touch';
  /** Sign on the lower and on the higher side: -1, 0 or 1. */
  readonly before: number;
  readonly after: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** -1, 0 or 1; zero has no sign. */
const signOf = (y: number) => Math.sign(y) + 0;

const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** Halvings of a bracket; doubles are next to each other after about 60 unless the root is near 0. */
const HALVINGS = 200;
const NARROWINGS = 60;
/** A minimum of |f| this small beside its neighbours on the grid is a root that rounding hides. */
const TOUCH = 1e-9;
/** What stays of |f| beside the ends of its bracket where it leaps. */
const LEAP = 1e-3;
/** Roots closer than this share of the searched width are one root seen through rounding. */
const SAME_ROOT = 1e-7;

/** The first change of sign within a bracket: the last point with the sign of `from` and the next one without. */
function bisected(f: (x: number) => number, from: Point, to: Point): [Point, Point] {
  let [a, b] = [from, to];
  for (let step = 0; step < HALVINGS; step++) {
    const x = a.x / 2 + b.x / 2;
    if (x <= a.x || x >= b.x) break;
    const middle = { x, y: f(x) };
    if (signOf(middle.y) === signOf(a.y)) a = middle;
    else b = middle;
  }
  return [a, b];
}

/** The changes of sign between two neighbours, in order. */
function changesBetween(f: (x: number) => number, from: Point, to: Point): SignChange[] {
  const changes: SignChange[] = [];
  const scale = Math.max(...[from.y, to.y].map(Math.abs).filter(Number.isFinite));
  let start = from;
  while (signOf(start.y) !== signOf(to.y)) {
    const [a, b] = bisected(f, start, to);
    const best = Math.abs(a.y) < Math.abs(b.y) ? a : b;
    const [before, after] = [signOf(a.y), signOf(b.y)];
    const leaps = Math.abs(best.y) > LEAP * scale || !Number.isFinite(best.y);
    changes.push({ at: best.x, residual: best.y, kind: before * after === 0 ? 'touch' : leaps ? 'jump' : 'crossing', before, after });
    start = b;
  }
  return changes;
}

/** Narrows a minimum of |f| between points of one sign; the lowest point seen, of another sign where there is one. */
function lowest(f: (x: number) => number, left: Point, middle: Point, right: Point): Point {
  const sign = signOf(middle.y);
  let [a, b] = [left.x, right.x];
  let best = middle;
  for (let step = 0; step < NARROWINGS && signOf(best.y) === sign; step++) {
    const wide = b - best.x > best.x - a;
    const x = wide ? best.x + (1 - GOLDEN) * (b - best.x) : best.x - (1 - GOLDEN) * (best.x - a);
    if (x <= a || x >= b || x === best.x) break;
    const probe = { x, y: f(x) };
    const better = signOf(probe.y) !== sign || Math.abs(probe.y) < Math.abs(best.y);
    if (better) {
      if (wide) a = best.x;
      else b = best.x;
      best = probe;
    } else if (wide) b = x;
    else a = x;
  }
  return best;
}

/** One root for those that only rounding tells apart. */
function merged(changes: readonly SignChange[], width: number): SignChange[] {
  const result: SignChange[] = [];
  for (const [index, change] of changes.entries()) {
    const last = result.at(-1);
    if (!last || change.at - (changes[index - 1]?.at ?? 0) > SAME_ROOT * width) {
      result.push(change);
      continue;
    }
    const best = Math.abs(last.residual) <= Math.abs(change.residual) ? last : change;
    const touches = last.before * change.after !== -1;
    const kind = touches ? 'touch' : best.residual === 0 || best.kind === 'crossing' ? 'crossing' : 'jump';
    result[result.length - 1] = { at: best.at, residual: best.residual, kind, before: last.before, after: change.after };
  }
  return result;
}

/**
 * Where a function of one number changes its sign or touches zero, found on a grid: a bracket of two signs is halved until no number lies
 * between its ends; where |f| has a minimum on the grid it is narrowed by golden section, which finds roots that touch and pairs of
 * roots within a step. Pairs within a step where |f| has no minimum on the grid stay unseen.
 *
 * @param f may be infinite or leap; must not be NaN
 * @param grid ascending values, at least one
 * @returns in ascending order
 * @example signChanges((x) => x * x - 4, [-3, 0, 1, 5]).map(({ at, kind }) => `${at.toFixed(9)} ${kind}`) // ['-2.000000000 crossing', '2.000000000 crossing']
 */
export function signChanges(f: (x: number) => number, grid: readonly number[]): SignChange[] {
  const coarse = grid.map((x): Point => ({ x, y: f(x) }));
  const width = (grid.at(-1) ?? 0) - (grid[0] ?? 0);
  const points: Point[] = [];
  const touches: SignChange[] = [];
  for (const [index, point] of coarse.entries()) {
    points.push(point);
    const [left, right] = [coarse[index - 1], coarse[index + 1]];
    if (!left || !right || point.y === 0) continue;
    const sign = signOf(point.y);
    if (signOf(left.y) !== sign || signOf(right.y) !== sign) continue;
    const [l, m, r] = [Math.abs(left.y), Math.abs(point.y), Math.abs(right.y)];
    if (m > l || m > r || (m === l && m === r)) continue;
    const best = lowest(f, left, point, right);
    if (signOf(best.y) !== sign) {
      points.push(best);
    } else if (Math.abs(best.y) <= TOUCH * Math.max(...[l, r].filter(Number.isFinite))) {
      touches.push({ at: best.x, residual: best.y, kind: 'touch', before: sign, after: sign });
    }
  }
  points.sort((a, b) => a.x - b.x);
  const changes = points.flatMap((point, index) => {
    const next = points[index + 1];
    return next ? changesBetween(f, point, next) : [];
  });
  return merged(
    [...changes, ...touches].sort((a, b) => a.at - b.at),
    width,
  );
}
