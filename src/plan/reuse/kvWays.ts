import { layoutKey } from '../../layout/layout.ts';
import { type Alternative, alternatives } from '../hosting/alternatives.ts';
import type { HostingQuery } from '../hosting/hostingQuestion.ts';
import type { JudgedDeployment } from '../judge.ts';

/** A deployment with the options that lead to it. */
export interface Held {
  readonly judged: JudgedDeployment;
  readonly change: Alternative['change'];
}

/**
 * Every valid way to hold the KV cache on the same GPUs, as far as the user left it open: as it is, in another data type, split over the
 * ranks of a TP group, split between attention DP groups, and two of these together.
 *
 * @param judged the deployment as it is
 * @returns it first, and each other one once
 */
export function kvWays(query: HostingQuery, judged: JudgedDeployment): Held[] {
  const after = ({ judged: from, change }: Held): Held[] =>
    alternatives(query, from).map((other) => {
      const { dcp: _, ...kept } = change;
      return { judged: other.judged, change: { ...(other.code === 'attention-dp' ? kept : change), ...other.change } };
    });
  const first: Held = { judged, change: {} };
  const single = after(first);
  const all = [first, ...single, ...single.flatMap(after)];
  const keyOf = ({ judged: { deployment } }: Held) => `${layoutKey(deployment.layout)} ${deployment.kvCacheDtype}`;
  const keys = all.map(keyOf);
  return all.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}
