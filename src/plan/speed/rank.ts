import { packing } from '../../cost/fleet.ts';
import { medianOffer, type OfferChoice } from '../../cost/offerChoice.ts';
import { type Estimate, weakest } from '../../evidence/estimate.ts';
import { sample, sampledBand } from '../../evidence/sampler.ts';
import { layoutKey, layoutName, replicaGpus } from '../../layout/layout.ts';
import type { Knowledge } from '../../throughput/knowledge.ts';
import { SITUATIONS } from '../../throughput/situation.ts';
import type { Speed } from '../../throughput/speed.ts';
import { formatUsd } from '../../units/money.ts';
import { SECONDS_PER_HOUR } from '../../units/time.ts';
import { formatCount } from '../../units/tokens.ts';
import type { Catalog } from '../catalog.ts';
import { judgeCandidates } from '../fit/candidates.ts';
import type { GpuAsk } from '../lookup.ts';
import { type LoadedReplica, loadedReplica } from './loadedReplica.ts';
import { knowledgeFor } from './ownKnowledge.ts';
import type { RankedReplica, SpeedRanking, SpeedRefusal } from './speedAnswer.ts';
import { speedContext } from './speedContext.ts';
import { speedPoint } from './speedPoint.ts';
import { resolveSpeedQuery, type SpeedQuery, type SpeedQuestion } from './speedQuestion.ts';

const MILLION = 1e6;

interface Candidate {
  readonly ask: GpuAsk;
  readonly loaded: LoadedReplica;
  readonly best: Speed;
  readonly offer: OfferChoice | null;
  /** Dollars per million output tokens at middle price and speed; Infinity without an offer. */
  readonly usdPerMtok: number;
}

/** GPUs that are paid for by one replica: whole instances, shared by as many replicas as they hold. */
function paidGpus(offer: OfferChoice, gpus: number): number {
  const { instancesPerReplica, replicasPerInstance } = packing(gpus, offer.gpusPerInstance);
  return (offer.gpusPerInstance * instancesPerReplica) / replicasPerInstance;
}

function usdPerMtokOutput(usdPerGpuHour: number, gpus: number, outputTokensPerSecond: number): number {
  return (usdPerGpuHour * gpus * MILLION) / (outputTokensPerSecond * SECONDS_PER_HOUR);
}

/** 10th to 90th percentile of rent over output, both uncertain and independent. */
function pricedBand(price: Estimate, rate: Estimate, gpus: number, value: number): Estimate {
  const samples = sample([price, rate], ([usd = 0, tokens = 1]) => usdPerMtokOutput(usd, gpus, tokens));
  return sampledBand(weakest(price.basis, rate.basis), samples, value);
}

function candidatesOn(ask: GpuAsk, question: SpeedQuestion, knowledge: Knowledge, catalog: Catalog): Candidate[] | SpeedRefusal {
  const { gpu } = ask;
  const refused = (code: SpeedRefusal['code'], message: string): SpeedRefusal => ({ gpu: gpu.id, gpuName: gpu.name, code, message });
  const judged = judgeCandidates(question.fit.base, ask, question.fit.layout);
  const fitting = judged.filter(({ verdict }) => verdict === 'fits');
  const [first] = judged;
  if (fitting.length === 0 && first) return refused(first.verdict === 'invalid' ? 'invalid' : 'does-not-fit', first.binding.message);
  const loaded = fitting.map((each) => loadedReplica(each, question, knowledge)).filter((each) => each !== null);
  if (loaded.length === 0)
    return refused('no-measurement', `bandwidth or peak of ${gpu.name} is unknown, so nothing can be said of its speed`);
  const offer = medianOffer(catalog.offers, gpu, question.asOf);
  const quick = loaded.flatMap((each): Candidate[] => {
    const { best } = each.most;
    if (!best) return [];
    const paid = offer && paidGpus(offer, replicaGpus(each.replica.layout));
    const usd =
      offer && paid ? usdPerMtokOutput(offer.usdPerGpuHour.value, paid, best.outputTokensPerSecond.value) : Number.POSITIVE_INFINITY;
    return [{ ask, loaded: each, best, offer, usdPerMtok: usd }];
  });
  if (quick.length > 0) return quick;
  const least = Math.min(...loaded.map(({ at }) => at(1).tpotMs.value));
  return refused('too-slow', `even one sequence takes ${Math.round(least)} ms per token, more than the ${question.maxTpotMs} ms asked`);
}

function perGpu({ loaded, best }: Candidate): number {
  return best.outputTokensPerSecond.value / replicaGpus(loaded.replica.layout);
}

