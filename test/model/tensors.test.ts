import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import type { Architecture } from '../../src/model/architecture.ts';
import { checkpointSize } from '../../src/model/checkpointSize.ts';
import { layersOf } from '../../src/model/layers.ts';
import type { Checkpoint, Model } from '../../src/model/model.ts';
import {
  encodingOfClass,
  groupBytes,
  groupLayers,
  groupParameters,
  layersOfPlacement,
  loadedBytesPerLayer,
  type ModuleClass,
  type Placement,
  placementLayers,
  tensorGroups,
} from '../../src/model/tensors.ts';
import { TOY, toyCheckpoint } from '../support/toyModel.ts';

const { models } = loadCatalog();
const checkpoints = models.flatMap((model) => model.checkpoints.map((checkpoint) => [model, checkpoint] as const));
const toyModel = (architecture: Architecture): Model => ({
  id: 'toy',
  name: 'Toy',
  aliases: [],
  family: 'toy',
  architecture,
  architectureSource: 'toy',
  checkpoints: [],
  defaultFormat: 'toy',
  minimumEngineVersion: {},
});

function groupOf(id: string, checkpoint: Checkpoint, architecture = TOY) {
  const group = tensorGroups(architecture, checkpoint).find((each) => each.id === id);
  if (!group) throw new Error(`no group ${id}`);
  return group;
}

const parametersOf = (architecture: Architecture, checkpoint = toyCheckpoint()) =>
  checkpointSize(toyModel(architecture), checkpoint).parameters;

describe('tensor groups of every checkpoint of the catalog', () => {
  it('have unique ids that can stand in a formula', () => {
    for (const [model, checkpoint] of checkpoints) {
      const ids = tensorGroups(model.architecture, checkpoint).map(({ id }) => id);
      expect(new Set(ids).size, model.id).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^[a-z][a-zA-Z0-9]*$/);
    }
  });

  it('hold whole tensors of whole sizes, at least once', () => {
    for (const [model, checkpoint] of checkpoints)
      for (const group of tensorGroups(model.architecture, checkpoint)) {
        for (const count of [group.rows, group.columns, group.tensors, groupLayers(group, model.architecture)])
          expect(Number.isSafeInteger(count) && count > 0, `${model.id} ${group.id}`).toBe(true);
        expect(group.split === 'kv-heads', `${model.id} ${group.id}`).toBe(group.kvHeads !== undefined);
      }
  });

  it('load no more than they store', () => {
    for (const [model, checkpoint] of checkpoints)
      for (const group of tensorGroups(model.architecture, checkpoint))
        expect(loadedBytesPerLayer(group) * groupLayers(group, model.architecture)).toBeLessThanOrEqual(
          groupBytes(group, model.architecture),
        );
  });

  it('have as many parameters in every format, but for what a format omits', () => {
    for (const model of models) {
      const whole = (checkpoint: Checkpoint) =>
        tensorGroups(model.architecture, { ...checkpoint, omits: [] }).reduce(
          (sum, group) => sum + groupParameters(group, model.architecture),
          0,
        );
      expect(new Set(model.checkpoints.map(whole)).size, model.id).toBe(1);
    }
  });
});

describe('ids', () => {
  it('are plain where one kind of attention is used', () => {
    const ids = tensorGroups({ ...TOY, ...oneMixer() }, toyCheckpoint({ omits: ['draft', 'vision'] })).map(({ id }) => id);
    expect(ids).toEqual([
      'embedding',
      'queryDown',
      'queryUp',
      'kvDown',
      'kvUp',
      'attentionOutput',
      'latentNorms',
      'layerNorms',
      'denseGateUp',
      'denseDown',
      'router',
      'routerBias',
      'sharedExpertsGateUp',
      'sharedExpertsDown',
      'routedExpertsGateUp',
      'routedExpertsDown',
      'finalNorm',
      'head',
    ]);
  });

  it('begin with the mixer where there are several, and with draft in the draft module', () => {
    const ids = tensorGroups(TOY, toyCheckpoint()).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['latentQueryDown', 'groupedQuery', 'groupedKeyValue', 'draftJoin', 'draftKvUp']));
    expect(ids).not.toContain('queryDown');
  });
});

function oneMixer(): Pick<Architecture, 'mixers' | 'layers'> {
  const { latent } = TOY.mixers;
  if (!latent) throw new Error('the toy has a latent mixer');
  return {
    mixers: { latent },
    layers: [
      { repeat: 1, layers: [{ mixer: 'latent', ffn: 'dense' }] },
      { repeat: 4, layers: [{ mixer: 'latent', ffn: 'experts' }] },
    ],
  };
}

