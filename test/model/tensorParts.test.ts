import { describe, expect, it } from 'vitest';
import type { Architecture } from '../../src/model/architecture.ts';
import type { Checkpoint } from '../../src/model/model.ts';
import { groupParameters, type Placement, tensorGroups } from '../../src/model/tensors.ts';
import { TOY, toyCheckpoint } from '../support/toyModel.ts';

function groupOf(id: string, checkpoint: Checkpoint, architecture = TOY) {
  const group = tensorGroups(architecture, checkpoint).find((each) => each.id === id);
  if (!group) throw new Error(`no group ${id}`);
  return group;
}

const parametersOf = (architecture: Architecture, checkpoint = toyCheckpoint()) =>
  tensorGroups(architecture, checkpoint).reduce((sum, group) => sum + groupParameters(group, architecture), 0);

describe('the draft', () => {
  it('follows its classes, its join stays in 16 bits', () => {
    const checkpoint = toyCheckpoint({ encodings: { attention: 'fp8-block128', 'routed-experts': 'nvfp4' } });
    expect(groupOf('draftRoutedExpertsDown', checkpoint).encoding).toBe('nvfp4');
    expect(groupOf('draftQueryUp', checkpoint).encoding).toBe('fp8-block128');
    expect(groupOf('draftJoin', checkpoint).encoding).toBe('bf16');
  });

  it('is stored as a whole where the checkpoint names it, but for vocabulary, norms and router', () => {
    const checkpoint = toyCheckpoint({ encodings: { 'routed-experts': 'nvfp4', draft: 'fp8-channel' } });
    for (const id of ['draftRoutedExpertsDown', 'draftQueryUp', 'draftJoin'])
      expect(groupOf(id, checkpoint).encoding, id).toBe('fp8-channel');
    for (const id of ['draftEmbedding', 'draftHead', 'draftLayerNorms', 'draftRouter'])
      expect(groupOf(id, checkpoint).encoding, id).toBe('bf16');
    expect(groupOf('routedExpertsDown', checkpoint).encoding).toBe('nvfp4');
  });

  it('weighs a layer, its join of 2h x h with three norms, and its vocabulary', () => {
    const withDraft = parametersOf(TOY);
    const without = parametersOf({ ...TOY, draft: null });
    const layer = groupParametersOf('draft') - 2 * 1000 * 64 - 2 * 64 * 64 - 3 * 64;
    expect(withDraft - without).toBe(groupParametersOf('draft'));
    expect(layer).toBe(latentLayer() + 2 * 64 + 8 * 64 + 8 + 9 * 3 * 64 * 32);
  });

  it('and vision are left out where the checkpoint omits them', () => {
    expect(parametersOf(TOY) - parametersOf(TOY, toyCheckpoint({ omits: ['vision'] }))).toBe(5000);
    expect(parametersOf(TOY, toyCheckpoint({ omits: ['draft'] }))).toBe(parametersOf({ ...TOY, draft: null }));
  });
});

function groupParametersOf(placement: Placement): number {
  return tensorGroups(TOY, toyCheckpoint())
    .filter((group) => group.placement === placement)
    .reduce((sum, group) => sum + groupParameters(group, TOY), 0);
}

/** q_a, q_b, kv_a, kv_b, o and both latent norms of the toy's latent attention. */
function latentLayer(): number {
  return 32 * 64 + 4 * 12 * 32 + 20 * 64 + 4 * 16 * 16 + 64 * 32 + 48;
}