/** How near a candidate is to what was measured; of equally near ones the cheaper is nearer. */
function nearer(a: Candidate, b: Candidate): number {
  return SITUATIONS.indexOf(a.best.situation) - SITUATIONS.indexOf(b.best.situation) || order(a, b);
}

/** The layouts of one GPU type that are shown: the one that comes first, and the one that is nearest to what was measured. */
function shownOf(candidates: readonly Candidate[]): Candidate[] {
  const [first] = [...candidates].sort(order);
  const [measured] = [...candidates].sort(nearer);
  return [...new Set([first, measured])].filter((candidate) => candidate !== undefined);
}

/** Cheapest first; where no price is known, most output per GPU first. */
function order(a: Candidate, b: Candidate): number {
  if (a.usdPerMtok !== b.usdPerMtok) return a.usdPerMtok - b.usdPerMtok;
  return perGpu(b) - perGpu(a);
}

function rankedReplica({ loaded, best, offer, usdPerMtok }: Candidate): RankedReplica {
  const { gpu, layout } = loaded.judged.deployment;
  const gpus = replicaGpus(layout);
  const point = speedPoint(loaded, best.concurrency);
  return {
    key: `${gpu.id}/${layoutKey(layout)}`,
    gpu: gpu.id,
    gpuName: gpu.name,
    gpus,
    layout,
    concurrencyLimit: loaded.limit,
    point,
    usdPerGpuHour: offer?.usdPerGpuHour ?? null,
    usdPerMtokOutput: offer && pricedBand(offer.usdPerGpuHour, point.outputTokensPerSecond, paidGpus(offer, gpus), usdPerMtok),
  };
}

function sentenceOf(ranked: readonly RankedReplica[], { maxTpotMs, demand }: SpeedQuestion): string {
  const within = maxTpotMs === null ? '' : ` within ${formatCount(maxTpotMs)} ms per token`;
  const load = `${formatCount(demand.inputTokens)} input and ${formatCount(demand.outputTokens)} output tokens`;
  const [first, second] = ranked;
  if (!first) return `Nothing serves ${load}${within}.`;
  const { point, usdPerMtokOutput: usd } = first;
  const price = usd ? ` at ${formatUsd(usd.value)} per million output tokens (${formatUsd(usd.low)} to ${formatUsd(usd.high)})` : '';
  const then = second ? `; then ${second.gpus}×${second.gpuName} (${layoutName(second.layout)})` : '';
  const known = point.basis === 'measured' ? '' : `; that is ${point.basis}, not measured: look at the band`;
  return `For ${load}${within} ${first.gpus}×${first.gpuName} (${layoutName(first.layout)}) comes first${price}, at ${formatCount(point.concurrency)} requests in flight and ${Math.round(point.tpotMs.value)} ms per token${then}${known}.`;
}

/**
 * Which GPUs and layouts serve a load best within a time per token? Every GPU type and valid layout is read at the concurrency with the
 * most output that keeps it.
 *
 * @param query as for `speed`; `maxTpotMs` is the time per token that must be kept
 * @param catalog facts; measurements and prices later than the asked day are not used
 * @returns replicas, cheapest per output token first where offers are known (rent of whole instances at full use), then by output per GPU
 * @throws Fault `unknown`, `invalid`, `missing` or `contradiction` for a query that cannot be meant
 * @example rankSpeed({ gpu: ['h200:8'], inputTokens: 8192, outputTokens: 1024, maxTpotMs: 50 }, loadCatalog()).ranked[0]?.gpu // 'h200-sxm'
 */
export function rankSpeed(query: SpeedQuery, catalog: Catalog): SpeedRanking {
  const question = resolveSpeedQuery(query, catalog);
  const knowledge = knowledgeFor(query.ownMeasurements ?? [], question.fit.base.model.family, question.asOf, catalog);
  const outcomes = question.fit.gpus.map((ask) => candidatesOn(ask, question, knowledge, catalog));
  const refusals = outcomes.flatMap((outcome) => ('code' in outcome ? [outcome] : []));
  const shown = outcomes.flatMap((outcome) => ('code' in outcome ? [] : shownOf(outcome)));
  const ranked = shown.sort(order).map(rankedReplica);
  const context = speedContext(
    query,
    question,
    ranked.map(({ point }) => point),
    ranked,
    knowledge,
    catalog,
  );
  const prices = shown.flatMap(({ offer }) => offer?.offers ?? []);
  const [oldestPrice = null] = prices.map(({ date }) => date).sort();
  return {
    schema: 'kplan/speed-rank@1',
    ...context,
    dataAge: { ...context.dataAge, oldestPrice },
    answer: sentenceOf(ranked, question),
    maxTpotMs: question.maxTpotMs,
    refusals,
    ranked,
  };
}
