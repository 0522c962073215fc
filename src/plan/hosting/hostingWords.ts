import type { Purchase } from '../../cost/purchase.ts';
import { layoutName } from '../../layout/layout.ts';
import type { TariffLine } from '../api/tariffLine.ts';
import type { SelfHost } from './selfHost.ts';

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

/** `8×H200 (TP8, vLLM 0.25.0)`, with how they are paid for unless on demand. */
export function fleetInWords({ judged, gpusPerReplica, gpu, supply }: SelfHost): string {
  const { layout, release } = judged.deployment;
  return `${gpusPerReplica}×${gpu.name}${PAID_FOR[supply.purchase]} (${layoutName(layout)}, ${release.engine.name} ${release.version})`;
}

/** `Moonshot AI's list price`. */
export function tariffInWords({ provider, role }: TariffLine): string {
  if (role === 'list') return `${provider}'s list price`;
  return role === 'cheapest-host' ? `the cheapest host (${provider})` : `${provider}'s price`;
}

/** A share as a whole percentage. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
