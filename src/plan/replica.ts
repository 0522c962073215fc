import { type Layout, totalGpus } from '../layout/layout.ts';
import type { Curve } from '../throughput/curve.ts';
import { judgeCandidates } from './candidates.ts';
import type { JudgedDeployment } from './judge.ts';
import type { GpuAsk } from './lookup.ts';
import type { FitQuestion } from './question.ts';

/** The layout of one replica that fits, or why none does. */
export type ReplicaChoice =
  | { readonly kind: 'fits'; readonly judged: JudgedDeployment }
  | { readonly kind: 'does-not-fit'; readonly message: string };

/**
 * The layout that one replica is planned on: of those that hold a sequence of the context even at high overhead, a measured one
 * before others, whole nodes before parts of one, then the smallest. Attention DP only where it is asked.
 *
 * @param question model, engine and what was asked of the layout
 * @param ask GPU type
 * @param curves of the model's family
 */
export function replicaFor({ base, layout: asked }: FitQuestion, ask: GpuAsk, curves: readonly Curve[]): ReplicaChoice {
  const judged = judgeCandidates(base, ask, asked);
  const measured = ({ tp, pp }: Layout) =>
    curves.some((curve) => curve.gpu === ask.gpu.id && curve.format === base.checkpoint.format && curve.tp === tp && curve.pp === pp);
  const rank = ({ deployment: { layout } }: JudgedDeployment) => [
    measured(layout) ? 0 : 1,
    totalGpus(layout) < ask.gpu.gpusPerNode ? 1 : 0,
    totalGpus(layout),
  ];
  const fitting = judged.filter(
    ({ verdict, deployment }) => verdict === 'fits' && (asked.attentionDp !== undefined || deployment.layout.attentionDp === 1),
  );
  const best = fitting.sort((a, b) => compare(rank(a), rank(b)))[0];
  if (best) return { kind: 'fits', judged: best };
  const nearest = judged.find(({ verdict }) => verdict === 'marginal') ?? judged.at(-1);
  return { kind: 'does-not-fit', message: nearest?.binding.message ?? 'no layout is valid' };
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differing = a.findIndex((value, index) => value !== b[index]);
  return differing < 0 ? 0 : (a[differing] ?? 0) - (b[differing] ?? 0);
}
