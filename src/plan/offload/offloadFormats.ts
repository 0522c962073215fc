import type { LlamaCpp } from '../../engine/llamacpp/llamaCpp.ts';
import type { Origin } from '../../evidence/term.ts';
import { Fault } from '../../faults/fault.ts';
import { nearestNames } from '../../faults/nearest.ts';
import type { ByEnd } from '../../memory/offload/offloadEnds.ts';
import type { GgufStorage } from '../../memory/offload/offloadWeights.ts';
import { type EncodingId, findEncoding } from '../../model/encoding.ts';
import type { GgufMix } from '../../model/ggufMix.ts';
import type { Checkpoint, Model } from '../../model/model.ts';
import type { ModuleClass } from '../../model/tensors.ts';
import type { OffloadFacts } from './offloadFacts.ts';

/** A GGUF file of a model that llama.cpp may be asked to load. */
export interface GgufFormat {
  readonly format: string;
  /** How its tensors are stored, for each end of its size. */
  readonly storage: ByEnd<GgufStorage>;
  readonly source: Origin;
  /** What is taken for granted about it. */
  readonly assumption: string;
}

/** Types of which a file is planned where a model has no published mix. */
const PLAIN_TYPES = ['q2_k', 'q4_k', 'q8_0'] as const;

function alike(storage: GgufStorage): ByEnd<GgufStorage> {
  return { low: storage, value: storage, high: storage };
}

function ofMix({ mix, repository, fileBytes, encodings }: GgufMix, { restEncoding }: LlamaCpp): GgufFormat {
  const rest = restEncoding.value;
  const storage = (bytes: number): GgufStorage => ({ encodings, rest, fileBytes: bytes });
  const known = encodings['routed-experts'] !== undefined;
  return {
    format: mix,
    storage: { low: storage(fileBytes.low), value: storage(fileBytes.value), high: storage(fileBytes.high) },
    source: fileBytes.source,
    assumption: known
      ? `${mix} of ${repository}: types of experts as published, size as published`
      : `${mix} of ${repository} is known by its size alone: tensors beside experts are taken to be ${rest.slice(5)}, experts to be the rest of the file`,
  };
}

/** The GGUF types of a checkpoint that was read from a file. */
function ggufEncodings({ encodings }: Checkpoint): Partial<Record<ModuleClass, EncodingId>> {
  const types = Object.entries(encodings).map(([module, of]) => [module, typeof of === 'string' ? of : of?.encoding]);
  return Object.fromEntries(types.filter(([, of]) => of !== undefined));
}

function isGguf(checkpoint: Checkpoint): boolean {
  return Object.values(ggufEncodings(checkpoint)).some((encoding) => encoding.startsWith('gguf:'));
}

function ofCheckpoint(checkpoint: Checkpoint): GgufFormat {
  const storage = { encodings: ggufEncodings(checkpoint), rest: 'bf16' as const, fileBytes: checkpoint.statedBytes ?? null };
  return { format: checkpoint.format, storage: alike(storage), source: checkpoint.source, assumption: `types of ${checkpoint.repository}` };
}

function ofType(type: string): GgufFormat {
  const storage = { encodings: {}, rest: `gguf:${type}` as EncodingId, fileBytes: null };
  return {
    format: type,
    storage: alike(storage),
    source: 'kplan',
    assumption: `a file whose matrices are all ${type}, of no known repository`,
  };
}

/** The files known of a model, smallest first: published mixes and GGUF checkpoints, or plain types where there is neither. */
function knownFormats(model: Model, { ggufMixes, llamaCpp }: OffloadFacts): GgufFormat[] {
  const mixes = ggufMixes.filter((mix) => mix.model === model.id).sort((a, b) => a.fileBytes.value - b.fileBytes.value);
  const found = [...model.checkpoints.filter(isGguf).map(ofCheckpoint), ...mixes.map((mix) => ofMix(mix, llamaCpp))];
  return found.length > 0 ? found : PLAIN_TYPES.map(ofType);
}

/**
 * The GGUF files that are in question: all that are known, or the asked one, which may also be a plain GGUF type.
 *
 * @throws Fault `unknown` naming the known mixes
 */
export function ggufFormats(model: Model, asked: string | undefined, facts: OffloadFacts): GgufFormat[] {
  const known = knownFormats(model, facts);
  if (asked === undefined) return known;
  const name = asked.toLowerCase();
  const found = known.find(({ format }) => format === name);
  if (found) return [found];
  if (findEncoding(`gguf:${name}`) !== null) return [ofType(name)];
  const names = known.map(({ format }) => format);
  throw new Fault('unknown', `no GGUF file of ${model.name} in this format is known`, {
    where: '--format',
    value: asked,
    allowed: `${names.join(', ')}, or a GGUF type such as q4_k`,
    nearest: nearestNames(name, names),
  });
}
