import { Fault } from '../../../faults/fault.ts';
import type { Architecture } from '../../../model/architecture.ts';
import type { EncodingId } from '../../../model/encoding.ts';
import type { Checkpoint } from '../../../model/model.ts';
import type { JsonGroup } from '../parse/jsonGroup.ts';
import { type ClassEncodings, classEncodings } from './classEncodings.ts';
import type { ModelConfig } from './configFile.ts';
import { type ModuleMatcher, moduleMatcher } from './moduleMatcher.ts';
import { type NamedModule, namedModules } from './moduleNames.ts';
import { compressedWeights, fp8Weights, groupedWeights, modeloptWeights, quarkWeights } from './weightFormat.ts';

/** Modules that one encoding is for. */
interface Rule {
  readonly targets: (path: string) => boolean;
  readonly encoding: EncodingId;
}

/** What a quantisation config says, whatever the tool that wrote it. */
interface Scheme {
  /** The first that targets a module holds. */
  readonly rules: readonly Rule[];
  readonly ignored: ModuleMatcher;
  /** Whether the output head takes part unless it is ignored. */
  readonly head: boolean;
  /** Whether only the routed experts take part. */
  readonly expertsOnly?: true;
  readonly activations?: 'mxfp4';
}

const MOST_LISTED = 200_000;
const MOST_GROUPS = 1000;
const everything = () => true;

function listed(config: JsonGroup, ...names: readonly string[]): ModuleMatcher {
  const name = config.named(...names);
  return config.has(name) ? moduleMatcher(config.texts(name, MOST_LISTED), config.place(name)) : () => false;
}

/** Targets that name a class of modules, such as `Linear`, stand for all of them. */
function targetsOf(group: JsonGroup): (path: string) => boolean {
  const targets = group.has('targets') ? group.texts('targets', MOST_LISTED) : ['Linear'];
  if (targets.some((target) => /^[A-Z]\w*$/.test(target))) return everything;
  return moduleMatcher(targets, group.place('targets'));
}

function compressedTensors(config: JsonGroup): Scheme {
  const groups = config.group('config_groups');
  const rules = groups
    .keys()
    .slice(0, MOST_GROUPS)
    .map((name): Rule & { broad: boolean } => {
      const targets = targetsOf(groups.group(name));
      return { targets, broad: targets === everything, encoding: compressedWeights(groups.group(name).group('weights')) };
    });
  return { rules: rules.sort((a, b) => Number(a.broad) - Number(b.broad)), ignored: listed(config, 'ignore'), head: true };
}

function modelopt(config: JsonGroup): Scheme {
  if (!config.has('quant_algo') && config.has('config_groups')) return compressedTensors(config);
  const algorithm = config.text('quant_algo');
  const ignored = listed(config, 'ignore', 'exclude_modules');
  if (algorithm !== 'MIXED_PRECISION')
    return { rules: [{ targets: everything, encoding: modeloptWeights(algorithm, config) }], ignored, head: true };
  const layers = config.group('quantized_layers');
  const byAlgorithm = new Map<string, string[]>();
  for (const name of layers.keys()) {
    const own = layers.group(name).text('quant_algo');
    const names = byAlgorithm.get(own);
    if (names) names.push(name);
    else byAlgorithm.set(own, [name]);
  }
  const rules = [...byAlgorithm].map(([own, names]) => ({
    targets: moduleMatcher(names, config.place('quantized_layers')),
    encoding: modeloptWeights(own, config),
  }));
  return { rules, ignored, head: true };
}

function quark(config: JsonGroup): Scheme {
  const global = config.group('global_quant_config');
  const own = config.has('layer_quant_config') ? config.group('layer_quant_config') : null;
  const rules = (own?.keys() ?? []).slice(0, MOST_GROUPS).map((name): Rule => {
    const group = own?.group(name) ?? global;
    return {
      targets: moduleMatcher([name], config.place('layer_quant_config')),
      encoding: group.has('weight') ? quarkWeights(group.group('weight')) : 'bf16',
    };
  });
  const encoding = quarkWeights(global.group('weight'));
  const input = global.has('input_tensors') ? global.group('input_tensors').text('dtype', '') : '';
  return {
    rules: [...rules, { targets: everything, encoding }],
    ignored: listed(config, 'exclude'),
    head: true,
    ...(encoding === 'mxfp4' && input === 'fp4' ? { activations: 'mxfp4' as const } : {}),
  };
}

