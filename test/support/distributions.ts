import fc from 'fast-check';
import type { Distribution } from '../../src/evidence/distribution.ts';

const number = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0);
const positive = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
const ascending = fc.tuple(number, number, number).map((three) => three.sort((a, b) => a - b));

/** Any distribution of numbers of ordinary size. */
export const aDistribution: fc.Arbitrary<Distribution> = fc.oneof(
  number.map((value): Distribution => ({ kind: 'point', value })),
  ascending.map(([low = 0, , high = 0]): Distribution => (low === high ? { kind: 'point', value: low } : { kind: 'uniform', low, high })),
  fc.tuple(number, positive).map(([mean, deviation]): Distribution => ({ kind: 'normal', mean, deviation })),
  fc
    .tuple(positive, fc.double({ min: 0, max: 1.5, noNaN: true }))
    .map(([median, sigma]): Distribution => ({ kind: 'lognormal', median, sigma })),
  ascending.map(([low = 0, mode = 0, high = 0]): Distribution => ({ kind: 'triangular', low, mode, high })),
  ascending.map(
    ([low = 0, value = 0, high = 0]): Distribution =>
      low > 0 && high / low > 100 ? { kind: 'point', value } : { kind: 'estimate', low, value, high },
  ),
);
