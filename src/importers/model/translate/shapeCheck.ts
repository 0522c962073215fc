import { Fault, inert } from '../../../faults/fault.ts';
import type { Architecture } from '../../../model/architecture.ts';
import { layersOf } from '../../../model/layers.ts';
import { groupParameters, type ModuleClass, type Storage, tensorGroups } from '../../../model/tensors.ts';
import type { StoredTensor } from '../parse/safetensors.ts';
import type { PlacedModule } from './weightReading.ts';

/** A shape that config or metadata tell, and what the files of weights hold. */
export interface ToldAndStored {
  readonly architecture: Architecture;
  readonly storage: Storage;
  readonly modules: readonly PlacedModule[];
  readonly tensors: readonly StoredTensor[];
  /** Where a field of the config stands, for faults. */
  readonly place: (field: string) => string;
}

/** Paddings, biases and odd norms stay below this share of all weights; a wrong shape does not. */
const GROSS = 0.25;

const EMBEDDING = /^(?!.*(?:^|\.)(?:layers|mtp)\.).*(?:^|\.)(?:embed_tokens|embeddings|tok_embeddings|word_embeddings|token_embd)\.weight$/;
const DRAFT_MARK = /(?:^|\.)(?:eh_proj|enorm|hnorm|shared_head|nextn)\b/;

/** Fields that decide how many weights a class has. */
const FIELDS: Readonly<Partial<Record<ModuleClass, string>>> = {
  embedding: 'vocab_size',
  head: 'vocab_size',
  attention: 'num_attention_heads',
  'dense-ffn': 'intermediate_size',
  'routed-experts': 'moe_intermediate_size',
  'shared-experts': 'n_shared_experts',
  draft: 'num_nextn_predict_layers',
};

function disagree(place: string, told: string, stored: string): Fault {
  return new Fault('contradiction', `it says ${told}, the tensors of the files say ${stored}`, { where: place });
}

/** `layer 5`, `layers 5 to 9, 12`; at most some of them. */
function layerWords(layers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const layer of layers) {
    const last = runs.at(-1);
    if (last && last[1] === layer - 1) last[1] = layer;
    else runs.push([layer, layer]);
  }
  const words = runs.slice(0, 5).map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
  return `${layers.length === 1 ? 'layer' : 'layers'} ${words.join(', ')}${runs.length > 5 ? ' and others' : ''}`;
}

/** The names in each numbered layer of decoder and draft. */
function namesByLayer(modules: readonly PlacedModule[]): Map<number, string[]> {
  const layers = new Map<number, string[]>();
  for (const { name, role } of modules) {
    const [, number] = /(?:^|\.)(?:layers|blk)\.(\d{1,4})\./.exec(name) ?? [];
    if (number === undefined || role === null || role.module === 'vision' || /(?:^|\.)mtp\./.test(name)) continue;
    const names = layers.get(Number(number));
    if (names) names.push(name);
    else layers.set(Number(number), [name]);
  }
  return layers;
}

function checkLayers({ architecture, modules, place }: ToldAndStored): void {
  const told = layersOf(architecture).length;
  const held = namesByLayer(modules);
  const missing = Array.from({ length: told }, (_, layer) => layer).filter((layer) => !held.has(layer));
  const isDraft = (layer: number) =>
    architecture.draft ? layer < told + architecture.draft.layers : (held.get(layer) ?? []).some((name) => DRAFT_MARK.test(name));
  const surplus = [...held.keys()].filter((layer) => layer >= told && !isDraft(layer)).sort((a, b) => a - b);
  if (missing.length === 0 && surplus.length === 0) return;
  const stored = [...held.keys()].filter((layer) => layer < told || surplus.includes(layer)).length;
  const words = [
    ...(missing.length > 0 ? [`${layerWords(missing)} missing`] : []),
    ...(surplus.length > 0 ? [`${layerWords(surplus)} beyond them`] : []),
  ];
  throw disagree(
    place('num_hidden_layers'),
    `${told} decoder ${told === 1 ? 'layer' : 'layers'}`,
    `${stored}: ${words.join(', ')} (counted from 0)`,
  );
}

function checkWidth({ architecture: { hiddenSize }, tensors, place }: ToldAndStored): void {
  const embedding = tensors.find(({ name, dtype, shape }) => EMBEDDING.test(name) && shape.length === 2 && !/^[IU]\d/.test(dtype));
  const width = embedding?.shape[1] ?? hiddenSize;
  if (width !== hiddenSize) throw disagree(place('hidden_size'), `${hiddenSize}`, `${width} (${inert(embedding?.name)})`);
}

type Counts = Map<ModuleClass, number>;

function add(counts: Counts, module: ModuleClass, parameters: number): void {
  const one = module === 'attention-output' ? 'attention' : module;
  counts.set(one, (counts.get(one) ?? 0) + parameters);
}

/** Weights by class, in the files and by the shape; without classes of which some are stored in a way that is not known. */
function counted({ architecture, storage, modules }: ToldAndStored): readonly [module: ModuleClass, stored: number, told: number][] {
  const stored: Counts = new Map();
  const told: Counts = new Map();
  const unknown = new Set<ModuleClass>();
  for (const { role, encoding, parameters } of modules) {
    if (role === null || (role.layer === 'draft' && !architecture.draft)) continue;
    const module = role.layer === 'draft' ? 'draft' : role.module;
    if (encoding === null && parameters > 0) unknown.add(module === 'attention-output' ? 'attention' : module);
    add(stored, module, parameters);
  }
  for (const group of tensorGroups(architecture, { encodings: {}, ...(storage.omits ? { omits: storage.omits } : {}) }))
    add(told, group.placement === 'draft' ? 'draft' : group.module, groupParameters(group, architecture));
  const classes = new Set([...stored.keys(), ...told.keys()]);
  return [...classes].filter((module) => !unknown.has(module)).map((module) => [module, stored.get(module) ?? 0, told.get(module) ?? 0]);
}

function checkCounts(both: ToldAndStored): void {
  const classes = counted(both);
  const stored = classes.reduce((sum, [, held]) => sum + held, 0);
  const told = classes.reduce((sum, [, , said]) => sum + said, 0);
  if (Math.abs(stored - told) <= GROSS * told) return;
  // A draft layer repeats the mistake of the decoder: it is named only where it is by far the worst.
  const difference = ([module, held, said]: (typeof classes)[number]) => Math.abs(held - said) * (module === 'draft' ? 0.1 : 1);
  const [worst] = [...classes].sort((a, b) => difference(b) - difference(a));
  if (!worst) return;
  const [module, held, said] = worst;
  throw disagree(
    both.place(FIELDS[module] ?? 'hidden_size'),
    `${told} weights with the other sizes, ${said} of them in ${module}`,
    `${stored}, ${held} of them in ${module}`,
  );
}

/**
 * Holds the shape that a config tells against the tensors of the files: layers, hidden size, and the count of weights within a quarter.
 *
 * @throws Fault `contradiction` with the field and what both say
 */
export function checkShape(both: ToldAndStored): void {
  checkLayers(both);
  checkWidth(both);
  checkCounts(both);
}
