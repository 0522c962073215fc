import type { Architecture } from './architecture.ts';
import { layersOf, mixerNamed } from './layers.ts';
import type { Mixer } from './mixer.ts';
import { kvElements, mixingFlops, visibleTokens } from './mixing.ts';
import type { Checkpoint, Model } from './model.ts';
import { groupLayers, groupParameters, loadedBytesPerLayer, type TensorGroup, tensorGroups } from './tensors.ts';

/** Attention of layers whose queries see a limited number of tokens, over all of those layers. */
export interface LimitedAttention {
  /** Tokens of context that a query sees at most. */
  readonly tokens: number;
  readonly decodeFlopsPerContextToken: number;
  readonly prefillFlopsPerContextToken: number;
  /** Elements that a token leaves in windowed layers and that later tokens displace; 0 where all tokens are kept. */
  readonly kvElementsPerToken: number;
}

/** What one decode step reads and computes, per model copy; vision and draft take no part in it. */
export interface Traffic {
  /** Weights that every step reads whole: all but the routed experts and the embedding table. */
  readonly fixedWeightBytes: number;
  /** One routed expert of one layer, scales included; 0 without experts. */
  readonly expertBytes: number;
  readonly expertLayers: number;
  readonly experts: number;
  readonly expertsPerToken: number;
  /** Text parameters that take part in one token, the embedding table counted whole. */
  readonly activeParameters: number;
  /** Matrix products of one decoded token, output head and state updates included. */
  readonly decodeFlopsPerToken: number;
  /** Matrix products of one prompt token: the head is needed for the last position only. */
  readonly prefillFlopsPerToken: number;
  /** Attention of one decoded token over one token of context, in the latent space (absorbed) for MLA; limited layers aside. */
  readonly decodeFlopsPerContextToken: number;
  /** Attention of one prompt token over one token of context, latents expanded to heads; limited layers aside. */
  readonly prefillFlopsPerContextToken: number;
  /** Layers that see a window, or the tokens that an indexer chooses, by how many tokens that is. */
  readonly limited: readonly LimitedAttention[];
  /** Elements that one token leaves in the KV cache for good, over all layers without a window. */
  readonly kvElementsPerToken: number;
  /** Ways into which tensor parallelism can split the KV cache: the most KV heads of a layer, 1 for MLA. */
  readonly kvHeads: number;
  readonly layers: number;
  readonly hiddenSize: number;
}

const sum = <T>(items: readonly T[], size: (item: T) => number) => items.reduce((total, item) => total + size(item), 0);

function usedMixers(architecture: Architecture): Mixer[] {
  return layersOf(architecture).flatMap(({ mixer }) => (mixer === null ? [] : [mixerNamed(architecture, mixer)]));
}

function limitedAttention(mixers: readonly Mixer[]): LimitedAttention[] {
  const limits = [...new Set(mixers.map(visibleTokens))].filter((tokens) => Number.isFinite(tokens));
  return limits.map((tokens) => {
    const within = mixers.filter((mixer) => visibleTokens(mixer) === tokens);
    return {
      tokens,
      decodeFlopsPerContextToken: sum(within, (mixer) => mixingFlops(mixer).decodePerVisibleToken),
      prefillFlopsPerContextToken: sum(within, (mixer) => mixingFlops(mixer).prefillPerVisibleToken),
      kvElementsPerToken: sum(within, (mixer) => (mixer.kind === 'gqa' ? kvElements(mixer) : 0)),
    };
  });
}

function mixingTraffic(architecture: Architecture) {
  const mixers = usedMixers(architecture);
  const whole = mixers.filter((mixer) => !Number.isFinite(visibleTokens(mixer)));
  const everyToken = sum(mixers, (mixer) => mixingFlops(mixer).perContextToken);
  return {
    decodeFlopsPerContextToken: everyToken + sum(whole, (mixer) => mixingFlops(mixer).decodePerVisibleToken),
    prefillFlopsPerContextToken: everyToken + sum(whole, (mixer) => mixingFlops(mixer).prefillPerVisibleToken),
    limited: limitedAttention(mixers),
    kvElementsPerToken: sum(mixers, (mixer) => (mixer.kind === 'gqa' && mixer.window !== undefined ? 0 : kvElements(mixer))),
    stateFlopsPerToken: sum(mixers, (mixer) => mixingFlops(mixer).state),
  };
}

