import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Stage, stageSizes, stagesOf } from '../../src/memory/stage.ts';
import { deploymentOf } from '../support/deployments.ts';

const denseLayers = (stages: readonly Stage[]) => stages.map(({ layers }) => layers.filter(({ ffn }) => ffn === 'dense').length);

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
    expect(denseLayers(stages)).toEqual([1, 0, 0, 0]);
    expect(stages.map(({ first }) => first)).toEqual([true, false, false, false]);
    expect(stages.map(({ last }) => last)).toEqual([false, false, false, true]);
  });

  it('a stage may hold nothing but dense layers', () => {
    const run = (repeat: number, ffn: 'dense' | 'experts') => ({ repeat, layers: [{ mixer: 'attention', ffn }] });
    const stages = stagesOf({ ...deploymentOf().model.architecture, layers: [run(3, 'dense'), run(3, 'experts')] }, 3);
    expect(stages.map(({ layers }) => layers.length)).toEqual([2, 2, 2]);
    expect(denseLayers(stages)).toEqual([2, 1, 0]);
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
