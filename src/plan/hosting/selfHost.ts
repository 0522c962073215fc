import { type FleetRules, type Packing, packing, type Staircase, staircase } from '../../cost/fleet.ts';
import type { Gpu } from '../../hardware/gpu.ts';
import { totalGpus } from '../../layout/layout.ts';
import type { Capacity } from '../../throughput/capacityQuestion.ts';
import type { Knowledge } from '../../throughput/knowledge.ts';
import { SECONDS_PER_HOUR } from '../../units/time.ts';
import type { Catalog } from '../catalog.ts';
import type { JudgedDeployment } from '../judge.ts';
import type { GpuAsk } from '../lookup.ts';
import { replicaFor } from '../speed/replicaChoice.ts';
import type { HostingQuestion } from './hostingQuestion.ts';
import { type ReplicaCapacity, replicaCapacity } from './replicaCapacity.ts';
import { type AskedOffer, suppliesFor } from './supplies.ts';
import type { Supply } from './supply.ts';

/** One GPU type with a layout that fits and a price. */
export interface SelfHost extends ReplicaCapacity {
  /** Of the fleet in the answer. */
  readonly id: string;
  /** Prefix of its terms. */
  readonly key: string;
  readonly gpu: Gpu;
  readonly judged: JudgedDeployment;
  readonly gpusPerReplica: number;
  readonly supply: Supply;
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

/** Where one GPU type stands among those that were asked. */
interface Asked {
  /** Whether it is asked in several counts, so that ids need the count. */
  readonly twice: boolean;
  /** Whether it has several prices, so that terms need the name of each. */
  readonly several: boolean;
}

/**
 * Hosting on one judged layout: the prefix reuse that its KV cache reaches, what it sustains and what its instances cost.
 */
export function hostOn(
  question: HostingQuestion,
  judged: JudgedDeployment,
  supply: Supply,
  knowledge: Knowledge,
  { twice, several }: Asked = { twice: false, several: false },
): SelfHost {
  const { gpu, layout } = judged.deployment;
  const gpusPerReplica = totalGpus(layout);
  const name = several ? `${gpu.id}_${supply.id.startsWith(gpu.id) ? supply.purchase : supply.id}` : gpu.id;
  return {
    id: twice ? `${supply.id}/${gpusPerReplica}` : supply.id,
    key: symbolOf(twice ? `${name}_${gpusPerReplica}` : name),
    gpu,
    judged,
    gpusPerReplica,
    supply,
    packing: packing(gpusPerReplica, supply.gpusPerInstance),
    ...replicaCapacity(question, judged, knowledge),
  };
}

/** Requests per second for a dollar: what decides between layouts of one GPU type. */
function worth({ capacity, packing: { replicasPerInstance, instancesPerReplica } }: SelfHost): number {
  return capacity.kind === 'no-measurement' ? 0 : (capacity.requestsPerSecond.value * replicasPerInstance) / instancesPerReplica;
}

/**
 * Everything about hosting on one GPU type: a fleet for each way to pay for it, on the layout that carries most per instance.
 *
 * @param knowledge what is known of speed on the day of the question
 * @param offers those that the user named
 */
export function selfHosts(
  question: HostingQuestion,
  ask: GpuAsk,
  catalog: Catalog,
  knowledge: Knowledge,
  offers: readonly AskedOffer[],
): (SelfHost | Refusal)[] {
  const { gpu } = ask;
  const replica = replicaFor(question.fit, ask, knowledge);
  if (replica.kind === 'refused') return [{ ...ask, code: replica.code, message: replica.binding.message }];
  const { supplies, missing } = suppliesFor(question, gpu, catalog, offers);
  const asked = { twice: question.fit.gpus.filter((other) => other.gpu === gpu).length > 1, several: supplies.length + missing.length > 1 };
  return [
    ...supplies.map((supply) =>
      replica.candidates
        .map((judged) => hostOn(question, judged, supply, knowledge, asked))
        .reduce((best, side) => (worth(side) > worth(best) ? side : best)),
    ),
    ...missing.map((message): Refusal => ({ gpu, code: 'no-offer', message })),
  ];
}

/** Requests per second that are planned for one replica. */
export function plannedPerSecond({ capacity }: SizedSelfHost, { maxLoad }: Pick<HostingQuestion, 'maxLoad'>): number {
  return capacity.requestsPerSecond.value * maxLoad;
}

/** Requests that one replica would sustain in a month without a pause in the hours of the traffic. */
export function requestsPerMonth(requestsPerSecond: number, { volume }: HostingQuestion): number {
  return requestsPerSecond * SECONDS_PER_HOUR * volume.trafficHours;
}

/** What a fleet pays and keeps beside its instances; moving is paid for under every lens. */
export function fleetRules({ spareReplicas, ownership: { oneOffUsd, spreadMonths } }: HostingQuestion): FleetRules {
  return { spareReplicas, fixedUsd: oneOffUsd / spreadMonths };
}

/** The cost of the fleet over volume, at one price and capacity out of their bands. */
export function stairsOf(side: SelfHost, question: HostingQuestion, usdPerInstanceMonth: number, requestsPerSecond: number): Staircase {
  const planned = requestsPerMonth(requestsPerSecond, question) * question.maxLoad;
  return staircase(planned, usdPerInstanceMonth, side.packing, fleetRules(question));
}

/** The staircase at middle values. */
export function middleStairs(side: SizedSelfHost, question: HostingQuestion): Staircase {
  return stairsOf(side, question, side.supply.usdPerInstanceMonth.value, side.capacity.requestsPerSecond.value);
}

/** What instances could carry at full use in all hours that are paid for, in requests per month: idle and spare replicas count. */
export function paidCapacity(
  { supply, packing: { replicasPerInstance, instancesPerReplica }, capacity }: SizedSelfHost,
  instances: number,
): number {
  const replicas = (instances / instancesPerReplica) * replicasPerInstance;
  return replicas * capacity.requestsPerSecond.value * SECONDS_PER_HOUR * supply.billedHours;
}
