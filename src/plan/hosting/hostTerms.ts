import { requestsPerStep } from '../../cost/fleet.ts';
import { through } from '../../evidence/estimate.ts';
import type { TermSheet } from '../../evidence/term.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import { SECONDS_PER_HOUR } from '../../units/time.ts';
import { dependsOnRate } from '../../workload/loadPoint.ts';
import { capacityTerms } from './capacityTerms.ts';
import type { HostingQuestion } from './hostingQuestion.ts';
import { isSized, middleStairs, plannedPerSecond, requestsPerMonth, type SelfHost, type SizedSelfHost } from './selfHost.ts';
import { supplyTerms } from './supplyTerms.ts';

function stairTerms(sheet: TermSheet, side: SizedSelfHost, question: HostingQuestion): void {
  const { key: k, packing, load } = side;
  const { requestsPerSecond } = side.capacity;
  const tokens = tokensPerRequest(load);
  const stairs = middleStairs(side, question);
  sheet
    .formula(
      `${k}_requestsPerMonth`,
      'requests of one replica in the hours of the traffic',
      'request/month',
      through(requestsPerSecond, (requests) => requestsPerMonth(requests, question)),
      `${k}_requestsPerSecond * secondsPerHour * trafficHours`,
    )
    .formula(
      `${k}_paidRequests`,
      'requests of one replica in all hours paid for',
      'request/month',
      requestsPerSecond.value * SECONDS_PER_HOUR * side.supply.billedHours,
      `${k}_requestsPerSecond * secondsPerHour * ${k}_billedHours`,
    )
    .formula(
      `${k}_tokensPerMonth`,
      'tokens of one replica in a month',
      'token/month',
      through(requestsPerSecond, (requests) => requestsPerMonth(requests, question) * tokens),
      `${k}_requestsPerMonth * tokensPerRequest`,
    )
    .formula(
      `${k}_plannedRequests`,
      'requests that one replica is planned to carry',
      'request/month',
      stairs.requestsPerReplica,
      `${k}_requestsPerMonth * maxLoad`,
    )
    .formula(
      `${k}_replicasPerInstance`,
      'replicas on an instance',
      '',
      packing.replicasPerInstance,
      `max(1, floor(${k}_gpusPerInstance * (1 instance) / ${k}_gpusPerReplica))`,
    )
    .formula(
      `${k}_instancesPerReplica`,
      'instances of a replica',
      'instance',
      packing.instancesPerReplica,
      `ceil(${k}_gpusPerReplica / ${k}_gpusPerInstance, instance)`,
    )
    .formula(
      `${k}_requestsPerStep`,
      'requests that one step of instances carries',
      'request/month',
      requestsPerStep(stairs),
      `${k}_plannedRequests * ${k}_replicasPerInstance`,
    )
    .formula(
      `${k}_usdPerStep`,
      'cost of one step of instances',
      'USD/month',
      stairs.usdPerStep,
      `${k}_usdPerInstanceMonth * ${k}_instancesPerReplica`,
    );
}

/** The rate at which a replica finds what it needs to carry that rate: its reuse was read where this holds. */
function curveTerms(sheet: TermSheet, side: SizedSelfHost, question: HostingQuestion): void {
  const { key: k, curveTokens } = side;
  const { demand } = question;
  const { reuseCurveRequestsPerSecond: behind, source } = demand.workload ?? {};
  if (!behind || source === undefined) return;
  sheet
    .input(`${k}_curveRate`, 'requests of the traffic behind the reuse curve', 'request/s', behind, source)
    .formula(
      `${k}_plannedRate`,
      'requests planned for one replica',
      'request/s',
      plannedPerSecond(side, question),
      `${k}_requestsPerSecond * maxLoad`,
    )
    .solved(
      `${k}_curveTokens`,
      'KV tokens as that curve counts them: a replica that takes less of the like keeps it longer',
      'token',
      curveTokens,
      `highest rate that a replica carries with what it finds at that rate: ${k}_reuse is read here, and ${k}_plannedRate follows from it`,
      `${k}_curveTokens - ${k}_kvTokens * ${k}_curveRate / ${k}_plannedRate`,
    );
}

/** How the price, the capacity and the staircase of a fleet came about. */
export function hostTerms(sheet: TermSheet, side: SelfHost, question: HostingQuestion): void {
  supplyTerms(sheet, side, question);
  const { memory } = side.judged;
  const { demand } = question;
  const scaled = isSized(side) && dependsOnRate(demand);
  sheet
    .lookup(
      `${side.key}_kvTokens`,
      'tokens that the KV cache of one replica holds',
      'token',
      memory?.kvTokens ?? 0,
      'memory plan, as in `kplan fit`',
      memory?.overheadSource ?? '',
    )
    .lookup(
      `${side.key}_reuse`,
      'share of the input that such a KV cache finds',
      '',
      side.reuse,
      scaled ? `reuse curve of the workload, at ${side.key}_curveTokens` : 'reuse curve of the workload, at the KV tokens',
      demand.askedReuse === null ? (demand.workload?.source ?? 'user') : 'user',
    );
  if (!isSized(side)) return;
  capacityTerms(sheet, side);
  if (scaled) curveTerms(sheet, side, question);
  stairTerms(sheet, side, question);
}
