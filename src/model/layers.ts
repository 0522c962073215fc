import type { Architecture, Layer } from './architecture.ts';
import { type Attention, isAttention, type Mixer } from './mixer.ts';

const expanded = new WeakMap<Architecture, readonly Layer[]>();

/**
 * The decoder layers one by one, from first to last; a draft module is not among them.
 *
 * @example layersOf(k27.architecture).length // 61
 */
export function layersOf(architecture: Architecture): readonly Layer[] {
  const known = expanded.get(architecture);
  if (known) return known;
  const layers = architecture.layers.flatMap((run) => Array.from({ length: run.repeat }, () => run.layers).flat());
  expanded.set(architecture, layers);
  return layers;
}

const kinds = new WeakMap<Architecture, readonly Layer[]>();

/** One layer of each kind that the decoder has. */
export function layerKinds(architecture: Architecture): readonly Layer[] {
  let known = kinds.get(architecture);
  if (!known) {
    known = [...new Map(layersOf(architecture).map((layer) => [`${layer.mixer} ${layer.ffn}`, layer])).values()];
    kinds.set(architecture, known);
  }
  return known;
}

/** The mixer of a name that a layer uses. */
export function mixerNamed({ mixers }: Architecture, name: string): Mixer {
  const mixer = mixers[name];
  if (!mixer) throw new Error(`no mixer ${name}: the schema must have refused the model`);
  return mixer;
}

const attending = new WeakMap<Architecture, readonly Attention[]>();

/** The attention kinds that layers use; linear mixers are not among them. */
export function attentions(architecture: Architecture): readonly Attention[] {
  let known = attending.get(architecture);
  if (!known) {
    known = Object.values(architecture.mixers).filter(isAttention);
    attending.set(architecture, known);
  }
  return known;
}