const all = (encoding: EncodingId, config: JsonGroup, head = false): Scheme => ({
  rules: [{ targets: everything, encoding }],
  ignored: listed(config, 'modules_to_not_convert', 'ignored_layers'),
  head,
});

/** Readers by `quant_method`. */
const METHODS: Readonly<Record<string, (config: JsonGroup) => Scheme>> = {
  'compressed-tensors': compressedTensors,
  modelopt,
  modelopt_fp4: modelopt,
  quark,
  fp8: (config) => all(fp8Weights(config), config),
  fbgemm_fp8: (config) => all('fp8-channel', config),
  mxfp4: (config) => ({ ...all('mxfp4', config), expertsOnly: true }),
  awq: (config) => all(groupedWeights('awq', config), config),
  gptq: (config) => all(groupedWeights('gptq', config), config, config.flag('lm_head')),
};

function schemeOf(config: JsonGroup): Scheme {
  const named = config.text('quant_method', config.has('quant_algo') ? 'modelopt' : '');
  const read = Object.hasOwn(METHODS, named) ? METHODS[named] : undefined;
  if (read) return read(config);
  throw new Fault('unsupported', 'a quantisation method that kplan cannot read', {
    where: config.place('quant_method'),
    value: named,
    allowed: Object.keys(METHODS).join(', '),
  });
}

function encodingOf(module: NamedModule, scheme: Scheme, expertEncoding: EncodingId | null): EncodingId {
  if (expertEncoding && module.module === 'routed-experts') return expertEncoding;
  if (scheme.expertsOnly && module.module !== 'routed-experts') return 'bf16';
  if (module.module === 'head' && !scheme.head) return 'bf16';
  if (module.paths.some(scheme.ignored)) return 'bf16';
  return scheme.rules.find(({ targets }) => module.paths.some(targets))?.encoding ?? 'bf16';
}

/** The group that says how weights are quantised, and whether it speaks of the text model alone. */
function quantizationGroup({ whole, text }: ModelConfig, beside: JsonGroup | null): { config: JsonGroup; textOnly: boolean } | null {
  if (whole.has('quantization_config')) return { config: whole.group('quantization_config'), textOnly: false };
  if (text.has('quantization_config')) return { config: text.group('quantization_config'), textOnly: true };
  return beside?.has('quantization') ? { config: beside.group('quantization'), textOnly: false } : null;
}

/** How a config says that its checkpoint is stored. */
export interface Quantization extends ClassEncodings {
  /** Whether anything says how weights are quantised. */
  readonly quantised: boolean;
  readonly activations?: Checkpoint['activations'];
  /** Whether the checkpoint brings scales for an 8-bit KV cache, which engines then use by themselves. */
  readonly kvCache8Bit: boolean;
}

/**
 * Encodings by module class, from the `quantization_config` of a model or the `hf_quant_config.json` beside it: the lists of modules
 * that are left out are matched against the names of each class in each layer.
 *
 * @param beside ModelOpt's file of its own, where there is one
 * @throws Fault `unsupported` for a method or weight format that is not known, `invalid` or `missing` with the field
 */
export function readQuantization(model: ModelConfig, architecture: Architecture, beside: JsonGroup | null): Quantization {
  const found = quantizationGroup(model, beside);
  if (!found) return { encodings: {}, assumptions: [], quantised: false, kvCache8Bit: false };
  const { config, textOnly } = found;
  const scheme = schemeOf(config);
  const modules = namedModules(architecture, { wrapped: model.whole !== model.text, textType: model.textType });
  // DeepSeek V4 names the storage of its experts apart.
  const expertEncoding = model.text.text('expert_dtype', '') === 'fp4' && config.text('quant_method', '') === 'fp8' ? 'mxfp4' : null;
  const taking = textOnly ? modules.filter(({ module }) => module !== 'vision') : modules;
  const result = classEncodings(taking.map((module) => ({ ...module, encoding: encodingOf(module, scheme, expertEncoding) })));
  return {
    ...result,
    quantised: true,
    ...(scheme.activations ? { activations: scheme.activations } : {}),
    kvCache8Bit: config.has('kv_cache_scheme') || config.text('kv_cache_quant_algo', '') === 'FP8',
  };
}