describe('placements', () => {
  it('name the layers of a hybrid', () => {
    expect(layersOf(TOY)).toHaveLength(5);
    expect(layersOfPlacement('mixer:latent', TOY)).toEqual([0, 2, 4]);
    expect(layersOfPlacement('mixer:grouped', TOY)).toEqual([1, 3]);
    expect(layersOfPlacement('dense-layers', TOY)).toEqual([0]);
    expect(layersOfPlacement('expert-layers', TOY)).toEqual([1, 2, 3, 4]);
    expect(layersOfPlacement('draft', TOY)).toEqual([]);
  });

  it.each<[Placement, number]>([
    ['first', 1],
    ['last', 1],
    ['draft', 1],
    ['every-layer', 5],
    ['dense-layers', 1],
    ['expert-layers', 4],
    ['mixer:latent', 3],
    ['mixer:none', 0],
  ])('%s covers %i', (placement, count) => {
    expect(placementLayers(placement, TOY)).toBe(count);
  });

  it('have no draft layers without a draft', () => {
    expect(placementLayers('draft', { ...TOY, draft: null })).toBe(0);
  });
});

describe('encodings', () => {
  const encoding = fc.constantFrom('fp8-block128', 'fp8-channel', 'int4-g32', 'nvfp4', 'mxfp4', 'awq-g128', 'gguf:q4_k');
  const module = fc.constantFrom<ModuleClass[]>('attention', 'kv-up', 'dense-ffn', 'shared-experts', 'routed-experts', 'head', 'embedding');

  it('reach their class and no other', () => {
    fc.assert(
      fc.property(module, encoding, (chosen, id) => {
        const checkpoint = toyCheckpoint({ encodings: { [chosen]: id } });
        expect(encodingOfClass(checkpoint, chosen)).toBe(id);
        for (const group of tensorGroups(TOY, checkpoint)) {
          const classes = group.module === 'attention-output' ? ['attention', 'attention-output'] : [group.module];
          const quantised = classes.includes(chosen) && group.rows > 1;
          expect(group.encoding === id, group.id).toBe(quantised);
        }
      }),
    );
  });

  it('never change the parameters', () => {
    fc.assert(
      fc.property(fc.dictionary(module, encoding), (encodings) => {
        expect(parametersOf(TOY, toyCheckpoint({ encodings }))).toBe(parametersOf(TOY));
      }),
    );
  });

  it('may name the output of attention apart', () => {
    const apart = toyCheckpoint({ encodings: { 'attention-output': 'nvfp4' } });
    expect(groupOf('latentAttentionOutput', apart).encoding).toBe('nvfp4');
    expect(groupOf('latentQueryUp', apart).encoding).toBe('bf16');
    const kept = toyCheckpoint({ encodings: { attention: 'nvfp4', 'attention-output': 'bf16' } });
    expect(groupOf('latentAttentionOutput', kept).encoding).toBe('bf16');
    expect(groupOf('latentQueryUp', kept).encoding).toBe('nvfp4');
  });

  it('leave layers out: the class then stands in two groups with their layers', () => {
    const checkpoint = toyCheckpoint({ encodings: { 'routed-experts': { encoding: 'mxfp4', exceptLayers: [1, 4] } } });
    expect(groupOf('routedExpertsDown', checkpoint)).toMatchObject({ encoding: 'mxfp4', layers: [2, 3] });
    expect(groupOf('routedExpertsDownPlain', checkpoint)).toMatchObject({ encoding: 'bf16', layers: [1, 4] });
    expect(parametersOf(TOY, checkpoint)).toBe(parametersOf(TOY));
    expect(encodingOfClass(checkpoint, 'routed-experts')).toBe('mxfp4');
  });

  it('that leave out no layer of a class, or every one, leave one group', () => {
    const none = toyCheckpoint({ encodings: { 'dense-ffn': { encoding: 'mxfp4', exceptLayers: [3] } } });
    expect(groupOf('denseDown', none)).toMatchObject({ encoding: 'mxfp4', placement: 'dense-layers' });
    const all = toyCheckpoint({ encodings: { 'dense-ffn': { encoding: 'mxfp4', exceptLayers: [0] } } });
    expect(tensorGroups(TOY, all).find(({ id }) => id === 'denseDown')).toBeUndefined();
    expect(groupOf('denseDownPlain', all)).toMatchObject({ encoding: 'bf16', layers: [0] });
  });

  it('do not touch norms, biases and score corrections', () => {
    const every = Object.fromEntries(
      (['attention', 'router', 'routed-experts', 'dense-ffn'] as const).map((name) => [name, 'fp8-channel']),
    ) as Checkpoint['encodings'];
    const groups = tensorGroups(TOY, toyCheckpoint({ encodings: every }));
    for (const id of ['layerNorms', 'groupedQueryBias', 'groupedAttentionSinks', 'routerBias'])
      expect(groups.find((group) => group.id === id)?.encoding, id).toBe(id === 'routerBias' ? 'fp32' : 'bf16');
  });
});

describe('sizes', () => {
  it('are the sums of the groups, with the bytes of stray buffers', () => {
    for (const [model, checkpoint] of checkpoints) {
      const groups = tensorGroups(model.architecture, checkpoint);
      const bytes = groups.reduce((sum, group) => sum + groupBytes(group, model.architecture), checkpoint.stray?.bytes ?? 0);
      expect(checkpointSize(model, checkpoint).bytes, `${model.id} ${checkpoint.format}`).toBe(bytes);
    }
  });

  it('a total that is only stated stands in their place', () => {
    expect(checkpointSize(toyModel(TOY), toyCheckpoint({ statedBytes: 9 })).bytes).toBe(9);
  });
});
