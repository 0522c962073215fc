import type { Architecture } from '../../../model/architecture.ts';
import { layersOf, mixerNamed } from '../../../model/layers.ts';
import { isAttention } from '../../../model/mixer.ts';
import type { ModuleClass } from '../../../model/tensors.ts';

/** The role of a tensor in the model. */
export interface TensorRole {
  readonly module: ModuleClass;
  readonly layer: number | 'draft' | null;
}

/** Names that say where in a layer a tensor stands, first match first; `mixing` is for the mixer of its layer to tell. */
const IN_LAYER: readonly (readonly [pattern: RegExp, module: ModuleClass | 'mixing' | 'one-mixer'])[] = [
  [/(?:^|\.)(?:eh_proj|enorm|hnorm|shared_head\.norm)\b/, 'draft'],
  [/(?:^|\.)embed_tokens\b/, 'embedding'],
  [/(?:^|\.)shared_head\.head\b/, 'head'],
  [/(?:^|\.)indexer\.(?:\w+_)?norm\b/, 'norm'],
  [/(?:^|\.)indexer\./, 'indexer'],
  [/(?:^|\.)kv_b_proj\b/, 'kv-up'],
  [/(?:^|\.)fc[12]_latent_proj\b/, 'expert-latent'],
  [/(?:^|\.)shared_experts?(?:\.|_gate\b)/, 'shared-experts'],
  [/(?:^|\.)experts?\./, 'routed-experts'],
  [/^(?:mlp|block_sparse_moe|feed_forward|ffn|mixer)\.(?:gate|router)(?:\.|$)|e_score_correction_bias/, 'router'],
  [/^mixer\.norm\b|(?:^|\.)(?:linear_attn|mamba)\.norm\b|(?:^|\.)o_norm\b/, 'norm'],
  [/^(?:mixer)\./, 'one-mixer'],
  [/^(?:self_attn|attention|attn)\.\w*norm\b/, 'norm'],
  [/^(?:self_attn|attention|attn|linear_attn|mamba)\./, 'mixing'],
  [/^(?:mlp|feed_forward|ffn)\./, 'dense-ffn'],
  [/norm\b/, 'norm'],
];

/** The projection out of attention. */
const OUTPUT = /\.(?:o_proj|wo|wo_[ab])\b/;

const VISION = /(?:^|\.)(?:vision_tower|vision_model|vision_encoder|visual|mm_projector|multi_modal_projector|embed_vision|patch_merger)\./;

/** Towers of other kinds, whose layers are none of the decoder. */
const OTHER_TOWER = /(?:^|\.)\w*(?:tower|encoder|audio|speech|talker|codec)\w*\.(?:.*\.)?layers\.\d/;

function mixingOf(architecture: Architecture, layer: number, one: boolean): ModuleClass {
  const { mixer = null, ffn } = layersOf(architecture)[layer] ?? { ffn: null };
  if (mixer === null) return one && ffn === 'dense' ? 'dense-ffn' : 'attention';
  return isAttention(mixerNamed(architecture, mixer)) ? 'attention' : 'linear-attention';
}

/** A tensor in a decoder or draft layer, by what follows the number of the layer. */
function inLayer(architecture: Architecture, layer: number | 'draft', rest: string): TensorRole | null {
  const [, found] = IN_LAYER.find(([pattern]) => pattern.test(rest)) ?? [];
  if (found === undefined) return null;
  if (found !== 'mixing' && found !== 'one-mixer') return { module: found, layer };
  const module = layer === 'draft' ? 'attention' : mixingOf(architecture, layer, found === 'one-mixer');
  return { module: module === 'attention' && OUTPUT.test(rest) ? 'attention-output' : module, layer };
}

/**
 * The class and layer of a tensor, by the name that it has in the files of any family.
 *
 * @param name without an ending such as `.weight_scale`
 * @returns null for what is no part of the architecture, such as rotary buffers
 */
export function tensorRole(name: string, architecture: Architecture): TensorRole | null {
  if (VISION.test(`.${name}`)) return { module: 'vision', layer: null };
  if (/(?:^|\.)rotary_emb\b|\binv_freq\b|(?:^|\.)[kqv]v?_scale$/.test(name) || OTHER_TOWER.test(name)) return null;
  const [, number, rest = ''] = /(?:^|\.)layers\.(\d{1,4})\.(.+)$/.exec(name) ?? [];
  if (number === undefined) {
    if (/(?:^|\.)mtp\./.test(name)) return { module: 'draft', layer: 'draft' };
    if (/(?:^|\.)(?:embed_tokens|embeddings|tok_embeddings|word_embeddings)$/.test(name)) return { module: 'embedding', layer: null };
    if (/(?:^|\.)(?:lm_head|output)$/.test(name)) return { module: 'head', layer: null };
    return /(?:^|\.)(?:norm|norm_f|final_layernorm)$/.test(name) ? { module: 'norm', layer: null } : null;
  }
  const isDraft = /(?:^|\.)mtp\./.test(name) || Number(number) >= layersOf(architecture).length;
  return inLayer(architecture, isDraft ? 'draft' : Number(number), rest);
}
