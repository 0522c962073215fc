import { Fault } from '../../../faults/fault.ts';
import type { GqaAttention, Mixer } from '../../../model/mixer.ts';
import type { JsonGroup } from '../parse/jsonGroup.ts';
import { layerCount, MOST, perLayer } from './decoder.ts';

/** What a family adds to plain grouped-query attention. */
export type GqaTraits = Pick<GqaAttention, 'bias' | 'qkNorm' | 'outputGate' | 'sinks'>;

/** Grouped-query attention over the whole context. */
export function gqaMixer(config: JsonGroup, traits: GqaTraits = {}): GqaAttention {
  const heads = config.count('num_attention_heads', MOST.heads);
  const kvHeads = config.count('num_key_value_heads', MOST.heads, heads);
  if (heads % kvHeads !== 0)
    throw new Fault('contradiction', 'heads are not a multiple of key-value heads', {
      where: config.place('num_key_value_heads'),
      value: kvHeads,
      allowed: `a divisor of ${heads}`,
    });
  const width = Math.floor(config.count('hidden_size', MOST.width) / heads);
  return { kind: 'gqa', heads, kvHeads, headDim: config.count('head_dim', MOST.headDim, Math.max(1, width)), ...traits };
}

/** Mixers by name, and the name that a layer uses. */
export interface Mixing {
  readonly mixers: Readonly<Record<string, Mixer>>;
  readonly mixerAt: (index: number) => string;
}

type WindowKind = 'full' | 'sliding' | 'chunked';

/** The kinds of layers: those that exist by their own names, or one kind alone as `attention`. */
function mixing(kinds: readonly WindowKind[], mixerOf: (kind: WindowKind) => Mixer): Mixing {
  const names = [...new Set(kinds)].sort();
  const [only = 'full'] = names;
  if (names.length === 1) return { mixers: { attention: mixerOf(only) }, mixerAt: () => 'attention' };
  return { mixers: Object.fromEntries(names.map((kind) => [kind, mixerOf(kind)])), mixerAt: (index) => kinds[index] ?? only };
}

function kindsOf(config: JsonGroup, pattern: (index: number) => WindowKind): WindowKind[] {
  if (!config.has('layer_types')) return Array.from({ length: layerCount(config) }, (_, index) => pattern(index));
  const types = perLayer(config, 'layer_types', ['full_attention', 'sliding_attention', 'chunked_attention']);
  return types.map((type) => type.replace('_attention', '') as WindowKind);
}

/** A window that is no narrower than the longest context is none. */
function narrowed(config: JsonGroup, kind: WindowKind): WindowKind {
  if (kind !== 'sliding') return kind;
  const window = config.count('sliding_window', MOST.contextTokens);
  return window >= config.count('max_position_embeddings', MOST.contextTokens) ? 'full' : kind;
}

/**
 * Attention whose layers see the whole context or a window of it.
 *
 * @param full attention of layers without a window
 * @param pattern which kind a layer is where the config has no `layer_types`
 * @param inWindow attention of layers with a window, where it has another shape
 */
export function windowed(
  config: JsonGroup,
  full: GqaAttention,
  pattern: (index: number) => WindowKind,
  inWindow: GqaAttention = full,
): Mixing {
  const kinds = kindsOf(config, pattern).map((kind) => narrowed(config, kind));
  return mixing(kinds, (kind) => {
    if (kind === 'full') return full;
    if (kind === 'sliding') return { ...inWindow, window: config.count('sliding_window', MOST.contextTokens) };
    return { ...inWindow, window: config.count('attention_chunk_size', MOST.contextTokens), windowKind: 'chunked' };
  });
}
