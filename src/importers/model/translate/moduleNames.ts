import type { Architecture, Layer } from '../../../model/architecture.ts';
import { layersOf, mixerNamed } from '../../../model/layers.ts';
import type { Mixer } from '../../../model/mixer.ts';
import type { ModuleClass } from '../../../model/tensors.ts';

/** A linear map of the model, under the names that files may call it. */
export interface NamedModule {
  readonly module: ModuleClass;
  /** The decoder layer; null outside the layers, 'draft' in the draft module. */
  readonly layer: number | 'draft' | null;
  readonly paths: readonly string[];
  /** Of all maps that this one stands for. */
  readonly parameters: number;
}

type Local = Omit<NamedModule, 'layer'>;

/** What the parts of a layer are called in a family's files. */
interface Vocabulary {
  readonly attention: string;
  readonly dense: string;
  readonly experts: string;
  /** Gate, up and down of one expert. */
  readonly expertMaps: readonly string[];
  /** Maps that files store in one. */
  readonly fused?: Readonly<Record<string, string>>;
}

const USUAL: Vocabulary = { attention: 'self_attn', dense: 'mlp', experts: 'mlp', expertMaps: ['gate_proj', 'up_proj', 'down_proj'] };
const FUSED: Vocabulary = {
  ...USUAL,
  fused: { q_proj: 'qkv_proj', k_proj: 'qkv_proj', v_proj: 'qkv_proj', gate_proj: 'gate_up_proj', up_proj: 'gate_up_proj' },
};
const SPARSE_BLOCK: Vocabulary = { ...USUAL, experts: 'block_sparse_moe', expertMaps: ['w1', 'w3', 'w2'] };
const FEED_FORWARD: Vocabulary = { ...USUAL, dense: 'feed_forward', experts: 'feed_forward' };
const ONE_MIXER: Vocabulary = { ...USUAL, attention: 'mixer', dense: 'mixer', experts: 'mixer' };

const VOCABULARIES: Readonly<Record<string, Vocabulary>> = {
  phi3: FUSED,
  mixtral: SPARSE_BLOCK,
  minimax_m2: SPARSE_BLOCK,
  kimi_linear: SPARSE_BLOCK,
  llama4_text: FEED_FORWARD,
  nemotron_h: ONE_MIXER,
};

function mixerMaps(mixer: Mixer, h: number, v: Vocabulary): Local[] {
  const of = (module: ModuleClass, parent: string, maps: Readonly<Record<string, number>>): Local[] =>
    Object.entries(maps).map(([names, parameters]) => ({
      module,
      parameters,
      paths: names.split('|').map((name) => `${parent}.${v.fused?.[name] ?? name}`),
    }));
  switch (mixer.kind) {
    case 'mla': {
      const queries = mixer.heads * (mixer.qkNopeHeadDim + mixer.qkRopeHeadDim);
      const values = mixer.heads * mixer.valueHeadDim;
      const rank = mixer.queryLoraRank;
      const indexer = mixer.indexer
        ? { wq_b: mixer.indexer.heads * mixer.indexer.headDim * (rank ?? h), wk: mixer.indexer.headDim * h }
        : {};
      return [
        ...of('attention', v.attention, {
          ...(rank === null ? { q_proj: queries * h } : { q_a_proj: rank * h, q_b_proj: rank * queries }),
          kv_a_proj_with_mqa: (mixer.kvLoraRank + mixer.qkRopeHeadDim) * h,
          ...(mixer.outputGate ? { g_proj: values * h } : {}),
        }),
        ...of('attention-output', v.attention, { o_proj: values * h }),
        ...(mixer.compression
          ? []
          : of('kv-up', v.attention, { kv_b_proj: mixer.heads * (mixer.qkNopeHeadDim + mixer.valueHeadDim) * mixer.kvLoraRank })),
        ...of('indexer', `${v.attention}.indexer`, indexer),
      ];
    }
    case 'gqa': {
      const values = mixer.heads * mixer.headDim;
      const keys = mixer.kvHeads * mixer.headDim;
      return [
        ...of('attention', v.attention, {
          q_proj: (mixer.outputGate ? 2 : 1) * values * h,
          k_proj: keys * h,
          ...(mixer.keysAreValues ? {} : { v_proj: keys * h }),
        }),
        ...of('attention-output', v.attention, { o_proj: values * h }),
      ];
    }
    case 'gated-delta': {
      const values = mixer.valueHeads * mixer.valueHeadDim;
      return of('linear-attention', 'linear_attn', {
        'in_proj_qkvz|in_proj_qkv': 2 * (mixer.keyHeads * mixer.keyHeadDim + values) * h,
        out_proj: values * h,
      });
    }
    case 'kimi-delta': {
      const width = mixer.heads * mixer.headDim;
      return of('linear-attention', v.attention, { q_proj: width * h, k_proj: width * h, v_proj: width * h, o_proj: width * h });
    }
    case 'mamba2': {
      const width = mixer.heads * mixer.headDim;
      return of('linear-attention', v.attention, {
        in_proj: (2 * width + 2 * mixer.groups * mixer.stateSize + mixer.heads) * h,
        out_proj: width * h,
      });
    }
  }
}

