import { Fault } from '../../faults/fault.ts';
import type { BenchFields } from './benchFields.ts';
import { type BenchRun, NOTHING_STATED, type StatedDeployment, type TimeSpread } from './benchRun.ts';

/** By how much two rates of one file may differ, as a share. */
const ROUNDING = 0.02;

/** Whether an object is an aggregate of InferenceX (once InferenceMAX): `agg_*.json`, or a row of its database. */
export function isInferenceX(fields: BenchFields): boolean {
  const figures = fields.group('metrics') ?? fields;
  return figures.has('tput_per_gpu') || figures.has('output_tput_per_gpu') || fields.at('scenario_type') === 'agentic-coding';
}

/** How the GPUs of a run are shared out; each rate of the file has one of these counts below it. */
interface Counts {
  /** 0 where nothing is disaggregated. */
  readonly prefill: number;
  readonly all: number | null;
}

/** Prefix of the keys that describe the ranks that decode. */
function decodePrefix(fields: BenchFields): string {
  if (fields.has('decode_tp') && fields.ways('decode_tp') !== null) return 'decode_';
  return fields.has('tp') ? '' : 'prefill_';
}

/** Counts as the file gives them; without disaggregation prefill and decode name the same GPUs. */
function countsOf(fields: BenchFields): Counts {
  const [prefill, decode] = [fields.ways('num_prefill_gpu'), fields.ways('num_decode_gpu')];
  const apart = fields.flag('disagg') === true || (fields.flag('is_multinode') === true && prefill !== null && decode !== null);
  if (apart && prefill !== null && decode !== null) return { prefill, all: prefill + decode };
  const counted = fields.ways('num_gpus') ?? decode ?? prefill;
  const prefix = decodePrefix(fields);
  const tp = fields.ways(`${prefix}tp`);
  const ranks = tp === null ? null : tp * (fields.ways(`${prefix}pp`) ?? 1) * (fields.ways(`${prefix}pcp_size`) ?? 1);
  return { prefill: 0, all: counted ?? ranks };
}

/** Medians and means, which InferenceX writes in seconds. */
function milliseconds({ median, mean }: TimeSpread): TimeSpread {
  const inMs = (seconds: number | null) => (seconds === null ? null : seconds * 1000);
  return { median: inMs(median), mean: inMs(mean) };
}

/** Refuses rates that do not share the counts: output is of each GPU that decodes, input of each that prefills, the total of all. */
function checkDenominators(figures: BenchFields, { prefill, all }: Counts): void {
  const total = figures.positive('tput_per_gpu');
  const output = figures.positive('output_tput_per_gpu');
  const input = figures.positive('input_tput_per_gpu');
  if (total === null || output === null || input === null || all === null) return;
  const expected = prefill > 0 ? (output * (all - prefill) + input * prefill) / all : output + input;
  if (Math.abs(expected / total - 1) <= ROUNDING) return;
  throw new Fault('contradiction', 'the rates of one GPU do not add up over the GPUs that the file counts', {
    where: figures.place('tput_per_gpu'),
    value: total,
    allowed: `${Number(expected.toPrecision(5))}, from output on ${all - prefill} GPUs and input on ${prefill > 0 ? prefill : all}`,
  });
}

/** The release of `vllm/vllm-openai:v0.15.1`; a tag without a number stands for itself. */
function versionOf(image: string | null): string | null {
  const tag = /:([^/:#]+)$/.exec(image?.split('@')[0] ?? '')?.[1] ?? null;
  if (tag === null) return null;
  return /(?:^|[^\d.])v?(\d+\.\d+(?:\.\d+)?(?:[.-]?(?:post|rc)\d+)*)/.exec(tag)?.[1] ?? tag;
}

function speculationOf(fields: BenchFields): string | true | null {
  const word = (fields.text('spec_decoding') ?? fields.text('spec_method') ?? fields.text('mtp'))?.toLowerCase() ?? null;
  if (word === null) return null;
  if (word === 'off' || word === 'false' || word === 'none') return 'none';
  return word === 'on' || word === 'true' ? 'mtp' : word;
}

function statedBy(fields: BenchFields, { prefill, all }: Counts): StatedDeployment {
  const prefix = decodePrefix(fields);
  const ranks = fields.ways(`${prefix}tp`);
  const shared = fields.flag(`${prefix}dp_attention`) === true;
  return {
    ...NOTHING_STATED,
    model: fields.text('model'),
    gpu: fields.text('hw') ?? fields.text('hardware'),
    precision: fields.text('precision')?.toLowerCase() ?? null,
    engine: fields.text('framework')?.toLowerCase() ?? null,
    engineVersion: versionOf(fields.text('image')),
    gpus: all,
    prefillGpus: prefill,
    tp: shared ? 1 : ranks,
    pp: fields.ways(`${prefix}pp`) ?? 1,
    ep: fields.ways(`${prefix}ep`) ?? 1,
    attentionDp: shared ? ranks : 1,
    dcp: fields.ways(`${prefix}dcp_size`) ?? 1,
    speculation: speculationOf(fields),
  };
}

function checkSupported(fields: BenchFields): void {
  const agentic = fields.text('scenario_type') ?? fields.text('benchmark_type');
  if (agentic !== null && /agentic/.test(agentic))
    throw new Fault('unsupported', 'a replay of agents has no lengths of its own', {
      where: fields.where,
      value: agentic,
      allowed: 'runs of one input and one output length',
    });
  const contexts = fields.ways(`${decodePrefix(fields)}pcp_size`) ?? 1;
  if (contexts > 1)
    throw new Fault('unsupported', 'prefill context parallelism is no layout that kplan knows', {
      where: fields.place('pcp_size'),
      value: contexts,
      allowed: '1',
    });
}

/**
 * Reads one aggregate of InferenceX: times are seconds, rates are per GPU and lengths are those that were asked for.
 *
 * @throws Fault where a figure is missing or impossible; `unsupported` for agentic replays
 */
export function readInferenceX(fields: BenchFields): BenchRun {
  checkSupported(fields);
  const figures = fields.group('metrics') ?? fields;
  const counts = countsOf(fields);
  checkDenominators(figures, counts);
  const day = /^\d{4}-\d{2}-\d{2}/.exec(fields.text('date') ?? '')?.[0];
  return {
    tool: 'inferencex',
    where: fields.where,
    stated: statedBy(fields, counts),
    load: { maxConcurrency: fields.required('conc'), meanConcurrency: null, openLoop: false },
    output: { tokensPerSecond: figures.required('output_tput_per_gpu'), per: 'decode GPU' },
    requestsPerSecond: null,
    completed: null,
    failed: null,
    inputTokens: fields.positive('isl'),
    outputTokens: fields.positive('osl'),
    nominalLengths: true,
    ttft: milliseconds(figures.spread('ttft', '')),
    tpot: milliseconds(figures.spread('tpot', '')),
    latency: milliseconds(figures.spread('e2el', '')),
    date: day ?? null,
    notes: [],
  };
}
