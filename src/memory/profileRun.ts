import { stepTokens } from '../engine/batchTokens.ts';
import { type Deployment, expertTensorWays } from '../engine/deployment.ts';
import { admittedSequences } from '../engine/maxSequences.ts';
import { layerKinds, mixerNamed } from '../model/layers.ts';
import type { Mixer } from '../model/mixer.ts';

/** Elements of queries, keys, values and outputs that one token has at once in a mixer, over all ranks of a TP group. */
function mixerWidth(mixer: Mixer): number {
  switch (mixer.kind) {
    case 'mla':
      return 2 * mixer.heads * (mixer.qkNopeHeadDim + mixer.qkRopeHeadDim + mixer.valueHeadDim);
    case 'gated-delta':
      return 4 * mixer.valueHeads * mixer.valueHeadDim;
    default:
      return 4 * mixer.heads * mixer.headDim;
  }
}

/** Elements of a token inside the FFN of a layer on one rank: gate, up and down, and for experts a copy in and out for each of them. */
function ffnWidth(deployment: Deployment, kind: 'dense' | 'experts'): number {
  const { hiddenSize, denseFfn, experts } = deployment.model.architecture;
  if (kind === 'dense') return (3 * (denseFfn?.size ?? 0)) / deployment.layout.tp;
  if (!experts) return 0;
  const { expertsPerToken, expertFfnSize, latentSize = hiddenSize } = experts;
  return expertsPerToken * (2 * latentSize + (3 * expertFfnSize) / expertTensorWays(deployment));
}

/** Copies of the hidden state that live at once in a forward pass: residual, norm, inputs and outputs of both halves of a layer. */
const HIDDEN_COPIES = 6;

/**
 * Bytes of activations that one token needs at once on one rank, in 16 bits, at the widest layer:
 * `2 * (6 * hidden + mixer width / tp + FFN width)`.
 *
 * @returns bytes, before the scale that a fit finds
 */
export function activationBytesPerToken(deployment: Deployment): number {
  const { architecture } = deployment.model;
  const widest = layerKinds(architecture).reduce((most, { mixer, ffn }) => {
    const mixing = mixer === null ? 0 : mixerWidth(mixerNamed(architecture, mixer)) / deployment.layout.tp;
    return Math.max(most, mixing + (ffn === null ? 0 : ffnWidth(deployment, ffn)));
  }, 0);
  return 2 * (HIDDEN_COPIES * architecture.hiddenSize + widest);
}

/**
 * Bytes of the residual streams of one token where layers mix several of them (hyper-connections): they live in fp32 beside the
 * activations, `4 * 6 * streams * hidden`.
 *
 * @returns bytes; 0 for models with one stream
 */
export function residualStreamBytes({ model }: Pick<Deployment, 'model'>): number {
  const { hiddenSize, hyperConnections: streams = 0 } = model.architecture;
  return 4 * HIDDEN_COPIES * streams * hiddenSize;
}

/** Sequences for which an engine tries its sampler at start-up: as many as a step may hold. */
export function profiledSequences(deployment: Deployment): number {
  return Math.min(admittedSequences(deployment).value, stepTokens(deployment).value);
}

/** Bytes of the indexer's key and its scale for one token of context, fewer where it ranks compressed tokens; 0 where attention is not sparse. */
export function indexerKeyBytes({ model }: Deployment): number {
  const keys = Object.values(model.architecture.mixers).map((mixer) => {
    if (mixer.kind !== 'mla' || !mixer.indexer) return 0;
    return (mixer.indexer.headDim + 4) / (mixer.compression?.ratio ?? 1);
  });
  return Math.max(0, ...keys);
}
