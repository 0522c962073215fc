import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/engine/deployment.ts';
import { waysOf } from '../../src/engine/spread.ts';
import { occurrences, stagesOf } from '../../src/memory/stage.ts';
import { extraBytes, stageWeightBytes } from '../../src/memory/weights.ts';
import { groupBytes, groupLayers, loadedBytesPerLayer, type Split, tensorGroups } from '../../src/model/tensors.ts';
import { deploymentOf, layoutOf } from '../support/deployments.ts';

/** How many copies of a tensor the ranks of a stage hold together, stated apart from the code: facts/model-bytes.md section 7. */
function copies(split: Split, { layout, release, encoderMode }: Deployment): number {
  const ranks = layout.tp * layout.attentionDp;
  const acrossGroups = release.engine.id === 'vllm' ? layout.attentionDp : 1;
  const sequenceParallel = release.engine.id === 'vllm' && layout.tp > 1 && layout.attentionDp > 1 && layout.ep > 1;
  const table: Readonly<Record<Split, number>> = {
    replicated: ranks,
    heads: layout.attentionDp,
    'kv-heads': layout.attentionDp,
    'linear-heads': layout.attentionDp,
    'dense-ffn': acrossGroups,
    'shared-ffn': sequenceParallel ? ranks : acrossGroups,
    embedding: acrossGroups,
    head: acrossGroups,
    experts: 1,
    vision: encoderMode === 'data' ? ranks : layout.attentionDp,
  };
  return table[split];
}

const power = (most: number) => fc.integer({ min: 0, max: most }).map((exponent) => 2 ** exponent);

/** Deployments whose experts divide evenly and whose shards need no padding. */
const deployment = fc
  .record({
    tp: power(4),
    attentionDp: power(3),
    pp: fc.constantFrom(1, 2, 3, 4, 8, 61),
    spread: fc.boolean(),
    engine: fc.constantFrom('vllm', 'sglang'),
    gpu: fc.constantFrom('b300', 'mi355x'),
    model: fc.constantFrom('kimi-k2.7-code', 'kimi-k2-thinking', 'kimi-k2-instruct'),
    encoderMode: fc.constantFrom('weights' as const, 'data' as const),
  })
  .map(({ tp, attentionDp, pp, spread, ...ask }) => {
    const ranks = tp * attentionDp;
    const ep = spread && 384 % ranks === 0 ? ranks : 1;
    return deploymentOf({ ...ask, layout: ranks > 32 && ep === 1 ? { tp, pp } : { tp, attentionDp, pp, ep } });
  });

describe('shards over all ranks', () => {
  it('each tensor: bytes per rank × ranks = bytes × copies', () => {
    fc.assert(
      fc.property(deployment, (one) => {
        const ranks = one.layout.tp * one.layout.attentionDp;
        for (const group of tensorGroups(one.model.architecture, one.checkpoint)) {
          expect(ranks / waysOf(group, one).value, group.split).toBe(copies(group.split, one));
        }
      }),
    );
  });

  it('all ranks of all stages together hold the loaded checkpoint, its copies and what the engine keeps beside it', () => {
    fc.assert(
      fc.property(deployment, (one) => {
        const ranks = one.layout.tp * one.layout.attentionDp;
        const stages = stagesOf(one.model.architecture, one.layout.pp);
        const held = stages.reduce((sum, stage) => sum + ranks * stageWeightBytes(one, stage), 0);
        const beside = stages.flatMap((stage) => extraBytes(one, stage)).reduce((sum, { bytes }) => sum + ranks * bytes, 0);
        const tensors = tensorGroups(one.model.architecture, one.checkpoint).reduce((sum, group) => {
          return sum + loadedBytesPerLayer(group) * groupLayers(group, one.model.architecture) * copies(group.split, one);
        }, 0);
        const rounding = ranks * stages.length;
        expect(held).toBeGreaterThanOrEqual(tensors + beside - rounding * 1e-3);
        expect(held).toBeLessThanOrEqual(tensors + beside + rounding);
      }),
    );
  });

  it('the loaded checkpoint is the file without the shape words that INT4 drops: 552,960 B', () => {
    const { model, checkpoint } = deploymentOf();
    const groups = tensorGroups(model.architecture, checkpoint);
    const file = groups.reduce((sum, group) => sum + groupBytes(group, model.architecture), 0);
    const loaded = groups.reduce((sum, group) => sum + loadedBytesPerLayer(group) * groupLayers(group, model.architecture), 0);
    expect(file - loaded).toBe(552_960);
  });

  it('TP8 on vLLM: 8 × 76,472,616,928 B = 595,147,639,776 loaded + 7 replicas of 2,299,489,248 + 8 rotary tables', () => {
    expect(8 * 76_472_616_928).toBe(595_147_639_776 + 7 * 2_299_489_248 + 8 * 67_108_864);
  });

  it('experts that do not divide over EP ranks: the fullest rank counts', () => {
    const ways = waysOf({ split: 'experts' }, deploymentOf({ layout: { attentionDp: 40, ep: 40 } }));
    expect(384 / ways.value).toBeCloseTo(10, 12);
  });
});

describe('more GPUs', () => {
  it('more TP ranks never hold more weight bytes each', () => {
    for (const engine of ['vllm', 'sglang']) {
      for (const gpu of ['h200', 'mi355x']) {
        for (const model of ['kimi-k2.7-code', 'kimi-k2-instruct']) {
          const bytes = [1, 2, 4, 8, 16, 32, 64].map((tp) => {
            const one = deploymentOf({ engine, gpu, model, layout: { tp } });
            const [stage] = stagesOf(one.model.architecture, 1);
            return stage ? stageWeightBytes(one, stage) : 0;
          });
          expect(bytes, `${model} on ${engine}, ${gpu}`).toEqual([...bytes].sort((a, b) => b - a));
          expect(bytes.at(-1)).toBeGreaterThan(0);
        }
      }
    }
  });

  it('every tensor stands on a stage exactly as often as in the model', () => {
    const { model, checkpoint } = deploymentOf();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 61 }), (pp) => {
        const stages = stagesOf(model.architecture, layoutOf({ pp }).pp);
        for (const group of tensorGroups(model.architecture, checkpoint)) {
          const total = stages.reduce((sum, stage) => sum + occurrences(group, stage, model.architecture), 0);
          expect(total).toBe(groupLayers(group, model.architecture));
        }
      }),
    );
  });
});
