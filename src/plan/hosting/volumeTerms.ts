import type { Fleet } from '../../cost/fleet.ts';
import type { TermSheet } from '../../evidence/term.ts';
import type { ApiPrice } from '../api/apiPrices.ts';
import type { SelfHost } from './selfHost.ts';

/** Both sides at one volume of requests a month. */
export interface VolumeRow {
  /** Prefix of the terms; the cost of the fleet has it as its id. */
  readonly id: string;
  readonly requests: number;
  /** Over the sheet. */
  readonly formula: string;
  readonly fleet: Fleet;
}

/** The fleet that carries a volume and what it costs. */
export function fleetVolumeTerms(sheet: TermSheet, { id, requests, formula, fleet }: VolumeRow, { key: k }: SelfHost): void {
  const none = requests === 0;
  sheet
    .formula(`${id}_requests`, 'requests in the month', 'request/month', requests, formula)
    .formula(
      `${id}_replicas`,
      'replicas that carry them, with the spare ones',
      '',
      fleet.replicas,
      none ? '0' : `ceil(${id}_requests / ${k}_plannedRequests) + spareReplicas`,
    )
    .formula(
      `${id}_instances`,
      'instances that hold these',
      'instance',
      fleet.instances,
      `ceil(${id}_replicas / ${k}_replicasPerInstance) * ${k}_instancesPerReplica`,
    )
    .formula(
      id,
      'self-hosting',
      'USD/month',
      fleet.usdPerMonth,
      none ? `${id}_instances * ${k}_usdPerInstanceMonth` : `fixedUsd + ${id}_instances * ${k}_usdPerInstanceMonth`,
    );
}

/** Instances of the fleet that carries a volume, over the sheet. */
export function instancesFormula(requests: string, k: string): string {
  return `ceil((ceil(${requests} / ${k}_plannedRequests) + spareReplicas) / ${k}_replicasPerInstance) * ${k}_instancesPerReplica`;
}

/** Requests that fill the smallest fleet, over the sheet. */
export function fullRequestsFormula(k: string): string {
  return `(floor(spareReplicas / ${k}_replicasPerInstance) + 1) * ${k}_requestsPerStep - spareReplicas * ${k}_plannedRequests`;
}

/** What an API takes for a volume. */
export function apiVolumeTerms(sheet: TermSheet, { id, requests }: Pick<VolumeRow, 'id' | 'requests'>, { key: t, line }: ApiPrice): void {
  sheet.formula(`${id}_${t}`, `the API, ${line.id}`, 'USD/month', requests * line.usdPerRequest, `${id}_requests * ${t}_usdPerRequest`);
}