const known = new WeakMap<Model, WeakMap<Checkpoint, Traffic>>();

/**
 * Traffic of a checkpoint, derived from its tensor groups:
 * `decode FLOPs = 2 * parameters of the matrices that a token meets + state updates`,
 * `attention FLOPs per context token = 2 * layers * heads * (key width + value width)`.
 *
 * @param model a catalog model
 * @param checkpoint one of its checkpoints
 * @returns bytes, FLOPs per token, FLOPs per token and token of context; kept by model and checkpoint
 * @example traffic(k27, int4).fixedWeightBytes // 21095653376
 */
export function traffic(model: Model, checkpoint: Checkpoint): Traffic {
  const ofModel = known.get(model) ?? new WeakMap<Checkpoint, Traffic>();
  known.set(model, ofModel);
  let flow = ofModel.get(checkpoint);
  if (!flow) {
    flow = derived(model, checkpoint);
    ofModel.set(checkpoint, flow);
  }
  return flow;
}

function derived({ architecture: a }: Model, checkpoint: Checkpoint): Traffic {
  const groups = tensorGroups(a, checkpoint).filter(({ module, placement }) => module !== 'vision' && placement !== 'draft');
  const { stateFlopsPerToken, ...attention } = mixingTraffic(a);
  const expertLayers = layersOf(a).filter(({ ffn }) => ffn === 'experts').length;
  const { experts, expertsPerToken } = expertLayers > 0 && a.experts ? a.experts : { experts: 0, expertsPerToken: 0 };
  const isHead = ({ module }: TensorGroup) => module === 'head' || (a.tiedEmbeddings === true && module === 'embedding');
  const routed = groups.filter(({ module }) => module === 'routed-experts');
  const fixed = groups.filter((group) => group.module !== 'routed-experts' && (group.module !== 'embedding' || isHead(group)));
  const bytes = (of: readonly TensorGroup[]) => sum(of, (group) => loadedBytesPerLayer(group) * groupLayers(group, a));
  const parameters = (of: readonly TensorGroup[]) => sum(of, (group) => groupParameters(group, a));
  const activeExperts = experts === 0 ? 0 : (parameters(routed) * expertsPerToken) / experts;
  const matrices = fixed.filter(({ rows }) => rows > 1);
  const flops = (of: readonly TensorGroup[]) => 2 * (parameters(of) + activeExperts) + stateFlopsPerToken;
  return {
    fixedWeightBytes: bytes(fixed),
    expertBytes: experts === 0 ? 0 : bytes(routed) / (experts * expertLayers),
    expertLayers,
    experts,
    expertsPerToken,
    activeParameters: parameters(groups.filter(({ module }) => module !== 'routed-experts')) + activeExperts,
    decodeFlopsPerToken: flops(matrices),
    prefillFlopsPerToken: flops(matrices.filter((group) => !isHead(group))),
    ...attention,
    kvHeads: Math.max(1, ...usedMixers(a).map((mixer) => (mixer.kind === 'gqa' ? mixer.kvHeads : 1))),
    layers: layersOf(a).length,
    hiddenSize: a.hiddenSize,
  };
}

/**
 * Expected distinct experts that a batch meets in one layer under uniform routing: `E * (1 - (1 - k/E)^B)`.
 *
 * @param tokens tokens of one step, one per sequence
 * @returns a count between k and E, 0 without experts; skewed routing meets fewer
 * @example distinctExperts(traffic(k27, int4), 64).toFixed(1) // '284.2'
 */
export function distinctExperts({ experts, expertsPerToken }: Traffic, tokens: number): number {
  return experts === 0 ? 0 : experts * (1 - (1 - expertsPerToken / experts) ** tokens);
}

/**
 * Weight bytes that one decode step reads over the whole model: `fixed + layers * distinct experts * expert bytes`.
 *
 * @param tokens tokens of one step, one per sequence
 * @returns bytes
 * @example Math.round(weightBytesPerStep(traffic(k27, int4), 1)) // 32986505216
 */
export function weightBytesPerStep(flow: Traffic, tokens: number): number {
  return flow.fixedWeightBytes + flow.expertLayers * distinctExperts(flow, tokens) * flow.expertBytes;
}
