import { Fault } from '../../../faults/fault.ts';
import { nearestNames } from '../../../faults/nearest.ts';
import type { JsonGroup } from '../parse/jsonGroup.ts';
import type { FamilyReader, Reading } from './decoder.ts';
import { readDeepseekV4 } from './deepseekV4.ts';
import * as dense from './denseFamilies.ts';
import * as experts from './expertFamilies.ts';
import { readQwenHybrid } from './hybridFamilies.ts';
import { readKimiLinear } from './kimiLinear.ts';
import { readMla } from './mlaFamilies.ts';
import { readNemotronH } from './nemotronH.ts';
import { readVision } from './vision.ts';

/** Readers by the `model_type` of a text model. */
const FAMILIES: Readonly<Record<string, FamilyReader>> = {
  deepseek_v2: readMla,
  deepseek_v3: readMla,
  deepseek_v32: readMla,
  deepseek_v4: readDeepseekV4,
  kimi_k2: readMla,
  glm_moe_dsa: readMla,
  glm4_moe_lite: readMla,
  llama: dense.readLlama,
  smollm3: dense.readLlama,
  phi3: dense.readLlama,
  mistral: dense.readMistral,
  ministral: dense.readMistral,
  ministral3: dense.readMistral,
  seed_oss: dense.readSeedOss,
  qwen2: dense.readQwen2,
  qwen2_5_vl_text: dense.readQwen2,
  qwen3: dense.readQwen3,
  qwen3_vl_text: dense.readQwen3,
  glm4: dense.readGlm4,
  gemma2: dense.readGemma2,
  gemma3_text: dense.readGemma3,
  gemma4_text: dense.readGemma4,
  qwen2_moe: experts.readQwenMoe,
  qwen3_moe: experts.readQwenMoe,
  qwen3_vl_moe_text: experts.readQwenMoe,
  mixtral: experts.readMixtral,
  glm4_moe: experts.readGlm4Moe,
  minimax_m2: experts.readMinimaxM2,
  gpt_oss: experts.readGptOss,
  llama4_text: experts.readLlama4,
  qwen3_next: readQwenHybrid,
  qwen3_5_text: readQwenHybrid,
  qwen3_5_moe_text: readQwenHybrid,
  kimi_linear: readKimiLinear,
  nemotron_h: readNemotronH,
};

/** Models around a text model that stands in `text_config`, and the text type where that group does not name its own. */
const WRAPPERS: Readonly<Record<string, string>> = {
  kimi_k25: 'kimi_k2',
  kimi_k3: 'kimi_linear',
  llama4: 'llama4_text',
  mistral3: 'mistral',
  gemma3: 'gemma3_text',
  gemma4: 'gemma4_text',
  qwen2_5_vl: 'qwen2_5_vl_text',
  qwen3_vl: 'qwen3_vl_text',
  qwen3_vl_moe: 'qwen3_vl_moe_text',
  qwen3_5: 'qwen3_5_text',
  qwen3_5_moe: 'qwen3_5_moe_text',
};

/** The `model_type` values that can be read. */
export const KNOWN_TYPES: readonly string[] = [...Object.keys(FAMILIES), ...Object.keys(WRAPPERS)].sort();

function unknownType(config: JsonGroup, type: string): Fault {
  const where = config.place('model_type');
  return new Fault('unsupported', 'a kind of model that kplan cannot read', {
    where,
    value: type,
    allowed: KNOWN_TYPES.join(', '),
    nearest: nearestNames(type, KNOWN_TYPES),
  });
}

/** A config taken apart: the text model, and the groups around it. */
export interface ModelConfig {
  readonly whole: JsonGroup;
  /** The text model: the config itself, or its `text_config`. */
  readonly text: JsonGroup;
  readonly type: string;
  /** Of the text model. */
  readonly textType: string;
}

/** Finds the text model of a config. */
export function modelConfig(whole: JsonGroup): ModelConfig {
  const type = whole.text('model_type');
  const inner = ['text_config', 'llm_config', 'language_config'].find((name) => whole.has(name));
  if (inner === undefined) {
    const textType = Object.hasOwn(WRAPPERS, type) ? (WRAPPERS[type] ?? type) : type;
    return { whole, text: whole, type, textType };
  }
  const text = whole.group(inner);
  const named = text.text('model_type', '');
  const textType = Object.hasOwn(FAMILIES, named) ? named : ((Object.hasOwn(WRAPPERS, type) ? WRAPPERS[type] : undefined) ?? named);
  return { whole, text, type, textType };
}

/**
 * The shape of a text model of a known type.
 *
 * @throws Fault `unsupported` for a type or variant that is not known, `missing`, `invalid` or `contradiction` with the field
 */
export function readTextConfig(text: JsonGroup, textType: string): Reading {
  const read = Object.hasOwn(FAMILIES, textType) ? FAMILIES[textType] : undefined;
  if (!read) throw unknownType(text, textType);
  return read(text, textType);
}

/**
 * The shape of a model as its Hugging Face config tells it, and what the config leaves open.
 *
 * @throws Fault as `readTextConfig`
 */
export function readConfig({ whole, text, type, textType }: ModelConfig): Reading {
  const { architecture, assumptions } = readTextConfig(text, textType || type);
  const tiedAround = text !== whole && !text.has('tie_word_embeddings') && whole.flag('tie_word_embeddings');
  const { vision, assumptions: visionAssumptions } = readVision(whole, type, architecture.hiddenSize);
  return {
    architecture: { ...architecture, ...(tiedAround ? { tiedEmbeddings: true as const } : {}), vision },
    assumptions: [...assumptions, ...visionAssumptions],
  };
}
