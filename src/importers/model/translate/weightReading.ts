import { inert } from '../../../faults/fault.ts';
import type { Architecture } from '../../../model/architecture.ts';
import type { Checkpoint } from '../../../model/model.ts';
import { groupBytes, tensorGroups } from '../../../model/tensors.ts';
import { classEncodings, type StoredPart } from './classEncodings.ts';
import type { StoredModule } from './storedModules.ts';
import type { TensorRole } from './tensorNames.ts';

/** What the files of weights say of a checkpoint. */
export interface WeightReading {
  readonly storage: Pick<Checkpoint, 'encodings' | 'omits' | 'stray' | 'statedBytes'>;
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

/** What no class takes, and the layers of a draft that the config does not name. */
function strayOf(architecture: Architecture, modules: readonly PlacedModule[]): Checkpoint['stray'] {
  const stray = modules.filter(({ role }) => role === null || (role.layer === 'draft' && !architecture.draft));
  const [first] = stray;
  if (!first) return undefined;
  const elements = stray.reduce((total, { parameters }) => total + parameters, 0);
  const named = stray.length === 1 ? inert(first.name) : `${stray.length} tensors such as ${inert(first.name)}`;
  return { elements: Math.max(1, elements), bytes: sum(stray), note: `Not part of the architecture: ${named}.` };
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
  const stray = strayOf(architecture, modules);
  const storage = { encodings, ...(omits.length > 0 ? { omits } : {}), ...(stray ? { stray } : {}) };
  const bytes = sum(modules);
  const groups = tensorGroups(architecture, storage);
  const derived = groups.reduce((total, group) => total + groupBytes(group, architecture), stray?.bytes ?? 0);
  return {
    storage: bytes === derived ? storage : { ...storage, statedBytes: bytes },
    assumptions: [...assumptions, ...unknownWords(modules), ...(bytes === derived ? [] : [differenceWords(bytes, derived)])],
  };
}