function ffnMaps(a: Architecture, kind: Layer['ffn'], v: Vocabulary): Local[] {
  const of = (module: ModuleClass, parents: readonly string[], names: readonly string[], each: number): Local[] =>
    names.map((name) => ({
      module,
      parameters: each,
      paths: parents.map((parent) => `${parent}.${v.fused?.[name] ?? name}`),
    }));
  if (kind === 'dense' && a.denseFfn) {
    const maps = a.denseFfn.matrices === 2 ? USUAL.expertMaps.slice(1) : USUAL.expertMaps;
    return of('dense-ffn', [v.dense], maps, a.denseFfn.size * a.hiddenSize);
  }
  if (kind !== 'experts' || !a.experts) return [];
  const { experts, expertFfnSize, sharedExperts, sharedFfnSize = expertFfnSize, latentSize, matrices } = a.experts;
  const less = matrices === 2 ? 1 : 0;
  const shared = [`${v.experts}.shared_experts`, `${v.experts}.shared_expert`];
  return [
    ...of(
      'routed-experts',
      [`${v.experts}.experts.0`, `${v.experts}.experts`],
      v.expertMaps.slice(less),
      experts * expertFfnSize * (latentSize ?? a.hiddenSize),
    ),
    ...(sharedExperts > 0 ? of('shared-experts', shared, USUAL.expertMaps.slice(less), sharedExperts * sharedFfnSize * a.hiddenSize) : []),
    // Kimi K3 keeps these in 16 bits although no list says so: the published element counts by type prove it.
    ...(latentSize !== undefined && v === ONE_MIXER
      ? of('expert-latent', [v.experts], ['fc1_latent_proj', 'fc2_latent_proj'], latentSize * a.hiddenSize)
      : []),
  ];
}

const VISION_PATHS = [
  'vision_tower.encoder.blocks.0.wqkv',
  'vision_tower.transformer.layers.0.attention.q_proj',
  'vision_tower.vision_model.encoder.layers.0.self_attn.q_proj',
  'model.vision_tower.encoder.blocks.0.wqkv',
  'model.vision_tower.transformer.layers.0.attention.q_proj',
  'visual.blocks.0.attn.qkv',
  'model.visual.blocks.0.attn.qkv',
  'vision_model.model.layers.0.self_attn.q_proj',
];

function prefixesOf(wrapped: boolean, textType: string): readonly string[] {
  if (wrapped) return ['model.language_model.', 'language_model.model.', 'model.', 'language_model.'];
  return textType === 'nemotron_h' ? ['backbone.', 'model.'] : ['model.'];
}

/**
 * The linear maps of a model that a checkpoint may quantise, one for each role and layer; an expert stands for all of its layer.
 *
 * @param wrapped whether the text model stands inside another, which puts further names before its paths
 */
export function namedModules(
  a: Architecture,
  { wrapped, textType }: { readonly wrapped: boolean; readonly textType: string },
): NamedModule[] {
  const v = (Object.hasOwn(VOCABULARIES, textType) && VOCABULARIES[textType]) || USUAL;
  const prefixes = prefixesOf(wrapped, textType);
  const mapsOf = ({ mixer, ffn }: Layer) => [
    ...(mixer === null ? [] : mixerMaps(mixerNamed(a, mixer), a.hiddenSize, v)),
    ...ffnMaps(a, ffn, v),
  ];
  const layers = layersOf(a);
  const inLayers = layers.flatMap((layer, index) =>
    mapsOf(layer).map((map): NamedModule => {
      const paths = map.paths.flatMap((path) => prefixes.map((prefix) => `${prefix}layers.${index}.${path}`));
      return { ...map, layer: index, paths };
    }),
  );
  const draft = a.draft
    ? mapsOf(a.draft).map((map): NamedModule => {
        const paths = map.paths.flatMap((path) => [`model.layers.${layers.length}.${path}`, `mtp.layers.0.${path}`]);
        return { ...map, layer: 'draft', paths };
      })
    : [];
  const vocabulary = a.vocabularySize * a.hiddenSize;
  return [
    ...inLayers,
    ...draft,
    ...(a.tiedEmbeddings
      ? []
      : [{ module: 'head' as const, layer: null, paths: ['lm_head', 'language_model.lm_head'], parameters: vocabulary }]),
    ...(a.vision ? [{ module: 'vision' as const, layer: null, paths: VISION_PATHS, parameters: 1 }] : []),
  ];
}
