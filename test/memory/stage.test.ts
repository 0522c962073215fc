import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stageSizes, stagesOf } from '../../src/memory/stage.ts';
import { deploymentOf } from '../support/deployments.ts';

describe('61 layers in stages (facts/engines.md section 6, vllm.pp-split)', () => {
  it.each([
    [1, [61]],
    [2, [31, 30]],
    [3, [20, 21, 20]],
    [4, [15, 15, 16, 15]],
    [8, [7, 7, 8, 8, 8, 8, 8, 7]],
  ])('%i stages', (stages, sizes) => {
    expect(stageSizes(61, stages)).toEqual(sizes);
  });

  it('the dense layer, embedding and vision stand on the first stage, the head on the last', () => {
    const stages = stagesOf(deploymentOf().model.architecture, 4);
    expect(stages.map(({ denseLayers }) => denseLayers)).toEqual([1, 0, 0, 0]);
    expect(stages.map(({ first }) => first)).toEqual([true, false, false, false]);
    expect(stages.map(({ last }) => last)).toEqual([false, false, false, true]);
  });

  it('a stage may hold nothing but dense layers', () => {
    const stages = stagesOf({ ...deploymentOf().model.architecture, layers: 6, denseLayers: 3 }, 3);
    expect(stages.map(({ layers, denseLayers }) => [layers, denseLayers])).toEqual([
      [2, 2],
      [2, 1],
      [2, 0],
    ]);
  });

  it('any cut keeps all layers, in parts that differ by one at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 64 }), (layers, stages) => {
        const sizes = stageSizes(layers, stages);
        expect(sizes).toHaveLength(stages);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(layers);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
