import { inert } from '../../../faults/fault.ts';
import type { Architecture } from '../../../model/architecture.ts';
import type { Checkpoint } from '../../../model/model.ts';
import { groupBytes, tensorGroups } from '../../../model/tensors.ts';
import { classEncodings, type StoredPart } from './classEncodings.ts';
import type { StoredModule } from './storedModules.ts';
import type { TensorRole } from './tensorNames.ts';

/** What the files of weights say of a checkpoint. */
export interface WeightReading {
  readonly storage: Pick<Checkpoint, 'encodings' | 'omits' | 'stray' | 'unread' | 'statedBytes'>;
  readonly assumptions: readonly string[];
}

/** A module of the files with its role; null for what is no part of the architecture. */
export interface PlacedModule extends StoredModule {
  readonly role: TensorRole | null;
}

/** Vectors and small maps whose storage says nothing of the matrices of their class. */
const SMALL = /(?:bias|norm|A_log|conv1d|sinks|\.D|weights_proj|shared_expert_gate|in_proj_(?:ba|b|a))$/;

function partsOf(modules: readonly PlacedModule[]): StoredPart[] {
  return modules.flatMap(({ name, role, encoding, parameters }) => {
    const counts = role !== null && encoding !== null && parameters > 0 && (role.module === 'norm' || !SMALL.test(name));
    return counts ? [{ ...role, encoding, parameters }] : [];
  });
}

function sum(items: readonly { readonly bytes: number }[]): number {
  return items.reduce((total, { bytes }) => total + bytes, 0);
}

function omitted(architecture: Architecture, modules: readonly PlacedModule[]): ('draft' | 'vision')[] {
  const holds = (has: (role: TensorRole) => boolean) => modules.some(({ role }) => role !== null && has(role));
  return [
    ...(architecture.draft && !holds(({ layer }) => layer === 'draft') ? (['draft'] as const) : []),
    ...(architecture.vision && !holds(({ module }) => module === 'vision') ? (['vision'] as const) : []),
  ];
}

/** Buffers that engines compute or skip: rotary frequencies, scales of the KV cache. */
const SKIPPED = /(?:^|\.)rotary_emb\b|inv_freq\b|^rope_(?:freqs|factors)|(?:^|\.)[kqv]v?_scale$/;

/** Less than this share of the files is not worth a word. */
const NEGLIGIBLE = 0.001;

/** What no class takes: skipped by engines, or of unknown use. */
interface Leftover {
  readonly stray: readonly PlacedModule[];
  readonly unread: readonly PlacedModule[];
}

/** Draft layers that the config does not name are skipped too; what is unknown and next to nothing goes with them. */
function leftoverOf(architecture: Architecture, modules: readonly PlacedModule[]): Leftover {
  const unread = modules.filter(({ role, name }) => role === null && !SKIPPED.test(name));
  const taken = sum(unread) > NEGLIGIBLE * sum(modules) ? unread : [];
  const stray = modules.filter(({ role }) => role === null || (role.layer === 'draft' && !architecture.draft));
  return { unread: taken, stray: stray.filter((module) => !taken.includes(module)) };
}

function strayOf(stray: Leftover['stray']): Checkpoint['stray'] {
  const [first] = stray;
  if (!first) return undefined;
  const elements = stray.reduce((total, { parameters }) => total + parameters, 0);
  const named = stray.length === 1 ? inert(first.name) : `${stray.length} tensors such as ${inert(first.name)}`;
  return { elements: Math.max(1, elements), bytes: sum(stray), note: `Not part of the architecture: ${named}.` };
}

function unreadOf(unread: Leftover['unread']): Checkpoint['unread'] {
  if (unread.length === 0) return undefined;
  const names = unread.slice(0, 3).map(({ name }) => inert(name));
  return {
    bytes: sum(unread),
    note: `Not understood: ${unread.length} tensors, ${unread.length > 3 ? 'such as ' : ''}${names.join(', ')}.`,
  };
}

/** What an answer has to say of the tensors beside the architecture. */
function leftoverWords({ stray, unread }: Leftover, bytes: number): string[] {
  const percent = (part: number) => `${((100 * part) / bytes).toFixed(1)} %`;
  const draft = stray.filter(({ role }) => role !== null);
  const found = unreadOf(unread);
  return [
    ...(found
      ? [
          `The files hold ${found.bytes} bytes (${percent(found.bytes)}) whose use kplan does not know, counted as weights that every GPU of the first pipeline stage holds whole. ${found.note}`,
        ]
      : []),
    ...(sum(draft) > NEGLIGIBLE * bytes
      ? [`The files hold ${sum(draft)} bytes (${percent(sum(draft))}) of draft layers that the config does not name: engines skip them.`]
      : []),
  ];
}

function differenceWords(bytes: number, derived: number): string {
  const share = Math.abs(bytes - derived) / bytes;
  const percent = share < 0.0001 ? 'less than 0.01 %' : `${(100 * share).toFixed(2)} %`;
  return `The files hold ${Math.abs(bytes - derived)} bytes (${percent}) ${bytes > derived ? 'more' : 'less'} than the shapes and the one encoding of each module class come to; their own total of ${bytes} bytes is used.`;
}

function unknownWords(modules: readonly PlacedModule[]): string[] {
  const unknown = modules.filter(({ role, encoding }) => role !== null && encoding === null);
  const [first] = unknown;
  return first
    ? [`${unknown.length} tensors are stored in a way that is not known, such as ${inert(first.name)}: only their bytes are counted.`]
    : [];
}

/**
 * How the tensors of a checkpoint are stored, by module class; where that does not come to the bytes of the files, these are stated,
 * so that the total is exact.
 *
 * @param architecture the shape that config or metadata tell, refined by the tensors
 * @param modules of all files
 */
export function weightReading(architecture: Architecture, modules: readonly PlacedModule[]): WeightReading {
  const { encodings, assumptions } = classEncodings(partsOf(modules));
  const omits = omitted(architecture, modules);
  const leftover = leftoverOf(architecture, modules);
  const stray = strayOf(leftover.stray);
  const unread = unreadOf(leftover.unread);
  const storage = { encodings, ...(omits.length > 0 ? { omits } : {}), ...(stray ? { stray } : {}), ...(unread ? { unread } : {}) };
  const bytes = sum(modules);
  const groups = tensorGroups(architecture, storage);
  const derived = groups.reduce((total, group) => total + groupBytes(group, architecture), stray?.bytes ?? 0);
  return {
    storage: bytes === derived ? storage : { ...storage, statedBytes: bytes },
    assumptions: [
      ...assumptions,
      ...leftoverWords(leftover, bytes),
      ...unknownWords(modules),
      ...(bytes === derived ? [] : [differenceWords(bytes, derived)]),
    ],
  };
}
