import { describe, expect, it } from 'vitest';
import { checked } from '../../src/catalog/check.ts';
import { contradictions } from '../../src/catalog/modelChecks.ts';
import { modelFile, wholeModelFile } from '../../src/catalog/modelFile.ts';
import { parseYaml } from '../../src/catalog/yamlFile.ts';
import type { Fault } from '../../src/faults/fault.ts';
import type { Architecture } from '../../src/model/architecture.ts';
import type { Checkpoint, Model } from '../../src/model/model.ts';
import { TOY, toyCheckpoint } from '../support/toyModel.ts';

function model(architecture: Partial<Architecture>, ...checkpoints: Partial<Checkpoint>[]): Model {
  return {
    id: 'toy',
    name: 'Toy',
    aliases: [],
    family: 'toy',
    architecture: { ...TOY, ...architecture },
    architectureSource: 'toy',
    checkpoints: checkpoints.length > 0 ? checkpoints.map(toyCheckpoint) : [toyCheckpoint()],
    defaultFormat: 'toy',
    minimumEngineVersion: {},
  };
}

const { experts, mixers, draft, vision } = TOY;
const { latent } = mixers;
if (!experts || !draft || !latent || vision?.kind !== 'stated') throw new Error('the toy has every part');
const layer = (mixer: string | null, ffn: 'dense' | 'experts' | null) => [{ repeat: 1, layers: [{ mixer, ffn }] }];

describe('parts of a model that contradict each other', () => {
  it('are none in a right one', () => {
    expect(contradictions(model({}))).toEqual([]);
  });

  it.each<[string, Model, string, string]>([
    [
      'a mixer that is none',
      model({ layers: [...TOY.layers, ...layer('latest', 'dense')] }),
      'unknown',
      'architecture.layers.2.layers.0.mixer',
    ],
    [
      'a mixer named like a property of every object',
      model({ layers: [...TOY.layers, ...layer('toString', 'dense')] }),
      'unknown',
      'architecture.layers.2.layers.0.mixer',
    ],
    ['a draft whose mixer is none', model({ draft: { ...draft, mixer: 'latest' } }), 'unknown', 'architecture.draft.mixer'],
    ['a dense FFN without its size', model({ denseFfn: null }), 'missing', 'architecture.layers.0.layers.0.ffn'],
    [
      'experts without their sizes',
      model({ experts: null, draft: null, mixers: { latent }, layers: layer('latent', 'experts') }),
      'missing',
      'architecture.layers.0.layers.0.ffn',
    ],
    ['a layer of nothing', model({ layers: [...TOY.layers, ...layer(null, null)] }), 'contradiction', 'architecture.layers.2.layers.0'],
    ['a mixer that no layer uses', model({ layers: layer('latent', 'experts') }), 'contradiction', 'architecture.mixers.grouped'],
    [
      'heads that do not share evenly',
      model({ mixers: { ...mixers, grouped: { kind: 'gqa', heads: 8, kvHeads: 3, headDim: 8 } } }),
      'contradiction',
      'architecture.mixers.grouped.kvHeads',
    ],
    [
      'more experts per token than there are',
      model({ experts: { ...experts, expertsPerToken: 9 } }),
      'contradiction',
      'architecture.experts.expertsPerToken',
    ],
    [
      'a tower split beyond itself',
      model({ vision: { ...vision, splitParameters: 5001 } }),
      'contradiction',
      'architecture.vision.splitParameters',
    ],
    ['a format that stands twice', model({}, {}, {}), 'contradiction', 'checkpoints.1.format'],
    ['an omitted part that there is not', model({ vision: null }, { omits: ['vision'] }), 'contradiction', 'checkpoints.0.omits'],
    [
      'a layer left out that there is not',
      model({}, { encodings: { head: { encoding: 'mxfp4', exceptLayers: [5] } } }),
      'contradiction',
      'checkpoints.0.encodings.head.exceptLayers',
    ],
    ['a default format that there is not', model({}, { format: 'int4' }), 'unknown', 'defaultFormat'],
  ])('%s', (_, wrong, code, path) => {
    const found = contradictions(wrong).map((each) => [each.code, each.path.join('.')]);
    expect(found).toEqual([[code, path]]);
  });
});

