import { SOBOL_DIMENSIONS, sobolDirections } from './sobolDirections.ts';

const BITS = 32;
/** 2^32 over the golden ratio: spreads neighbouring keys over all bits before they are mixed. */
const STRIDE = 0x9e3779b9;

/** The finaliser of MurmurHash3 (A. Appleby, public domain): every bit of its argument changes each bit of the result with chance 1/2. */
function mixed(bits: number): number {
  let hash = bits ^ (bits >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** One key of several numbers, their order included. */
function keyOf(...parts: readonly number[]): number {
  return parts.reduce((key, part) => mixed(key ^ mixed(Math.imul(part + 1, STRIDE))), STRIDE);
}

/** One random bit for each node of a binary tree of `levels` levels, the root at 1. */
function coinTree(levels: number, key: number): Uint8Array {
  const coins = new Uint8Array(2 ** levels);
  for (let node = 1; node < coins.length; node++) coins[node] = mixed(key ^ mixed(node)) >>> (BITS - 1);
  return coins;
}

/** Owen's nested scrambling of the upper bits of a number: each bit is flipped by the coin of the bits above it. */
function scrambled(bits: number, levels: number, coins: Uint8Array): number {
  let node = 1;
  let result = 0;
  for (let level = levels - 1; level >= 0; level--) {
    const bit = (bits >>> level) & 1;
    result = (result << 1) | (bit ^ (coins[node] ?? 0));
    node = (node << 1) | bit;
  }
  return result;
}

/** The first `2^levels` points of a dimension of Sobol's sequence, their upper `levels` bits; the lower ones are zero. */
function sobolColumn(dimension: number, levels: number): Uint32Array {
  const directions = sobolDirections(dimension);
  const column = new Uint32Array(2 ** levels);
  for (let index = 1; index < column.length; index++) {
    const lowestBit = BITS - 1 - Math.clz32(index & -index);
    column[index] = (column[index & (index - 1)] ?? 0) ^ (directions[lowestBit] ?? 0);
  }
  return column;
}

/** Which randomisation of a point set. */
export interface Randomisation {
  /** A whole number from 0 to 2^32 - 1. */
  readonly seed: number;
  /** Randomisations of the same seed with different numbers are independent. */
  readonly number: number;
}

/**
 * Quasi-random points in the open unit cube: Sobol's sequence under Owen's nested uniform scrambling, the same for the same arguments.
 *
 * Each point is uniform and the set is a scrambled digital net: the error of a mean falls as `points^-1.5` for a smooth function
 * (times a power of `log points`) where plain Monte Carlo has `points^-0.5`. The net has its strength for a power of two only.
 * Each further 40 dimensions take the same net with an independent scrambling of values and order ("padding").
 * Sources: A. B. Owen, "Randomly permuted (t,m,s)-nets and (t,s)-sequences" (1995) and "Scrambled net variance for integrals of
 * smooth functions", Ann. Statist. 25 (1997) 1541; B. Burley, "Practical hash-based Owen scrambling", JCGT 9(4) (2020) on the padding.
 *
 * @param dimensions how many coordinates each point has
 * @param levels `log2` of the number of points, 1 … 20
 * @returns for each dimension the coordinates of all points, in (0, 1)
 * @example quasiRandomPoints(2, 3, { seed: 1, number: 0 }).map((column) => [...column].map((u) => Math.floor(8 * u)).sort().join('')) // ['01234567', '01234567']
 */
export function quasiRandomPoints(dimensions: number, levels: number, { seed, number }: Randomisation): Float64Array[] {
  const points = 2 ** levels;
  const lowerBits = BITS - levels;
  const lowerMask = 2 ** lowerBits - 1;
  let order: Uint8Array | undefined;
  return Array.from({ length: dimensions }, (_, dimension) => {
    const block = Math.floor(dimension / SOBOL_DIMENSIONS);
    if (block > 0 && dimension % SOBOL_DIMENSIONS === 0) order = coinTree(levels, keyOf(seed, number, block, 0));
    const net = sobolColumn(dimension % SOBOL_DIMENSIONS, levels);
    const key = keyOf(seed, number, dimension, 1);
    const lowerKey = keyOf(seed, number, dimension, 2);
    const coins = coinTree(levels, key);
    const column = new Float64Array(points);
    for (let index = 0; index < points; index++) {
      const upper = (net[order ? scrambled(index, levels, order) : index] ?? 0) >>> lowerBits;
      // No two points share their upper bits, so that below them Owen's coins are independent bits for each point.
      const lower = (mixed(lowerKey ^ mixed(upper + 1)) & lowerMask) >>> 0;
      column[index] = (scrambled(upper, levels, coins) * 2 ** lowerBits + lower + 0.5) / 2 ** BITS;
    }
    return column;
  });
}
