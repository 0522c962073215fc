import { type Packing, packing, type Staircase, staircase } from '../../cost/fleet.ts';
import { chosenOffer, medianOffer, type OfferChoice } from '../../cost/offerChoice.ts';
import { Fault } from '../../faults/fault.ts';
import { lookupName } from '../../faults/nearest.ts';
import type { Gpu } from '../../hardware/gpu.ts';
import { totalGpus } from '../../layout/layout.ts';
import type { Capacity } from '../../throughput/capacityQuestion.ts';
import type { Knowledge } from '../../throughput/knowledge.ts';
import { knownBy, SECONDS_PER_HOUR } from '../../units/time.ts';
import type { Catalog } from '../catalog.ts';
import type { JudgedDeployment } from '../judge.ts';
import type { GpuAsk } from '../lookup.ts';
import { replicaFor } from '../speed/replicaChoice.ts';
import type { BreakEvenQuestion } from './breakEvenQuestion.ts';
import { type ReplicaCapacity, replicaCapacity } from './replicaCapacity.ts';

/** One GPU type with a layout that fits and a price. */
export interface SelfHost extends ReplicaCapacity {
  /** Of the fleet in the answer. */
  readonly id: string;
  /** Prefix of its terms. */
  readonly key: string;
  readonly gpu: Gpu;
  readonly judged: JudgedDeployment;
  readonly gpusPerReplica: number;
  readonly offer: OfferChoice;
  readonly packing: Packing;
}

/** A GPU type that cannot be priced. */
export interface Refusal {
  readonly gpu: Gpu;
  /** As asked; undefined where every fleet of up to four nodes was tried. */
  readonly gpus?: number;
  readonly code: 'does-not-fit' | 'invalid' | 'memory-unknown' | 'no-offer';
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
  const existing = catalog.offers.filter(({ date }) => knownBy(date, asOf));
  const offer = lookupName(new Map(existing.map((each) => [each.id.toLowerCase(), each])), id, '--offer', 'kplan data offers');
  const ask = asks.find(({ gpu }) => gpu.id === offer.gpu);
  if (ask) return chosenOffer(offer, ask.gpu);
  throw new Fault('contradiction', `the offer is for ${offer.gpu}`, {
    where: '--offer',
    value: id,
    allowed: `offers for ${asks.map(({ gpu }) => gpu.id).join(', ')}`,
  });
}

/**
 * Hosting on one judged layout: the prefix reuse that its KV cache reaches, what it sustains and what its instances cost.
 *
 * @param twice whether the same GPU type is asked in several counts, so that ids need the count
 */
export function hostOn(
  question: BreakEvenQuestion,
  judged: JudgedDeployment,
  offer: OfferChoice,
  knowledge: Knowledge,
  twice: boolean,
): SelfHost {
  const { gpu, layout } = judged.deployment;
  const gpusPerReplica = totalGpus(layout);
  return {
    id: twice ? `${offer.id}/${gpusPerReplica}` : offer.id,
    key: symbolOf(twice ? `${gpu.id}_${gpusPerReplica}` : gpu.id),
    gpu,
    judged,
    gpusPerReplica,
    offer,
    packing: packing(gpusPerReplica, offer.gpusPerInstance),
    ...replicaCapacity(question, judged, knowledge),
  };
}

/** Requests per second for a dollar: what decides between layouts of one GPU type. */
function worth({ capacity, packing: { replicasPerInstance, instancesPerReplica } }: SelfHost): number {
  return capacity.kind === 'no-measurement' ? 0 : (capacity.requestsPerSecond.value * replicasPerInstance) / instancesPerReplica;
}

/**
 * Everything about hosting on one GPU type, on the layout that carries most per instance.
 *
 * @param knowledge what is known of speed on the day of the question
 * @param asked the offer that the user named, if it is for this GPU
 */
export function selfHost(
  question: BreakEvenQuestion,
  ask: GpuAsk,
  catalog: Catalog,
  knowledge: Knowledge,
  asked: OfferChoice | null,
): SelfHost | Refusal {
  const { gpu } = ask;
  const replica = replicaFor(question.fit, ask, knowledge);
  if (replica.kind === 'refused') return { ...ask, code: replica.code, message: replica.binding.message };
  const offer = asked ?? medianOffer(catalog.offers, gpu, question.asOf);
  if (!offer) return { gpu, code: 'no-offer', message: `no price of ${gpu.name} is known on ${question.asOf}` };
  const twice = question.fit.gpus.filter((other) => other.gpu === gpu).length > 1;
  return replica.candidates
    .map((judged) => hostOn(question, judged, offer, knowledge, twice))
    .reduce((best, side) => (worth(side) > worth(best) ? side : best));
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

/** What instances bill for could carry at full use, in requests per month: idle replicas count. */
export function fleetCapacity(instances: number, { requestsPerStep, instancesPerStep }: Staircase, { maxLoad }: BreakEvenQuestion): number {
  return ((instances / instancesPerStep) * requestsPerStep) / maxLoad;
}