describe('parts of layers', () => {
  it('attention of both kinds by hand', () => {
    expect(groupParametersOf('mixer:latent')).toBe(3 * latentLayer());
    const grouped = 64 * 64 + 2 * 16 * 64 + 64 * 64 + (64 + 2 * 16 + 64) + 2 * 8 + 8;
    expect(groupParametersOf('mixer:grouped')).toBe(2 * grouped);
  });

  it('one norm per half: two of a whole layer, one where a half is missing', () => {
    const layers = [
      { mixer: 'latent', ffn: 'dense' },
      { mixer: 'grouped', ffn: null },
      { mixer: null, ffn: 'experts' },
    ] as const;
    const architecture: Architecture = { ...TOY, layers: [{ repeat: 2, layers }] };
    expect(groupOf('layerNorms', toyCheckpoint(), architecture)).toMatchObject({ columns: 128, layers: [0, 3] });
    expect(groupOf('layerNorms1', toyCheckpoint(), architecture)).toMatchObject({ columns: 64, layers: [1, 2, 4, 5] });
    expect(groupOf('layerNorms', toyCheckpoint(), { ...architecture, normsPerLayer: 4 })).toMatchObject({ columns: 256 });
  });

  it('no head beside a tied embedding, no values where keys serve as values', () => {
    expect(parametersOf(TOY) - parametersOf({ ...TOY, tiedEmbeddings: true })).toBe(1000 * 64);
    const grouped = TOY.mixers['grouped'];
    if (grouped?.kind !== 'gqa') throw new Error('the toy has a grouped mixer');
    const keysOnly: Architecture = { ...TOY, mixers: { ...TOY.mixers, grouped: { ...grouped, keysAreValues: true } } };
    expect(parametersOf(TOY) - parametersOf(keysOnly)).toBe(2 * 16 * 64);
  });

  it('a gate doubles the query of grouped attention and adds a projection to latent attention', () => {
    const { latent, grouped } = TOY.mixers;
    if (latent?.kind !== 'mla' || grouped?.kind !== 'gqa') throw new Error('the toy has both');
    const gated: Architecture = {
      ...TOY,
      draft: null,
      mixers: { latent: { ...latent, outputGate: true }, grouped: { ...grouped, outputGate: true, bias: 'qkv' } },
    };
    const plain: Architecture = { ...TOY, draft: null, mixers: { latent, grouped: { ...grouped, bias: 'qkv' } } };
    expect(parametersOf(gated) - parametersOf(plain)).toBe(3 * 32 * 64 + 2 * (64 * 64 + 64));
  });

  it('experts without a gate, in a latent, with biases and gated shared experts', () => {
    const base = TOY.experts;
    if (!base) throw new Error('the toy has experts');
    const more = (experts: Partial<typeof base>) => parametersOf({ ...TOY, draft: null, experts: { ...base, ...experts } });
    const plain = more({});
    expect(plain - more({ matrices: 2 })).toBe(4 * 9 * 32 * 64);
    expect(more({ latentSize: 16 }) - plain).toBe(4 * (2 * 16 * 64 - 8 * 3 * 32 * (64 - 16)));
    expect(more({ latentSize: 16, latentNorm: true }) - more({ latentSize: 16 })).toBe(4 * 16);
    expect(more({ bias: true }) - plain).toBe(4 * 8 * (2 * 32 + 64));
    expect(more({ sharedGate: true }) - plain).toBe(4 * 64);
    expect(more({ sharedExperts: 2, sharedFfnSize: 48 }) - plain).toBe(4 * 3 * 64 * (96 - 32));
    expect(more({ sharedExperts: 0 }) - plain).toBe(-4 * 3 * 64 * 32);
  });

  it('a table over the vocabulary takes the place of the score bias in the first layers', () => {
    const { experts } = TOY;
    if (!experts) throw new Error('the toy has experts');
    const tables: Architecture = { ...TOY, experts: { ...experts, tableLayers: 3 } };
    expect(groupOf('routerTable', toyCheckpoint(), tables)).toMatchObject({ layers: [1, 2, 3], columns: 2000, encoding: 'fp32' });
    expect(groupOf('routerBias', toyCheckpoint(), tables)).toMatchObject({ layers: [4] });
  });

  it('residual streams: scales, attention residuals, hyper-connections', () => {
    const plain = parametersOf({ ...TOY, draft: null });
    const more = (parts: Partial<Architecture>) => parametersOf({ ...TOY, draft: null, ...parts }) - plain;
    expect(more({ layerScale: true })).toBe(5);
    expect(more({ attentionResiduals: true })).toBe(5 * 4 * 64 + 2 * 64);
    expect(more({ hyperConnections: 4 })).toBe(5 * 2 * (24 * 4 * 64 + 24 + 3) + 4 * 4 * 64 + 4 + 1);
  });
});
