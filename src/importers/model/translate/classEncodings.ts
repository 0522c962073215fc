import type { EncodingId } from '../../../model/encoding.ts';
import type { Checkpoint, ClassEncoding } from '../../../model/model.ts';
import type { ModuleClass } from '../../../model/tensors.ts';

/** How a part of a module class is stored. */
export interface StoredPart {
  readonly module: ModuleClass;
  readonly layer: number | 'draft' | null;
  readonly encoding: EncodingId;
  readonly parameters: number;
}

/** Encodings by module class, and what they could not express. */
export interface ClassEncodings {
  readonly encodings: Checkpoint['encodings'];
  readonly assumptions: readonly string[];
}

/** Classes of the draft module that say nothing of how its matrices are stored. */
const APART_FROM_DRAFT: ReadonlySet<ModuleClass> = new Set(['draft', 'embedding', 'head', 'norm', 'router']);

type Shares = Map<EncodingId, number>;

function add(shares: Shares, { encoding, parameters }: StoredPart): void {
  shares.set(encoding, (shares.get(encoding) ?? 0) + parameters);
}

function largest(shares: Shares): EncodingId {
  const [first] = [...shares].sort(([, a], [, b]) => b - a);
  return first?.[0] ?? 'bf16';
}

function sharesOf(parts: readonly StoredPart[]): Shares {
  const shares: Shares = new Map();
  for (const part of parts) add(shares, part);
  return shares;
}

/** Parts by the layer that they stand in. */
function byLayer(parts: readonly StoredPart[]): Map<StoredPart['layer'], StoredPart[]> {
  const layers = new Map<StoredPart['layer'], StoredPart[]>();
  for (const part of parts) {
    const those = layers.get(part.layer);
    if (those) those.push(part);
    else layers.set(part.layer, [part]);
  }
  return layers;
}

interface Told {
  readonly encoding: EncodingId;
  readonly exceptLayers: readonly number[];
  /** Parameters that are stored otherwise. */
  readonly others: number;
}

/** The encoding of a class: that of most of its quantised layers, without those that keep 16 bits. */
function told(parts: readonly StoredPart[]): Told {
  const layers = [...byLayer(parts)].map(([layer, those]) => ({ layer, those, main: largest(sharesOf(those)) }));
  const quantised = layers.filter(({ main }) => main !== 'bf16');
  const encoding =
    quantised.length === 0
      ? 'bf16'
      : largest(sharesOf(quantised.flatMap(({ those }) => those.filter(({ encoding }) => encoding !== 'bf16'))));
  const plain = quantised.length === 0 ? [] : layers.filter(({ main }) => main === 'bf16').map(({ layer }) => layer);
  const exceptLayers = plain.filter((layer) => typeof layer === 'number');
  const others = parts.filter((part) => part.encoding !== (exceptLayers.includes(part.layer as number) ? 'bf16' : encoding));
  return { encoding, exceptLayers, others: others.reduce((sum, { parameters }) => sum + parameters, 0) };
}

/**
 * How each module class is stored, from how its parts are: the encoding of most of it, the layers that keep 16 bits apart, and a
 * sentence with the share where a class is stored in more ways than that.
 */
export function classEncodings(parts: readonly StoredPart[]): ClassEncodings {
  const encodings: Partial<Record<ModuleClass, ClassEncoding>> = {};
  const assumptions: string[] = [];
  const decoder = parts.filter(({ layer }) => layer !== 'draft');
  for (const module of new Set(decoder.map((part) => part.module))) {
    const those = decoder.filter((part) => part.module === module);
    const { encoding, exceptLayers, others } = told(those);
    if (encoding !== 'bf16') encodings[module] = exceptLayers.length === 0 ? encoding : { encoding, exceptLayers };
    const share = others / those.reduce((sum, { parameters }) => sum + parameters, 0);
    // Norms weigh nothing, and stand in 16 and 32 bits side by side.
    if (share > 0 && module !== 'norm')
      assumptions.push(
        `${percent(share)} of the ${module} weights are stored otherwise than in ${encoding}, which all of them are counted in.`,
      );
  }
  nameOutput(encodings, decoder);
  const draft = parts.filter(({ layer, module }) => layer === 'draft' && !APART_FROM_DRAFT.has(module));
  const draftMain = largest(sharesOf(draft));
  if (draft.length > 0 && !draft.every(({ module, encoding }) => encoding === mainOf(encodings, module))) encodings.draft = draftMain;
  return { encodings, assumptions };
}

/** The output of attention goes with attention: it is named only where it is stored otherwise. */
function nameOutput(encodings: Partial<Record<ModuleClass, ClassEncoding>>, parts: readonly StoredPart[]): void {
  if (!parts.some(({ module }) => module === 'attention-output')) return;
  const own = encodings['attention-output'] ?? 'bf16';
  if (JSON.stringify(own) === JSON.stringify(encodings.attention ?? 'bf16')) delete encodings['attention-output'];
  else encodings['attention-output'] = own;
}

function mainOf(encodings: Checkpoint['encodings'], module: ModuleClass): EncodingId {
  const chosen = encodings[module] ?? (module === 'attention-output' ? encodings.attention : undefined) ?? 'bf16';
  return typeof chosen === 'string' ? chosen : chosen.encoding;
}

function percent(share: number): string {
  return `${share < 0.001 ? 'Less than 0.1' : (100 * share).toFixed(1)} %`;
}
