import { stepTokens } from '../../engine/batchTokens.ts';
import type { MemoryCalibration } from '../../engine/calibration.ts';
import type { DraftKind } from '../../engine/deployment.ts';
import { admittedSequences } from '../../engine/maxSequences.ts';
import { type MemoryFraction, memoryFraction } from '../../engine/memoryFraction.ts';
import type { Assumption } from '../../evidence/assumption.ts';
import type { FactKind, Source, SourceId } from '../../evidence/source.ts';
import type { Origin } from '../../evidence/term.ts';
import { inGiB } from '../../units/bytes.ts';
import { formatCount } from '../../units/tokens.ts';
import type { JudgedDeployment } from '../judge.ts';
import type { FitQuery, FitQuestion } from './question.ts';

type Sources = Readonly<Record<SourceId, Source>>;

/** A choice: the user's where it was asked, and otherwise marked as the default. */
function choice(code: string, text: string, asked: unknown, source: Origin = 'kplan'): Assumption {
  return asked === undefined ? { code, text: `${text} (default)`, source } : { code, text, source: 'user' };
}

function fractionInWords(fractions: readonly MemoryFraction[]): Assumption[] {
  const [first] = fractions;
  if (!first) return [];
  const shares = fractions.map(({ value }) => Number(value.toFixed(4)));
  const low = Math.min(...shares);
  const high = Math.max(...shares);
  const text =
    low === high
      ? `memory fraction ${low}: ${first.explanation}`
      : `memory fraction ${low} to ${high}, computed by the engine from GPU and layout`;
  return [{ code: 'memory-fraction', text, source: first.source }];
}

const VENDOR_NAMES = { nvidia: 'NVIDIA', amd: 'AMD', intel: 'Intel', google: 'Google' } as const;

/** What a band of overheads means, by how its source knows it. */
function bandInWords(kind: FactKind | undefined): string {
  return kind === 'measured' ? '80 % of logged runs' : 'from a few logs, ends assumed';
}

/** Figures of several layouts: one where they agree, or the least and the greatest. */
function span(bytes: readonly number[]): string {
  const [least, greatest] = [inGiB(Math.min(...bytes), 1), inGiB(Math.max(...bytes), 1)];
  return least === greatest ? least : `${least} to ${greatest}`;
}

function overheads(judged: readonly JudgedDeployment[], sources: Sources): Assumption[] {
  const plans = judged.flatMap(({ deployment, memory }) => (memory === null ? [] : [{ vendor: deployment.gpu.vendor, memory }]));
  return [...new Set(plans.map(({ vendor }) => vendor))].map((vendor) => {
    const own = plans.flatMap((plan) => (plan.vendor === vendor ? [plan.memory] : []));
    const [low, value, high] = (['low', 'value', 'high'] as const).map((end) => span(own.map((plan) => plan.overheadBytesPerGpu[end])));
    const source = own[0]?.overheadSource ?? '';
    const text = `overhead on ${VENDOR_NAMES[vendor]}: ${value} GiB per GPU by layout, low end ${low}, high end ${high} (${bandInWords(sources[source]?.kind)})`;
    return { code: `overhead-${vendor}`, text, source };
  });
}

/** A limit of the engine on what one step holds, by GPU where its default differs. */
function stepLimit(
  code: string,
  what: string,
  limits: readonly { readonly value: number; readonly source: Origin }[],
  asked: number | undefined,
): Assumption {
  const values = limits.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const text = `${what}: ${low === high ? formatCount(low) : `${formatCount(low)} to ${formatCount(high)}, by GPU`}`;
  return choice(code, text, asked, limits[0]?.source);
}

function draftInWords(draft: DraftKind, tokens: number): Assumption {
  const text =
    draft === 'mtp'
      ? 'the multi-token prediction module of the model is loaded and keeps a KV cache of its own layers'
      : 'an external Eagle 3 draft: one dense layer with the attention of the model and a head over 32,000 tokens, assumed';
  return { code: 'draft', text: `${text}; drafted tokens per step: ${tokens}`, source: 'user' };
}

function calibrationInWords({ name, gpu, source }: MemoryCalibration): Assumption {
  return { code: 'calibration', text: `${name} (${source}) moves weights and overhead on ${gpu}`, source: 'user' };
}

/** How `--tp` was read beside SGLang's attention DP, which counts all ranks of a stage as TP. */
function tpReading({ layout, base }: FitQuestion, { tp }: FitQuery): Assumption[] {
  const { attentionDp = 1 } = layout;
  if (base.release.engine.id !== 'sglang' || attentionDp === 1 || tp === undefined || layout.tp === undefined) return [];
  const text =
    layout.tp === tp
      ? `--tp ${tp} counts the ranks of one of ${attentionDp} attention groups`
      : `--tp ${tp} counts all ranks of a stage, as SGLang's own flag does: ${attentionDp} attention groups of ${layout.tp}`;
  return [{ code: 'tp-reading', text, source: 'kplan' }];
}

/** What an answer of `fit` takes for granted: every default, and the facts behind its bands. */
export function fitAssumptions(
  question: FitQuestion,
  query: FitQuery,
  judged: readonly JudgedDeployment[],
  sources: Sources,
): Assumption[] {
  const {
    model,
    checkpoint,
    release,
    contextTokens,
    sequences,
    kvCacheDtype,
    encoderMode,
    maxNumSeqs,
    batchTokens,
    draft,
    draftTokens,
    calibration,
  } = question.base;
  const deployments = judged.map(({ deployment }) => deployment);
  const longest = query.contextTokens === undefined ? ', the longest of the model' : '';
  const format = `${checkpoint.format}${query.format === undefined ? ', default' : ''}`;
  const layoutAsked = [query.dp, query.dcp, query.ep].every((ways) => ways !== undefined) || undefined;
  const vision = encoderMode === 'data' ? 'whole on every rank' : 'split over the TP group';
  return [
    choice('model', model.name, query.model),
    {
      code: 'checkpoint',
      text: `checkpoint ${checkpoint.repository} (${format})${checkpoint.assumption ? `: ${checkpoint.assumption}` : ''}`,
      source: checkpoint.source,
    },
    choice('engine', `${release.engine.name} ${release.version}`, query.engine),
    ...fractionInWords(judged.filter(({ memory }) => memory !== null).map(({ deployment }) => memoryFraction(deployment))),
    ...overheads(judged, sources),
    choice('context', `context ${formatCount(contextTokens)} tokens${longest}`, query.contextTokens, model.architectureSource),
    choice('sequences', `sequences of it that must fit at once: ${sequences}`, query.sequences),
    stepLimit('max-num-seqs', 'sequences per step that the engine admits', deployments.map(admittedSequences), maxNumSeqs),
    stepLimit('max-num-batched-tokens', 'tokens that one step may carry', deployments.map(stepTokens), batchTokens),
    ...(draft === undefined ? [] : [draftInWords(draft, draftTokens ?? 1)]),
    ...(calibration === undefined ? [] : [calibrationInWords(calibration)]),
    choice('kv-cache-dtype', `KV cache in ${kvCacheDtype}`, query.kvCacheDtype),
    ...(model.architecture.vision ? [choice('encoder-mode', `vision encoder ${vision}`, query.encoderMode)] : []),
    choice('layout', 'where not asked: one copy of the model, no DCP, whole experts per rank under attention DP alone', layoutAsked),
    ...tpReading(question, query),
    {
      code: 'load-noise',
      text: 'weights as loaded differ from the arithmetic by 0.03 to 0.3 GiB in logs (up to 5 % on ROCm); not counted',
      source: 'kplan',
    },
  ];
}
