import { Fault } from '../faults/fault.ts';
import { replicaGpus } from '../layout/layout.ts';
import { checkpointSize } from '../model/checkpointSize.ts';
import type { Catalog } from '../plan/catalog.ts';
import { fit } from '../plan/fit/fit.ts';
import type { FitAnswer, FitResult } from '../plan/fit/fitAnswer.ts';
import { type FitQuery, resolveFitQuery } from '../plan/fit/question.ts';
import { judge } from '../plan/judge.ts';
import { chosenFit } from './chosenRow.ts';
import { type GpuSubject, repositoryOf } from './subject.ts';

/** A plan with the answer of `fit` on it alone, whose evidence is that of the deployment. */
export interface GpuPlan {
  readonly subject: GpuSubject;
  readonly answer: FitAnswer;
  /** Whole copies of the model side by side, each a replica. */
  readonly copies: number;
}

/** The query that has one row of an answer and nothing else. */
function exactly(query: FitQuery, { gpu, gpus, layout, format }: FitResult): FitQuery {
  const { gpus: _, ...rest } = query;
  return { ...rest, gpu: [`${gpu}:${gpus}`], ...layout, ...(query.format === undefined ? {} : { format }) };
}

/**
 * The plan that a question of `fit` comes to.
 *
 * @param row key of a result; the one that the answer puts first where none is named
 * @throws Fault for bad input
 */
export function gpuPlan(query: FitQuery, row: string | undefined, catalog: Catalog): GpuPlan {
  if (Array.isArray(query.contextTokens) && query.contextTokens.length > 1)
    throw new Fault('contradiction', 'one context is deployed', {
      where: '--ctx',
      value: query.contextTokens.join(', '),
      allowed: 'one context',
    });
  const chosen = chosenFit(fit(query, catalog).results, row);
  const exact = exactly(query, chosen);
  const answer = fit(exact, catalog);
  const { base, gpus } = resolveFitQuery(exact, catalog);
  const [result] = answer.results;
  const [ask] = gpus;
  if (!result || !ask) throw new Error('an exact question has one result');
  const { calibration, ...others } = base;
  const layout = { ...result.layout, dp: 1 };
  const judged = judge({ ...others, gpu: ask.gpu, layout: result.layout, ...(calibration?.gpu === ask.gpu.id ? { calibration } : {}) });
  const { deployment } = judged;
  return {
    answer,
    copies: result.layout.dp,
    subject: {
      kind: 'gpu',
      key: chosen.key,
      engine: deployment.release.engine.id,
      version: deployment.release.version,
      model: deployment.model,
      format: deployment.checkpoint.format,
      repository: repositoryOf(deployment.checkpoint.repository),
      gpu: deployment.gpu,
      gpus: replicaGpus(layout),
      contextTokens: deployment.contextTokens,
      sequences: deployment.sequences,
      verdict: judged.verdict,
      binding: judged.binding,
      remedy: result.remedy,
      notes: result.notes,
      checkpointBytes: checkpointSize(deployment.model, deployment.checkpoint).bytes,
      ramBytes: null,
      checkpoint: deployment.checkpoint,
      judged,
    },
  };
}
