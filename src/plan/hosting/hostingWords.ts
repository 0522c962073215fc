import type { Purchase } from '../../cost/purchase.ts';
import type { Estimate } from '../../evidence/estimate.ts';
import { layoutName } from '../../layout/layout.ts';
import { meanContextTokens } from '../../throughput/loadPoint.ts';
import { formatUsd } from '../../units/money.ts';
import { formatCount } from '../../units/tokens.ts';
import { dependsOnRate } from '../../workload/loadPoint.ts';
import type { TariffLine } from '../api/tariffLine.ts';
import type { HostingQuestion } from './hostingQuestion.ts';
import { isSized, plannedPerSecond, type SelfHost } from './selfHost.ts';

/** How a fleet is paid for, after its name; on demand goes without saying. */
export const PAID_FOR: Readonly<Record<Purchase, string>> = {
  'on-demand': '',
  spot: ' rented as spot',
  reserved: ' reserved',
  'reserved-1y': ' reserved for a year',
  'reserved-3y': ' reserved for three years',
  owned: ' of your own',
};

/** `8×H200 (TP8)`. */
export function replicaInWords({ judged, gpusPerReplica, gpu }: SelfHost): string {
  return `${gpusPerReplica}×${gpu.name} (${layoutName(judged.deployment.layout)})`;
}

/** The rate at which a replica finds so much, where it depends on it. */
export function plannedRateInWords(side: SelfHost, question: HostingQuestion): string {
  const { demand } = question;
  const behind = demand.workload?.reuseCurveRequestsPerSecond;
  if (!behind || !dependsOnRate(demand) || !isSized(side)) return '';
  const rate = (perSecond: number) => Number(perSecond.toPrecision(3));
  return ` at the ${rate(plannedPerSecond(side, question))} requests/s that it is planned for, whatever the number of replicas (${rate(behind)} ran behind the curve)`;
}

/** Code and words of what sequences in flight hold of the KV cache, where the reuse was read as if prefixes had it all. */
export function inFlightNote(
  { key, capacity, gpu, kvTokens, load }: SelfHost,
  { demand }: HostingQuestion,
): [code: string, text: string][] {
  if (!dependsOnRate(demand) || capacity.kind === 'no-measurement' || capacity.concurrency === null) return [];
  const held = percent(Math.min(1, (capacity.concurrency * meanContextTokens(load)) / kvTokens));
  const text = `Not counted: sequences in flight that leave less room for prefixes than in the traffic behind the reuse curve; on ${gpu.name} they hold up to ${held} of the KV cache.`;
  return [[`not-counted-in-flight-${key}`, text]];
}

/** `8×H200 (TP8, vLLM 0.25.0)`, with how they are paid for unless on demand. */
export function fleetInWords({ judged, gpusPerReplica, gpu, supply }: SelfHost): string {
  const { layout, release } = judged.deployment;
  return `${gpusPerReplica}×${gpu.name}${PAID_FOR[supply.purchase]} (${layoutName(layout)}, ${release.engine.name} ${release.version})`;
}

/**
 * `Moonshot AI's list price`, with the model where it is another than the asked one.
 *
 * @param asked id of the model in question
 */
export function tariffInWords({ provider, role, model }: TariffLine, asked: string): string {
  if (role === 'list') return `${provider}'s list price`;
  if (role === 'cheapest-host') return `the cheapest host (${provider})`;
  return `${provider}'s price${model === asked ? '' : ` of ${model}`}`;
}

/** A count with its noun: `1 user`, `12 users`. */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** An amount with its band, where it has one. */
export function usdInWords({ low, value, high }: Estimate): string {
  return low === high ? formatUsd(value) : `${formatUsd(value)} (${formatUsd(low)} to ${formatUsd(high)})`;
}

/** A share as a whole percentage. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
