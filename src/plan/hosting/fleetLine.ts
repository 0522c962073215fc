import { type CostLine, counts, type Purchase } from '../../cost/purchase.ts';
import { type Estimate, through } from '../../evidence/estimate.ts';
import type { SourceId } from '../../evidence/source.ts';
import type { Layout } from '../../layout/layout.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import type { HostingQuestion } from './hostingQuestion.ts';
import { fleetRules, requestsPerMonth, type SelfHost } from './selfHost.ts';

/** What the GPUs cost and hold, for one GPU type and one way to pay for it. */
export interface FleetLine {
  readonly id: string;
  readonly gpu: string;
  readonly gpuName: string;
  readonly purchase: Purchase;
  readonly engine: string;
  readonly engineVersion: string;
  readonly format: string;
  readonly layout: Layout;
  readonly gpusPerReplica: number;
  readonly gpusPerInstance: number;
  readonly instancesPerReplica: number;
  readonly replicasPerInstance: number;
  /** Rent; null on machines of one's own. */
  readonly usdPerGpuHour: Estimate | null;
  /** Whether the rent is that of a cost model, because nobody lists the GPU. */
  readonly modelled: boolean;
  /** All that the lens counts. */
  readonly usdPerInstanceMonth: Estimate;
  /** Its parts at middle values, those that the lens leaves out marked. */
  readonly costs: readonly (CostLine & { readonly counted: boolean })[];
  /** Price of one machine, where it is bought. */
  readonly capexUsd: number | null;
  readonly offers: number;
  /** Requests per second that one replica sustains; null where nothing is measured. */
  readonly requestsPerSecond: Estimate | null;
  readonly tokensPerMonthPerReplica: Estimate | null;
  /** What is planned of it, at the maximal load. */
  readonly plannedTokensPerReplica: Estimate | null;
  /** Replicas beside those that carry the load. */
  readonly spareReplicas: number;
  /** USD per month for a fleet of any size. */
  readonly fixedUsd: number;
  readonly concurrency: number | null;
  /** Time between two tokens of one sequence at that concurrency. */
  readonly tpotMs: Estimate | null;
  /** Share of the input that the KV cache of a replica finds. */
  readonly reuse: Estimate;
  readonly capacityMethod: string;
  readonly source: SourceId;
}

/** What the answer says of one fleet: layout, price and capacity. */
export function fleetLine(side: SelfHost, question: HostingQuestion): FleetLine {
  const { layout, release, checkpoint } = side.judged.deployment;
  const { supply, packing, load } = side;
  const capacity = side.capacity.kind === 'no-measurement' ? null : side.capacity;
  const tokens = tokensPerRequest(load);
  const perMonth = (share: number) =>
    capacity ? through(capacity.requestsPerSecond, (requests) => requestsPerMonth(requests, question) * share * tokens) : null;
  return {
    id: side.id,
    gpu: side.gpu.id,
    gpuName: side.gpu.name,
    purchase: supply.purchase,
    engine: release.engine.id,
    engineVersion: release.version,
    format: checkpoint.format,
    layout,
    gpusPerReplica: side.gpusPerReplica,
    gpusPerInstance: supply.gpusPerInstance,
    instancesPerReplica: packing.instancesPerReplica,
    replicasPerInstance: packing.replicasPerInstance,
    usdPerGpuHour: supply.rent?.usdPerGpuHour ?? null,
    modelled: supply.modelled,
    usdPerInstanceMonth: supply.usdPerInstanceMonth,
    costs: supply.lines.map((line) => ({ ...line, counted: counts(line.code, question.lens) })),
    capexUsd: supply.owned?.capexUsd.value ?? null,
    offers: supply.rent?.offers.length ?? 0,
    requestsPerSecond: capacity?.requestsPerSecond ?? null,
    tokensPerMonthPerReplica: perMonth(1),
    plannedTokensPerReplica: perMonth(question.maxLoad),
    ...fleetRules(question),
    concurrency: capacity?.concurrency ?? null,
    tpotMs: capacity?.tpotMs ?? null,
    reuse: side.reuse,
    capacityMethod: capacity?.method ?? 'no-measurement',
    source: supply.source,
  };
}
