import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EncodingId, encodingOf, findEncoding, matrixBytes, scaleCount, scaleGroup } from '../../src/model/encoding.ts';

/** Bytes per weight of a quantised matrix of whole blocks: facts/model-bytes.md section 6. */
const BYTES_PER_WEIGHT: readonly [EncodingId, number][] = [
  ['bf16', 2],
  ['fp32', 4],
  ['fp8-tensor', 1],
  ['fp8-block128', 1 + 4 / 16_384],
  ['fp8-channel', 1 + 2 / 7168],
  ['int4-g32', 0.5625],
  ['int4-g128', 0.515625],
  ['awq-g128', 0.51953125],
  ['nvfp4', 0.5625],
  ['mxfp4', 0.53125],
  ['gguf:q8_0', 8.5 / 8],
  ['gguf:q6_k', 6.5625 / 8],
  ['gguf:q4_k', 4.5 / 8],
  ['gguf:iq2_xxs', 2.0625 / 8],
  ['gguf:iq1_s', 1.5625 / 8],
];

const encoding = fc.constantFrom(...BYTES_PER_WEIGHT.map(([id]) => id));
const size = fc.integer({ min: 1, max: 20_000 });

describe('bytes per weight', () => {
  it.each(BYTES_PER_WEIGHT)('%s: %d on a matrix of whole blocks', (id, bytesPerWeight) => {
    const weights = 2048 * 7168;
    expect((matrixBytes(id, 2048, 7168) - encodingOf(id).bytesPerTensor) / weights).toBe(bytesPerWeight);
  });

  it('GPTQ keeps an int32 group index per input column beside the bytes of AWQ', () => {
    expect(matrixBytes('gptq-g128', 2048, 7168) - matrixBytes('awq-g128', 2048, 7168)).toBe(4 * 7168);
  });

  it('one routed expert of one layer loads 24,772,608 B (facts/model-bytes.md section 2)', () => {
    const shapeWords = 3 * encodingOf('int4-g32').bytesPerTensor;
    expect(2 * matrixBytes('int4-g32', 2048, 7168) + matrixBytes('int4-g32', 7168, 2048) - shapeWords).toBe(24_772_608);
  });

  it('rounds blocks up at ragged edges: 576 rows are 5 blocks of 128', () => {
    expect(scaleCount('fp8-block128', 576, 7168)).toBe(5 * 56);
  });
});

describe('names of encodings', () => {
  it.each(['fp8-block64', 'fp8-block128', 'int4-g1', 'int8-g128', 'int4-g99999', 'gguf:q4_k'])('%s is one', (id) => {
    expect(findEncoding(id)).not.toBeNull();
  });

  it.each([
    '',
    'int4',
    'int4-g',
    'int4-g0',
    'int4-g032',
    'int4-g-32',
    'int4-g100000',
    'fp8',
    'FP8-tensor',
    'gguf:',
    'gguf:q4_k_m',
    '__proto__',
    'constructor',
    'gguf:__proto__',
  ])('%j is none', (id) => {
    expect(findEncoding(id)).toBeNull();
  });

  it('refuses to compute with an unknown one', () => {
    expect(() => encodingOf('int4' as EncodingId)).toThrow('no encoding int4');
  });
});

describe('properties of matrices', () => {
  it('scales cover the matrix and no more than one block beyond each edge', () => {
    fc.assert(
      fc.property(encoding, size, size, (id, rows, columns) => {
        const block = encodingOf(id).scaleBlock;
        const scales = scaleCount(id, rows, columns);
        if (!block) {
          expect(scales).toBe(0);
          return;
        }
        const [blockRows, blockColumns] = [block[0] || rows, block[1] || columns];
        expect(scales * blockRows * blockColumns).toBeGreaterThanOrEqual(rows * columns);
        expect(scales).toBeLessThanOrEqual((rows / blockRows + 1) * (columns / blockColumns + 1));
      }),
    );
  });

  it('a split at a multiple of the scale group takes no more bytes than the whole', () => {
    fc.assert(
      fc.property(encoding, size, fc.integer({ min: 1, max: 64 }), (id, rows, groups) => {
        const half = scaleGroup(id) * groups;
        const perTensor = encodingOf(id).bytesPerTensor;
        const scalesOfRows = encodingOf(id).scaleBlock?.[1] === 0 ? rows * encodingOf(id).scaleBytes : 0;
        expect(2 * (matrixBytes(id, rows, half) - perTensor)).toBe(matrixBytes(id, rows, 2 * half) - perTensor + scalesOfRows);
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
