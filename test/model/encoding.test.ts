import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENCODINGS, type EncodingId, matrixBytes, scaleCount } from '../../src/model/encoding.ts';

/** Bytes per weight of a quantised matrix: facts/model-bytes.md section 6. */
const BYTES_PER_WEIGHT: readonly [EncodingId, number][] = [
  ['bf16', 2],
  ['fp32', 4],
  ['fp8-block128', 1 + 4 / 16_384],
  ['int4-g32', 0.5625],
  ['nvfp4', 0.5625],
  ['mxfp4', 0.53125],
];

const encoding = fc.constantFrom(...BYTES_PER_WEIGHT.map(([id]) => id));
const size = fc.integer({ min: 1, max: 20_000 });

describe('bytes per weight', () => {
  it.each(BYTES_PER_WEIGHT)('%s: %d on a matrix of whole blocks', (id, bytesPerWeight) => {
    const weights = 2048 * 7168;
    expect((matrixBytes(id, 2048, 7168) - ENCODINGS[id].bytesPerTensor) / weights).toBe(bytesPerWeight);
  });

  it('one routed expert of one layer loads 24,772,608 B (facts/model-bytes.md section 2)', () => {
    const shapeWords = 3 * ENCODINGS['int4-g32'].bytesPerTensor;
    expect(2 * matrixBytes('int4-g32', 2048, 7168) + matrixBytes('int4-g32', 7168, 2048) - shapeWords).toBe(24_772_608);
  });

  it('rounds blocks up at ragged edges: 576 rows are 5 blocks of 128', () => {
    expect(scaleCount('fp8-block128', 576, 7168)).toBe(5 * 56);
  });

  it('every entry of the table is in the code', () => {
    expect(Object.keys(ENCODINGS).sort()).toEqual(BYTES_PER_WEIGHT.map(([id]) => id).sort());
  });
});

describe('properties of matrices', () => {
  it('scales cover the matrix and no more than one block beyond each edge', () => {
    fc.assert(
      fc.property(encoding, size, size, (id, rows, columns) => {
        const block = ENCODINGS[id].scaleBlock;
        const scales = scaleCount(id, rows, columns);
        if (!block) {
          expect(scales).toBe(0);
          return;
        }
        expect(scales * block[0] * block[1]).toBeGreaterThanOrEqual(rows * columns);
        expect(scales).toBeLessThanOrEqual((rows / block[0] + 1) * (columns / block[1] + 1));
      }),
    );
  });

  it('a larger matrix never takes fewer bytes', () => {
    fc.assert(
      fc.property(encoding, size, size, size, (id, rows, columns, more) => {
        expect(matrixBytes(id, rows + more, columns)).toBeGreaterThan(matrixBytes(id, rows, columns));
        expect(matrixBytes(id, rows, columns + more)).toBeGreaterThan(matrixBytes(id, rows, columns));
      }),
    );
  });
});
