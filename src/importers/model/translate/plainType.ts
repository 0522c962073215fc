import { Fault } from '../../../faults/fault.ts';
import type { Architecture } from '../../../model/architecture.ts';
import type { EncodingId } from '../../../model/encoding.ts';
import type { Checkpoint } from '../../../model/model.ts';
import { tensorGroups } from '../../../model/tensors.ts';
import type { JsonGroup } from '../parse/jsonGroup.ts';
import type { ModelConfig } from './configFile.ts';

/** Names of the types that weights have where nothing quantises them. */
const TYPES: Readonly<Record<string, EncodingId>> = { bfloat16: 'bf16', float16: 'bf16', float32: 'fp32' };
/** What quantised checkpoints name for all of their weights; the rest is in 16 bits. */
const QUANTISED = /^float8_\w+$|^u?int8$/;

function typeIn(config: JsonGroup, quantised: boolean): EncodingId | null {
  const field = config.named('dtype', 'torch_dtype');
  if (!config.has(field)) return null;
  const name = config.text(field).replace(/^torch\./, '');
  if (Object.hasOwn(TYPES, name)) return TYPES[name] ?? null;
  if (quantised && QUANTISED.test(name)) return 'bf16';
  const allowed = `${Object.keys(TYPES).join(', ')}${QUANTISED.test(name) ? ', or a quantization_config beside it' : ''}`;
  throw new Fault('unsupported', 'a type of weights that kplan cannot size', { where: config.place(field), value: name, allowed });
}

/**
 * The storage of weights that nothing quantises, as `dtype` or `torch_dtype` names it; 16 bits where neither is there.
 *
 * @param quantised whether something says how weights are quantised
 * @throws Fault `unsupported` for a type that is neither 16 nor 32 bits
 */
export function plainType({ whole, text }: ModelConfig, quantised: boolean): EncodingId {
  const around = typeIn(whole, quantised);
  return (text === whole ? null : typeIn(text, quantised)) ?? around ?? 'bf16';
}

/** Encodings with the classes that they do not name in a plain type. */
export function filledEncodings(
  architecture: Architecture,
  encodings: Checkpoint['encodings'],
  plain: EncodingId,
): Checkpoint['encodings'] {
  if (plain === 'bf16') return encodings;
  const classes = new Set(tensorGroups(architecture, { encodings }).map(({ module }) => module));
  // The output of attention goes with attention unless it is named.
  classes.delete('attention-output');
  return { ...Object.fromEntries([...classes].map((module) => [module, plain])), ...encodings };
}
