import type { Architecture, Layer } from '../model/architecture.ts';
import { layersOf } from '../model/layers.ts';
import type { Model } from '../model/model.ts';

/** What is wrong between parts of a model that are right each on their own. */
export interface Contradiction {
  readonly code: 'unknown' | 'missing' | 'contradiction';
  readonly path: readonly PropertyKey[];
  readonly reason: string;
  readonly value: unknown;
  readonly allowed?: string;
}

function* halfChecks(
  { mixer, ffn }: Layer,
  { mixers, denseFfn, experts }: Architecture,
  path: readonly PropertyKey[],
): Generator<Contradiction> {
  if (mixer === null && ffn === null)
    yield { code: 'contradiction', path, reason: 'a layer mixes tokens or transforms them', value: 'neither' };
  if (mixer !== null && !Object.hasOwn(mixers, mixer))
    yield {
      code: 'unknown',
      path: [...path, 'mixer'],
      reason: 'no such mixer in mixers',
      value: mixer,
      allowed: Object.keys(mixers).join(', '),
    };
  if (ffn === 'dense' && !denseFfn) yield { code: 'missing', path: [...path, 'ffn'], reason: 'a dense FFN needs denseFfn', value: ffn };
  if (ffn === 'experts' && !experts) yield { code: 'missing', path: [...path, 'ffn'], reason: 'experts need experts', value: ffn };
}

function* mixerChecks({ mixers, layers, draft }: Architecture): Generator<Contradiction> {
  const used = new Set([draft?.mixer, ...layers.flatMap((run) => run.layers.map(({ mixer }) => mixer))]);
  for (const [name, mixer] of Object.entries(mixers)) {
    const path = ['architecture', 'mixers', name];
    if (!used.has(name)) yield { code: 'contradiction', path, reason: 'no layer uses this mixer', value: name };
    if (mixer.kind === 'gqa' && mixer.heads % mixer.kvHeads !== 0)
      yield {
        code: 'contradiction',
        path: [...path, 'kvHeads'],
        reason: 'query heads share key-value heads evenly',
        value: mixer.kvHeads,
        allowed: `a divisor of ${mixer.heads}`,
      };
  }
}

function* architectureChecks(architecture: Architecture): Generator<Contradiction> {
  const { layers, draft, experts, vision } = architecture;
  for (const [run, { layers: pattern }] of layers.entries())
    for (const [index, layer] of pattern.entries())
      yield* halfChecks(layer, architecture, ['architecture', 'layers', run, 'layers', index]);
  if (draft) yield* halfChecks(draft, architecture, ['architecture', 'draft']);
  yield* mixerChecks(architecture);
  if (experts && experts.expertsPerToken > experts.experts)
    yield {
      code: 'contradiction',
      path: ['architecture', 'experts', 'expertsPerToken'],
      reason: 'more experts per token than there are',
      value: experts.expertsPerToken,
      allowed: `at most ${experts.experts}`,
    };
  if (vision?.kind === 'stated' && vision.splitParameters > vision.parameters)
    yield {
      code: 'contradiction',
      path: ['architecture', 'vision', 'splitParameters'],
      reason: 'more than all parameters',
      value: vision.splitParameters,
      allowed: `at most ${vision.parameters}`,
    };
}

function* checkpointChecks({ architecture, checkpoints, defaultFormat }: Model): Generator<Contradiction> {
  const formats = checkpoints.map(({ format }) => format);
  const layers = layersOf(architecture).length;
  for (const [index, { format, encodings, omits = [] }] of checkpoints.entries()) {
    const path = ['checkpoints', index];
    if (formats.indexOf(format) !== index)
      yield { code: 'contradiction', path: [...path, 'format'], reason: 'an earlier checkpoint has this format', value: format };
    for (const part of omits)
      if (architecture[part] === null)
        yield { code: 'contradiction', path: [...path, 'omits'], reason: 'the architecture has none', value: part };
    for (const [module, chosen] of Object.entries(encodings)) {
      const beyond = typeof chosen === 'string' ? undefined : chosen.exceptLayers.find((layer) => layer >= layers);
      if (beyond !== undefined)
        yield {
          code: 'contradiction',
          path: [...path, 'encodings', module, 'exceptLayers'],
          reason: 'there is no such layer',
          value: beyond,
          allowed: `0 to ${layers - 1}`,
        };
    }
  }
  if (!formats.includes(defaultFormat))
    yield { code: 'unknown', path: ['defaultFormat'], reason: 'no such checkpoint', value: defaultFormat, allowed: formats.join(', ') };
}

/** Every contradiction between the parts of a model. */
export function contradictions(model: Model): Contradiction[] {
  return [...architectureChecks(model.architecture), ...checkpointChecks(model)];
}
