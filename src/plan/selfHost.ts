import { type Packing, packing, type Staircase, staircase } from '../cost/fleet.ts';
import { chosenOffer, medianOffer, type OfferChoice } from '../cost/offerChoice.ts';
import { Fault } from '../faults/fault.ts';
import { lookupName } from '../faults/nearest.ts';
import type { Gpu } from '../hardware/gpu.ts';
import { totalGpus } from '../layout/layout.ts';
import { kvElementBytes } from '../memory/kvCache.ts';
import { traffic } from '../model/traffic.ts';
import { assumedCapacity, capacity } from '../throughput/capacity.ts';
import type { Capacity, NoMeasurement } from '../throughput/capacityQuestion.ts';
import type { Curve } from '../throughput/curve.ts';
import type { LoadPoint } from '../throughput/loadPoint.ts';
import { SECONDS_PER_HOUR } from '../units/time.ts';
import { loadPointOf, replicaReuse } from '../workload/loadPoint.ts';
import type { BreakEvenQuestion } from './breakEvenQuestion.ts';
import type { Catalog } from './catalog.ts';
import type { JudgedDeployment } from './judge.ts';
import type { GpuAsk } from './lookup.ts';
import { replicaFor } from './replica.ts';

/** One GPU type with a layout that fits and a price. */
export interface SelfHost {
  /** Of the fleet in the answer. */
  readonly id: string;
  /** Prefix of its terms. */
  readonly key: string;
  readonly gpu: Gpu;
  readonly judged: JudgedDeployment;
  readonly gpusPerReplica: number;
  readonly kvTokens: number;
  readonly load: LoadPoint;
  readonly capacity: Capacity | NoMeasurement;
  readonly offer: OfferChoice;
  readonly packing: Packing;
}

/** A GPU type that cannot be priced. */
export interface Refusal {
  readonly gpu: Gpu;
  readonly code: 'does-not-fit' | 'no-offer';
  readonly message: string;
}

/** A fleet with a capacity, so that it can be compared. */
export type SizedSelfHost = SelfHost & { readonly capacity: Capacity };

export function isSized(side: SelfHost): side is SizedSelfHost {
  return side.capacity.kind !== 'no-measurement';
}

/** A text as part of a mathjs symbol. */
function symbolOf(text: string): string {
  return text.replace(/[^a-z0-9]+/gi, '_').replace(/^_+|_+$/g, '');
}

/**
 * The offer that the user named.
 *
 * @throws Fault `unknown`, or `contradiction` where its GPU is not asked for
 */
export function askedOffer(id: string | undefined, asks: readonly GpuAsk[], catalog: Catalog, asOf: string): OfferChoice | null {
  if (id === undefined) return null;
  const existing = catalog.offers.filter(({ date }) => date <= asOf);
  const offer = lookupName(new Map(existing.map((each) => [each.id.toLowerCase(), each])), id, '--offer', 'kplan data offers');
  const ask = asks.find(({ gpu }) => gpu.id === offer.gpu);
  if (ask) return chosenOffer(offer, ask.gpu);
  throw new Fault('contradiction', `the offer is for ${offer.gpu}`, {
    where: '--offer',
    value: id,
    allowed: `offers for ${asks.map(({ gpu }) => gpu.id).join(', ')}`,
  });
}

function capacityOf(
  question: BreakEvenQuestion,
  judged: JudgedDeployment,
  kvTokens: number,
  load: LoadPoint,
  curves: readonly Curve[],
): Capacity | NoMeasurement {
  if (question.tokensPerSecond) return assumedCapacity(question.tokensPerSecond, load);
  const { model, checkpoint, gpu, release, layout, kvCacheDtype, maxNumSeqs } = judged.deployment;
  return capacity({
    gpu,
    format: checkpoint.format,
    engine: release.engine.id,
    layout,
    traffic: traffic(model, checkpoint),
    kvBytesPerElement: kvElementBytes(kvCacheDtype),
    kvTokens,
    maxSequences: (maxNumSeqs ?? release.engine.maxSequences.value) * layout.attentionDp,
    load,
    curves,
    asOf: question.asOf,
  });
}

/**
 * Everything about hosting on one GPU type: the layout of a replica, the prefix reuse that its KV cache reaches, what it sustains
 * and what its instances cost.
 *
 * @param curves of the model's family, as known on the day of the question
 * @param asked the offer that the user named, if it is for this GPU
 */
export function selfHost(
  question: BreakEvenQuestion,
  ask: GpuAsk,
  catalog: Catalog,
  curves: readonly Curve[],
  asked: OfferChoice | null,
): SelfHost | Refusal {
  const { gpu } = ask;
  const replica = replicaFor(question.fit, ask, curves);
  if (replica.kind === 'does-not-fit') return { gpu, code: 'does-not-fit', message: replica.message };
  const offer = asked ?? medianOffer(catalog.offers, gpu, question.asOf);
  if (!offer) return { gpu, code: 'no-offer', message: `no price of ${gpu.name} is known on ${question.asOf}` };
  const { judged } = replica;
  const gpusPerReplica = totalGpus(judged.deployment.layout);
  const kvTokens = judged.memory?.kvTokens.value ?? 0;
  const load = loadPointOf(question.demand, replicaReuse(question.demand, kvTokens));
  const twice = question.fit.gpus.filter((other) => other.gpu === gpu).length > 1;
  return {
    id: twice ? `${offer.id}/${gpusPerReplica}` : offer.id,
    key: symbolOf(twice ? `${gpu.id}_${gpusPerReplica}` : gpu.id),
    gpu,
    judged,
    gpusPerReplica,
    kvTokens,
    load,
    capacity: capacityOf(question, judged, kvTokens, load, curves),
    offer,
    packing: packing(gpusPerReplica, offer.gpusPerInstance),
  };
}

/** Requests that one replica would sustain in a month without a pause. */
export function requestsPerMonth(requestsPerSecond: number, { hoursPerMonth }: BreakEvenQuestion): number {
  return requestsPerSecond * SECONDS_PER_HOUR * hoursPerMonth;
}

/** The cost of the fleet over volume, at one price and capacity out of their bands. */
export function stairsOf(side: SelfHost, question: BreakEvenQuestion, usdPerGpuHour: number, requestsPerSecond: number): Staircase {
  const planned = requestsPerMonth(requestsPerSecond, question) * question.maxLoad;
  return staircase(planned, usdPerGpuHour * side.offer.gpusPerInstance * question.hoursPerMonth, side.packing);
}
