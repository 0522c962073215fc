import type { Layer, LayerRun } from '../../../model/architecture.ts';

/** The longest pattern that is looked for. */
const LONGEST_PATTERN = 64;

function sameLayer(a: Layer | undefined, b: Layer | undefined): boolean {
  return a !== undefined && b !== undefined && a.mixer === b.mixer && a.ffn === b.ffn;
}

/** How often the `length` layers from `start` on stand one behind the other. */
function repeats(layers: readonly Layer[], start: number, length: number): number {
  let same = 0;
  while (sameLayer(layers[start + same], layers[start + same + length])) same++;
  return 1 + Math.floor(same / length);
}

interface Ending {
  /** Layers and runs that have to be written down. */
  readonly cost: number;
  readonly length: number;
  readonly repeat: number;
}

function bestEnding(layers: readonly Layer[], start: number, endings: readonly (Ending | undefined)[]): Ending {
  let best: Ending | undefined;
  for (let length = 1; length <= Math.min(LONGEST_PATTERN, layers.length - start); length++) {
    for (let repeat = repeats(layers, start, length); repeat >= 1; repeat--) {
      const cost = length + 1 + (endings[start + length * repeat]?.cost ?? 0);
      const longer = length * repeat > (best?.length ?? 0) * (best?.repeat ?? 0);
      if (best === undefined || cost < best.cost || (cost === best.cost && longer)) best = { cost, length, repeat };
    }
  }
  if (!best) throw new Error('no layers are left to describe');
  return best;
}

/**
 * Layers as runs of a repeated pattern, such that as few layers and runs as possible are written down.
 *
 * @param layers the decoder from first to last
 * @example layerRuns([{ mixer: 'a', ffn: 'dense' }, { mixer: 'a', ffn: 'dense' }]) // [{ repeat: 2, layers: [{ mixer: 'a', ffn: 'dense' }] }]
 */
export function layerRuns(layers: readonly Layer[]): LayerRun[] {
  const endings: (Ending | undefined)[] = [];
  for (let start = layers.length - 1; start >= 0; start--) endings[start] = bestEnding(layers, start, endings);
  const runs: LayerRun[] = [];
  for (let at = 0; at < layers.length; ) {
    const { length, repeat } = endings[at] ?? bestEnding(layers, at, endings);
    runs.push({ repeat, layers: layers.slice(at, at + length) });
    at += length * repeat;
  }
  return runs;
}