const FILE = `name: Toy
aliases: [toy-1]
family: toy
architecture:
  hiddenSize: 64
  vocabularySize: 1000
  maxContextTokens: 4096
  mixers:
    attention: { kind: gqa, heads: 8, kvHeads: 2, headDim: 8 }
  layers:
    - { repeat: 4, layers: [{ mixer: attention, ffn: dense }] }
  denseFfn: { size: 256 }
  experts: null
  vision: null
  draft: null
architectureSource: config
checkpoints:
  - format: int4
    encodings: { dense-ffn: int4-g32, head: { encoding: fp8-channel, exceptLayers: [0] } }
    repository: toy/toy
    source: config
defaultFormat: int4
minimumEngineVersion: {}
sources:
  config: { ref: a page, date: 2026-01, kind: spec }
`;

function faultsOf(schema: typeof wholeModelFile | typeof modelFile, content: string): Fault[] {
  const faults: Fault[] = [];
  checked(schema, parseYaml('toy.yaml', content), faults);
  return faults;
}

describe('the schema of model files', () => {
  it('takes a whole model, with or without a base', () => {
    expect(faultsOf(wholeModelFile, FILE)).toEqual([]);
    expect(faultsOf(modelFile, FILE)).toEqual([]);
  });

  it('takes parts of mixers, experts and draft from a file that extends another, and no others', () => {
    const heir = (architecture: string) => `name: Toy\naliases: []\nextends: base\narchitecture:\n  ${architecture}\nsources: {}\n`;
    expect(faultsOf(modelFile, heir('mixers: { attention: { sparseTokens: 2048 } }'))).toEqual([]);
    expect(faultsOf(modelFile, heir('experts: { experts: 512 }'))).toEqual([]);
    expect(faultsOf(modelFile, heir('draft: null'))).toEqual([]);
    const [fault] = faultsOf(modelFile, heir('mixers: { attention: { sparseToken: 2048 } }'));
    expect(fault?.details).toMatchObject({ value: 'sparseToken', nearest: ['sparseTokens'] });
  });

  it.each([
    ['an unknown encoding', 'int4-g32', 'int4', 'an encoding such as bf16'],
    ['an unknown encoding beside layers left out', 'fp8-channel', 'fp8', 'an encoding such as bf16'],
    ['an encoding named like a property of every object', 'int4-g32', 'constructor', 'an encoding such as bf16'],
    ['an unknown kind of mixer', 'kind: gqa', 'kind: mha', 'mla, gqa, gated-delta, kimi-delta or mamba2'],
    ['a mixer whose name no formula can hold', 'attention: {', 'self-attention: {', 'begins with a lower-case letter'],
    ['a format in capitals', 'format: int4', 'format: INT4', 'lower-case letters'],
    ['a negative size', 'hiddenSize: 64', 'hiddenSize: -64', 'more than 0'],
    ['a fraction of a layer', 'repeat: 4', 'repeat: 4.5', 'a whole number'],
    ['no layers', '    - { repeat: 4, layers: [{ mixer: attention, ffn: dense }] }', '    []', 'at least 1'],
    ['an FFN of another kind', 'ffn: dense', 'ffn: sparse', 'dense, experts'],
    ['a missing part', '  vision: null\n', '', 'a'],
  ])('refuses %s', (_, match, replacement, allowed) => {
    const content = FILE.replace(match, replacement);
    expect(content).not.toBe(FILE);
    const faults = faultsOf(wholeModelFile, content);
    expect(faults).not.toEqual([]);
    expect(faults.map(({ details }) => details.allowed).join('; ')).toContain(allowed);
    for (const { details } of faults) expect(details.where).toMatch(/^toy\.yaml:\d+:\d+$/);
  });

  it.each([
    ['a key that its kind of mixer has not', 'headDim: 8 }', 'headDim: 8, kvLoraRank: 512 }', 'kvLoraRank'],
    ['a module class that is none', 'dense-ffn: int4-g32', 'dense: int4-g32', 'dense'],
    ['a key that the architecture has not', 'experts: null', 'experts: null\n  heads: 8', 'heads'],
  ])('refuses %s', (_, match, replacement, key) => {
    const [fault] = faultsOf(wholeModelFile, FILE.replace(match, replacement));
    expect(fault?.message).toContain(key);
    expect(fault?.details.where).toMatch(/^toy\.yaml:\d+:\d+$/);
  });
});
