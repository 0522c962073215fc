/** Splits of an interval after which what is left of its roots lies within rounding. */
const DEEPEST = 40;
/** Where the two halves of the positive axis meet: no round rate, so that no root of practice lies on it. */
const MIDDLE = 0.9134720408;
const BISECTIONS = 200;
/** A polynomial that small, beside the sum of its terms' sizes, is 0 as far as binary fractions can tell. */
const NOISE = 1e-12;
/** Roots that close to one at which the polynomial turns are the same. */
const SAME = 1e-5;

/** A root of a polynomial on the positive axis. */
interface PositiveRoot {
  readonly at: number;
  /** The polynomial touches 0 there and turns, as far as rounding lets tell. */
  readonly touches: boolean;
}

function valueAt(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((higher, coefficient) => coefficient + x * higher, 0);
}

function signChanges(values: readonly number[]): number {
  let changes = 0;
  let last = 0;
  for (const value of values) {
    if (value === 0) continue;
    if (last !== 0 && Math.sign(value) !== last) changes++;
    last = Math.sign(value);
  }
  return changes;
}

/** Coefficients in Bernstein's basis over [0, 1]: `b[k] = Σ C(k, j) / C(n, j) × a[j]`, weights within 0 and 1. */
function bernstein(coefficients: readonly number[]): number[] {
  const degree = coefficients.length - 1;
  return coefficients.map((_, k) => {
    let weight = 1;
    let sum = 0;
    for (let j = 0; j <= k; j++) {
      sum += weight * (coefficients[j] ?? 0);
      weight *= (k - j) / (degree - j);
    }
    return sum;
  });
}

/** De Casteljau: the same polynomial over the lower and the upper half of its interval. */
function halves(basis: readonly number[]): [number[], number[]] {
  const rest = [...basis];
  const lower: number[] = [];
  const upper: number[] = [];
  for (let length = rest.length; length > 0; length--) {
    lower.push(rest[0] ?? 0);
    upper.push(rest[length - 1] ?? 0);
    for (let k = 0; k + 1 < length; k++) rest[k] = ((rest[k] ?? 0) + (rest[k + 1] ?? 0)) / 2;
  }
  return [lower, upper.reverse()];
}

function bisected(coefficients: readonly number[], from: number, to: number, rising: boolean): number {
  let [low, high] = [from, to];
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    const value = valueAt(coefficients, middle);
    if (value === 0) return middle;
    if (value < 0 === rising) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function isNoise(coefficients: readonly number[], x: number): boolean {
  const size = valueAt(coefficients.map(Math.abs), x);
  return Math.abs(valueAt(coefficients, x)) <= NOISE * size;
}

/** Where the polynomial crosses 0 within (0, end): by Descartes' rule in Bernstein's basis, no sign change is no root and one is one. */
function crossingsWithin(coefficients: readonly number[], end: number): number[] {
  const scaled = coefficients.map((coefficient, power) => coefficient * end ** power);
  const found: number[] = [];
  const search = (basis: readonly number[], low: number, high: number, depth: number): void => {
    const changes = signChanges(basis);
    if (changes === 0) return;
    if (changes === 1) {
      const rising = (basis.find((value) => value !== 0) ?? 0) < 0;
      found.push(bisected(scaled, low, high, rising) * end);
      return;
    }
    const middle = (low + high) / 2;
    if (depth === DEEPEST) return;
    const [lower, upper] = halves(basis);
    search(lower, low, middle, depth + 1);
    if (upper[0] === 0) found.push(middle * end);
    search(upper, middle, high, depth + 1);
  };
  search(bernstein(scaled), 0, 1, 0);
  return found;
}

/** Roots within (0, end): where it crosses 0, and where its slope does while it is 0 itself, which takes in the crossings that are near. */
function rootsWithin(coefficients: readonly number[], end: number): PositiveRoot[] {
  const crossings = crossingsWithin(coefficients, end);
  if (signChanges(coefficients) < 2) return crossings.map((at) => ({ at, touches: false }));
  const slope = coefficients.slice(1).map((coefficient, power) => coefficient * (power + 1));
  const turns = crossingsWithin(slope, end).filter((at) => isNoise(coefficients, at));
  const touching: PositiveRoot[] = [];
  let apart = crossings;
  for (const at of turns) {
    const near = (other: number) => Math.abs(other - at) <= SAME * at;
    const last = touching.at(-1);
    if (last && near(last.at)) continue;
    touching.push({ at, touches: apart.filter(near).length % 2 === 0 });
    apart = apart.filter((other) => !near(other));
  }
  return [...apart.map((at) => ({ at, touches: false })), ...touching].sort((a, b) => a.at - b.at);
}

/**
 * All roots above 0 of `Σ coefficients[k] × x^k`, ascending: those below a middle of the polynomial, those above it of its reverse in `1 / x`.
 *
 * @param coefficients from the constant one up; the first and the last are not 0
 * @example positiveRoots([2, -3, 1]).map(({ at }) => at.toFixed(12)) // ['1.000000000000', '2.000000000000']
 */
export function positiveRoots(coefficients: readonly number[]): PositiveRoot[] {
  if (signChanges(coefficients) === 0) return [];
  const below = rootsWithin(coefficients, MIDDLE);
  const above = rootsWithin([...coefficients].reverse(), 1 / MIDDLE).map((root) => ({ ...root, at: 1 / root.at }));
  return [...below, ...above.reverse()];
}
