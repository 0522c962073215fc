import { through } from '../../evidence/estimate.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import type { FleetLine } from './breakEvenAnswer.ts';
import type { BreakEvenQuestion } from './breakEvenQuestion.ts';
import { requestsPerMonth, type SelfHost } from './selfHost.ts';

/** What the answer says of one GPU type: layout, price and capacity. */
export function fleetLine(side: SelfHost, question: BreakEvenQuestion): FleetLine {
  const { layout, release, checkpoint } = side.judged.deployment;
  const { offer, packing, load } = side;
  const capacity = side.capacity.kind === 'no-measurement' ? null : side.capacity;
  const tokens = tokensPerRequest(load);
  return {
    id: side.id,
    gpu: side.gpu.id,
    gpuName: side.gpu.name,
    engine: release.engine.id,
    engineVersion: release.version,
    format: checkpoint.format,
    layout,
    gpusPerReplica: side.gpusPerReplica,
    gpusPerInstance: offer.gpusPerInstance,
    instancesPerReplica: packing.instancesPerReplica,
    replicasPerInstance: packing.replicasPerInstance,
    usdPerGpuHour: offer.usdPerGpuHour,
    usdPerInstanceMonth: through(offer.usdPerGpuHour, (usd) => usd * offer.gpusPerInstance * question.hoursPerMonth),
    offers: offer.offers.length,
    requestsPerSecond: capacity?.requestsPerSecond ?? null,
    tokensPerMonthPerReplica: capacity
      ? through(capacity.requestsPerSecond, (requests) => requestsPerMonth(requests, question) * tokens)
      : null,
    concurrency: capacity?.concurrency ?? null,
    tpotMs: capacity?.tpotMs ?? null,
    reuse: side.reuse,
    capacityMethod: capacity?.method ?? 'no-measurement',
    source: offer.source,
  };
}
