import { type Layout, totalGpus } from '../../layout/layout.ts';
import type { Knowledge } from '../../throughput/knowledge.ts';
import { judgeCandidates } from '../fit/candidates.ts';
import type { Binding } from '../fit/fitAnswer.ts';
import type { FitQuestion } from '../fit/question.ts';
import type { JudgedDeployment } from '../judge.ts';
import type { GpuAsk } from '../lookup.ts';

/** The layouts that a replica may be planned on, or what stands against all of them. */
export type ReplicaChoice =
  | { readonly kind: 'fits'; readonly candidates: readonly JudgedDeployment[] }
  | { readonly kind: 'refused'; readonly code: 'does-not-fit' | 'invalid' | 'memory-unknown'; readonly binding: Binding };

const MOST_CANDIDATES = 4;

function refusal(judged: readonly JudgedDeployment[]): ReplicaChoice {
  const [first] = judged;
  if (!first) throw new Error('every GPU type has at least one judged layout');
  const nearest = judged.find(({ verdict }) => verdict === 'marginal') ?? first;
  const { binding, verdict } = nearest;
  const code = verdict !== 'invalid' ? 'does-not-fit' : binding.code === 'gpu.memory-unknown' ? 'memory-unknown' : 'invalid';
  return { kind: 'refused', code, binding };
}

/**
 * The layouts that one replica is planned on: those that hold a sequence of the context even at high overhead; measured ones alone where
 * there are any, else the smallest fleet's in the order in which `fit` offers them. Attention DP only where it is asked.
 *
 * @param question model, engine and what was asked of the layout
 * @param ask GPU type
 * @param knowledge measured curves of the model's family
 */
export function replicaFor({ base, layout: asked }: FitQuestion, ask: GpuAsk, { curves }: Knowledge): ReplicaChoice {
  const judged = judgeCandidates(base, ask, asked);
  const measured = ({ tp, pp }: Layout) =>
    curves.some(
      ({ gpu, format, layout }) => gpu === ask.gpu.id && format === base.checkpoint.format && layout.tp === tp && layout.pp === pp,
    );
  const fitting = judged.filter(
    ({ verdict, deployment }) => verdict === 'fits' && (asked.attentionDp !== undefined || deployment.layout.attentionDp === 1),
  );
  const [first] = fitting;
  if (!first) return refusal(judged);
  const known = fitting.filter(({ deployment }) => measured(deployment.layout));
  if (known.length > 0) return { kind: 'fits', candidates: known.slice(0, MOST_CANDIDATES) };
  const whole = fitting.find(({ deployment }) => totalGpus(deployment.layout) >= ask.gpu.gpusPerNode);
  return { kind: 'fits', candidates: [whole ?? first] };
}
