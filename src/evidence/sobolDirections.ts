/**
 * Primitive polynomials and initial direction numbers of the first 40 dimensions of a Sobol sequence: the polynomial as bits
 * (leading coefficient first), then `m_1 … m_s`. Source: S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better
 * two-dimensional projections", SIAM J. Sci. Comput. 30 (2008) 2635-2654, table `new-joe-kuo-6.21201`. The first dimension is
 * van der Corput's sequence, all `m` = 1.
 */
const POLYNOMIALS: readonly (readonly [polynomial: number, ...initial: number[]])[] = [
  [3, 1],
  [7, 1, 3],
  [11, 1, 3, 1],
  [13, 1, 1, 1],
  [19, 1, 1, 3, 3],
  [25, 1, 3, 5, 13],
  [37, 1, 1, 5, 5, 17],
  [41, 1, 1, 5, 5, 5],
  [47, 1, 1, 7, 11, 19],
  [55, 1, 1, 5, 1, 1],
  [59, 1, 1, 1, 3, 11],
  [61, 1, 3, 5, 5, 31],
  [67, 1, 3, 3, 9, 7, 49],
  [91, 1, 1, 1, 15, 21, 21],
  [97, 1, 3, 1, 13, 27, 49],
  [103, 1, 1, 1, 15, 7, 5],
  [109, 1, 3, 1, 15, 13, 25],
  [115, 1, 1, 5, 5, 19, 61],
  [131, 1, 3, 7, 11, 23, 15, 103],
  [137, 1, 3, 7, 13, 13, 15, 69],
  [143, 1, 1, 3, 13, 7, 35, 63],
  [145, 1, 3, 5, 9, 1, 25, 53],
  [157, 1, 3, 1, 13, 9, 35, 107],
  [167, 1, 3, 1, 5, 27, 61, 31],
  [171, 1, 1, 5, 11, 19, 41, 61],
  [185, 1, 3, 5, 3, 3, 13, 69],
  [191, 1, 1, 7, 13, 1, 19, 1],
  [193, 1, 3, 7, 5, 13, 19, 59],
  [203, 1, 1, 3, 9, 25, 29, 41],
  [211, 1, 3, 5, 13, 23, 1, 55],
  [213, 1, 3, 7, 3, 13, 59, 17],
  [229, 1, 3, 1, 3, 5, 53, 69],
  [239, 1, 1, 5, 5, 23, 33, 13],
  [241, 1, 1, 7, 7, 1, 61, 123],
  [247, 1, 1, 7, 9, 13, 61, 49],
  [253, 1, 3, 3, 5, 3, 55, 33],
  [285, 1, 3, 1, 15, 31, 13, 49, 245],
  [299, 1, 3, 5, 15, 31, 59, 63, 97],
  [301, 1, 3, 1, 11, 11, 11, 77, 249],
];

const BITS = 32;

/** How many dimensions have direction numbers of their own. */
export const SOBOL_DIMENSIONS = POLYNOMIALS.length + 1;

/**
 * The 32 direction numbers of a dimension as 32-bit fractions: `v_i = m_i / 2^i`, with
 * `v_i = a_1 v_(i-1) ⊕ … ⊕ a_(s-1) v_(i-s+1) ⊕ v_(i-s) ⊕ v_(i-s) / 2^s` behind the initial ones.
 *
 * @param dimension 0 … 39
 */
export function sobolDirections(dimension: number): Uint32Array {
  const directions = new Uint32Array(BITS);
  const [polynomial, ...initial] = POLYNOMIALS[dimension - 1] ?? [1];
  const degree = initial.length;
  for (let at = 0; at < BITS; at++) {
    if (degree === 0 || at < degree) {
      directions[at] = (initial[at] ?? 1) << (BITS - 1 - at);
      continue;
    }
    const oldest = directions[at - degree] ?? 0;
    let next = oldest ^ (oldest >>> degree);
    for (let back = 1; back < degree; back++) {
      if ((polynomial >>> (degree - back)) & 1) next ^= directions[at - back] ?? 0;
    }
    directions[at] = next;
  }
  return directions;
}
