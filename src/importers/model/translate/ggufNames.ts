import type { Architecture } from '../../../model/architecture.ts';
import { type EncodingId, encodingOf, findEncoding } from '../../../model/encoding.ts';
import { layersOf, mixerNamed } from '../../../model/layers.ts';
import { isAttention } from '../../../model/mixer.ts';
import type { ModuleClass } from '../../../model/tensors.ts';
import type { StoredTensor } from '../parse/safetensors.ts';
import type { TensorRole } from './tensorNames.ts';
import type { PlacedModule } from './weightReading.ts';

/** Names within a block of a GGUF file, first match first. */
const IN_BLOCK: readonly (readonly [pattern: RegExp, module: ModuleClass | 'mixing'])[] = [
  [/^nextn\./, 'draft'],
  [/norm/, 'norm'],
  [/^indexer/, 'indexer'],
  [/^attn_(?:kv|k|v)_b\b/, 'kv-up'],
  [/^(?:ffn_gate_inp|exp_probs_b)\b/, 'router'],
  [/^ffn_\w*shexp\b/, 'shared-experts'],
  [/^ffn_\w*exps\b/, 'routed-experts'],
  [/^ffn_/, 'dense-ffn'],
  [/^(?:attn_|ssm_)/, 'mixing'],
];

function ggufRole(name: string, architecture: Architecture): TensorRole | null {
  if (/^(?:v|mm)\./.test(name)) return { module: 'vision', layer: null };
  if (/^token_embd\./.test(name)) return { module: 'embedding', layer: null };
  if (/^output\./.test(name)) return { module: 'head', layer: null };
  if (/^output_norm\./.test(name)) return { module: 'norm', layer: null };
  const [, number, rest = ''] = /^blk\.(\d{1,4})\.(.+)$/.exec(name) ?? [];
  if (number === undefined) return null;
  const index = Number(number);
  const layers = layersOf(architecture);
  const layer = index >= layers.length ? 'draft' : index;
  const [, module] = IN_BLOCK.find(([pattern]) => pattern.test(rest)) ?? [];
  if (module === undefined) return null;
  if (module !== 'mixing') return { module, layer };
  const mixer = layers[index]?.mixer;
  const isLinear = mixer != null && !isAttention(mixerNamed(architecture, mixer));
  if (isLinear) return { module: 'linear-attention', layer };
  return { module: /^attn_output\b/.test(rest) ? 'attention-output' : 'attention', layer };
}

/** Types that can stand in for those of forks, by their bits per weight. */
const TYPES = ['iq1_s', 'iq2_xxs', 'iq2_s', 'q2_k', 'iq3_xxs', 'q3_k', 'iq4_xs', 'q4_k', 'q5_k', 'q6_k', 'q8_0', 'f16'];

function nearestType(bitsPerWeight: number): EncodingId {
  const distance = (id: EncodingId) => Math.abs(encodingOf(id).bitsPerWeight - bitsPerWeight);
  return TYPES.map((type): EncodingId => `gguf:${type}`).reduce((best, id) => (distance(id) < distance(best) ? id : best));
}

/**
 * The tensors of GGUF files with class, layer and type; a type that kplan does not know is taken for the known one with the closest
 * bits per weight, and named.
 */
export function ggufModules(
  tensors: readonly StoredTensor[],
  architecture: Architecture,
): { readonly modules: readonly PlacedModule[]; readonly assumptions: readonly string[] } {
  const unknown = new Map<string, EncodingId>();
  const modules = tensors.map(({ name, dtype, elements, bytes }): PlacedModule => {
    const id = `gguf:${dtype}`;
    const stored = name.replace(/\.weight$/, '');
    const role = ggufRole(name, architecture);
    if (findEncoding(id)) return { name: stored, role, encoding: id as EncodingId, parameters: elements, bytes };
    const nearest = nearestType((8 * bytes) / elements);
    unknown.set(dtype, nearest);
    return { name: stored, role, encoding: nearest, parameters: elements, bytes };
  });
  const assumptions = [...unknown].map(
    ([type, nearest]) =>
      `Tensors of ${type}, which kplan does not know, are taken for ${nearest.slice(5)}, which has about as many bits per weight.`,
  );
  return { modules, assumptions };
}
