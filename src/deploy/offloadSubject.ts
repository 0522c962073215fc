import { expertMethod } from '../engine/ktransformers/rules.ts';
import type { Catalog } from '../plan/catalog.ts';
import { offload } from '../plan/offload/offload.ts';
import type { OffloadAnswer, OffloadResult } from '../plan/offload/offloadAnswer.ts';
import { type OffloadCase, type OffloadQuery, resolveOffloadQuery } from '../plan/offload/offloadQuestion.ts';
import { chosenOffload } from './chosenRow.ts';
import { type OffloadSubject, repositoryOf } from './subject.ts';

/** A plan of a host that serves from RAM too, with the answer on it alone. */
export interface OffloadPlan {
  readonly subject: OffloadSubject;
  readonly answer: OffloadAnswer;
}

function exactly(query: OffloadQuery, { gpu, gpus, format }: OffloadResult): OffloadQuery {
  const { gpu: _, ...rest } = query;
  return { ...rest, format, ...(gpu === null ? {} : { gpu: [`${gpu}:${gpus}`] }) };
}

/** Where the files of a case are published. */
function filesOf(question: OffloadCase, { ggufMixes }: Catalog): string | null {
  if (question.engine === 'ktransformers') return repositoryOf(question.checkpoint.repository);
  return repositoryOf(ggufMixes.find(({ model, mix }) => model === question.model.id && mix === question.format.format)?.repository);
}

/**
 * The plan that a question of `fit` comes to whose engine serves from RAM too.
 *
 * @param row key of a result; the only one where none is named
 * @throws Fault for bad input
 */
export function offloadPlan(query: OffloadQuery, row: string | undefined, catalog: Catalog): OffloadPlan {
  const chosen = chosenOffload(offload(query, catalog).results, row);
  const exact = exactly(query, chosen);
  const answer = offload(exact, catalog);
  const [question] = resolveOffloadQuery(exact, catalog, (checkpoint) => expertMethod(catalog.kTransformers, checkpoint) !== undefined);
  const [result] = answer.results;
  if (!result || !question) throw new Error('an exact question has one result');
  return {
    answer,
    subject: {
      kind: 'offload',
      key: chosen.key,
      engine: result.engine,
      version: null,
      model: question.model,
      format: result.format,
      repository: filesOf(question, catalog),
      gpu: question.host.gpu,
      gpus: result.gpus,
      contextTokens: result.contextTokens,
      sequences: result.sequences,
      verdict: result.verdict,
      binding: result.binding,
      remedy: result.remedy,
      notes: [],
      checkpointBytes: result.fileBytes?.high ?? 0,
      ramBytes: result.ramNeededBytes?.high ?? null,
      question,
      result,
    },
  };
}
