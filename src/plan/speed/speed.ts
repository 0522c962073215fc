import { layoutKey, layoutName, replicaGpus } from '../../layout/layout.ts';
import type { Knowledge } from '../../throughput/knowledge.ts';
import { formatCount } from '../../units/tokens.ts';
import type { Catalog } from '../catalog.ts';
import type { GpuAsk } from '../lookup.ts';
import { type LoadedReplica, loadedReplica } from './loadedReplica.ts';
import { knowledgeFor } from './ownKnowledge.ts';
import { replicaFor } from './replicaChoice.ts';
import type { SpeedAnswer, SpeedRefusal, SpeedReplica } from './speedAnswer.ts';
import { speedContext } from './speedContext.ts';
import { speedPoint } from './speedPoint.ts';
import { resolveSpeedQuery, type SpeedQuery, type SpeedQuestion } from './speedQuestion.ts';
import { kneeOf, sweptConcurrencies } from './sweep.ts';

/** The candidate layout with the most output per GPU at what it admits. */
function fastest(candidates: readonly LoadedReplica[]): LoadedReplica | undefined {
  const perGpu = ({ at, limit, replica }: LoadedReplica) => at(limit).outputTokensPerSecond.value / replicaGpus(replica.layout);
  return candidates.reduce<LoadedReplica | undefined>(
    (best, loaded) => (best === undefined || perGpu(loaded) > perGpu(best) ? loaded : best),
    undefined,
  );
}

function replicaAnswer(loaded: LoadedReplica, { concurrency }: SpeedQuestion): SpeedReplica | null {
  const { judged, limit, limitedBy, at: speedAt } = loaded;
  const { gpu, release, checkpoint, layout } = judged.deployment;
  if (!judged.memory) return null;
  const measured = (speedAt(limit).curve?.points ?? []).map(({ id, concurrency: at, tpotMs, ttftMs }) => ({
    id,
    concurrency: at,
    tpotMs,
    ttftMs,
  }));
  const knee = kneeOf(loaded);
  const { from, to } = concurrency ?? { from: 1, to: limit };
  const others = [...measured.map((point) => point.concurrency), limit, ...(knee === null ? [] : [knee])];
  return {
    key: `${gpu.id}/${layoutKey(layout)}`,
    gpu: gpu.id,
    gpuName: gpu.name,
    gpus: replicaGpus(layout),
    engine: release.engine.id,
    engineVersion: release.version,
    format: checkpoint.format,
    layout,
    kvTokens: judged.memory.kvTokens,
    concurrencyLimit: limit,
    limitedBy,
    knee,
    points: sweptConcurrencies(from, to, others).map((n) => speedPoint(loaded, n)),
    measured,
  };
}

function replicaOn(ask: GpuAsk, question: SpeedQuestion, knowledge: Knowledge): SpeedReplica | SpeedRefusal {
  const { gpu } = ask;
  const refused = (code: SpeedRefusal['code'], message: string): SpeedRefusal => ({ gpu: gpu.id, gpuName: gpu.name, code, message });
  const choice = replicaFor(question.fit, ask, knowledge);
  if (choice.kind === 'refused') return refused(choice.code, choice.binding.message);
  const loaded = choice.candidates.map((judged) => loadedReplica(judged, question, knowledge)).filter((found) => found !== null);
  const best = fastest(loaded);
  const answer = best && replicaAnswer(best, question);
  return answer ?? refused('no-measurement', `bandwidth or peak of ${gpu.name} is unknown, so nothing can be said of its speed`);
}

function sentenceOf(replica: SpeedReplica, question: SpeedQuestion): string {
  const { points, gpus, gpuName, layout, concurrencyLimit, limitedBy, knee } = replica;
  const { inputTokens, outputTokens } = question.demand;
  const admitted = points.filter(({ queued }) => !queued);
  const last = admitted.at(-1) ?? points[0];
  if (!last) return '';
  const { tokensPerSecondPerUser: user, outputTokensPerSecond: output } = last;
  const band = (low: number, high: number) => `${formatCount(Math.round(low))} to ${formatCount(Math.round(high))}`;
  const most = limitedBy === 'kv-cache' ? 'the KV cache is full' : 'the engine admits no more';
  const bend = knee === null ? '' : `; beyond a concurrency of ${formatCount(knee)} more users mostly slow each other down`;
  return `${gpus}×${gpuName} (${layoutName(layout)}) puts out ${formatCount(Math.round(output.value))} tokens per second (${band(output.low, output.high)}) at ${formatCount(last.concurrency)} ${last.concurrency === 1 ? 'request' : 'requests'} of ${formatCount(inputTokens)} input and ${formatCount(outputTokens)} output tokens in flight, ${user.value.toFixed(0)} for each user (${band(user.low, user.high)}); at ${formatCount(concurrencyLimit)} ${most}${bend}.`;
}

/**
 * How fast is one replica? TTFT, TPOT and output against concurrency, each with the band in which 80 % of held-out measurements lay.
 *
 * @param query model, GPU types, layout and load
 * @param catalog facts; measurements later than the asked day are not used
 * @returns one replica for each GPU type, on the layout that puts out most per GPU unless a layout is asked
 * @throws Fault `unknown`, `invalid`, `missing` or `contradiction` for a query that cannot be meant
 * @example speed({ gpu: ['h200:8'], inputTokens: 8192, outputTokens: 1024 }, loadCatalog()).replicas[0]?.limitedBy // 'kv-cache'
 */
export function speed(query: SpeedQuery, catalog: Catalog): SpeedAnswer {
  const question = resolveSpeedQuery(query, catalog);
  const knowledge = knowledgeFor(query.ownMeasurements ?? [], question.fit.base.model.family, question.asOf, catalog);
  const outcomes = question.fit.gpus.map((ask) => replicaOn(ask, question, knowledge));
  const replicas = outcomes.filter((outcome): outcome is SpeedReplica => 'points' in outcome);
  const refusals = outcomes.filter((outcome): outcome is SpeedRefusal => 'code' in outcome);
  const sentences = replicas.map((replica) => sentenceOf(replica, question));
  const answer =
    sentences.join(' ') || `Nothing serves this: ${refusals.map(({ gpuName, message }) => `${gpuName}: ${message}`).join('; ')}.`;
  const points = replicas.flatMap((replica) => replica.points);
  return {
    schema: 'kplan/speed@1',
    ...speedContext(query, question, points, replicas, knowledge, catalog),
    answer,
    refusals,
    replicas,
  };
}
