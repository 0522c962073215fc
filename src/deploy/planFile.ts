import { checked } from '../catalog/check.ts';
import type { PlacedValue } from '../catalog/yamlFile.ts';
import { Fault } from '../faults/fault.ts';
import type { FitAnswer, FitResult } from '../plan/fit/fitAnswer.ts';
import type { FitQuery } from '../plan/fit/question.ts';
import type { OffloadAnswer } from '../plan/offload/offloadAnswer.ts';
import type { OffloadQuery } from '../plan/offload/offloadQuestion.ts';
import { fitSchema } from '../report/schema/fit.ts';
import { offloadSchema } from '../report/schema/offload.ts';
import { answerDocument, schemaOf } from './answerFile.ts';
import { chosenFit, chosenOffload } from './chosenRow.ts';
import type { DeployQuery } from './deployQuery.ts';

const ALLOWED = 'what `kplan fit --json` printed';

function fitQueryOf({ query }: FitAnswer, row: FitResult): FitQuery {
  const known = query as Readonly<Record<string, unknown>>;
  const { encoderMode, utilization, maxNumSeqs, maxNumBatchedTokens, draft, draftTokens, enforceEager, graphEstimate, sequences } = known;
  const said = { encoderMode, utilization, maxNumSeqs, maxNumBatchedTokens, draft, draftTokens, sequences };
  return {
    ...(Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Partial<FitQuery>),
    engine: `${row.engine}@${row.engineVersion}`,
    gpu: [`${row.gpu}:${row.gpus}`],
    ...row.layout,
    format: row.format,
    contextTokens: row.contextTokens,
    kvCacheDtype: row.kvCacheDtype,
    ...(enforceEager === undefined ? {} : { enforceEager: true }),
    ...(graphEstimate === undefined ? {} : { graphEstimate: graphEstimate === 'on' }),
  };
}

function offloadQueryOf({ query }: OffloadAnswer, row: OffloadAnswer['results'][number]): OffloadQuery {
  const known = query as Readonly<Record<string, unknown>>;
  const { prefill, prefillChunkTokens, gpuExperts } = known;
  return {
    engine: row.engine,
    format: row.format,
    ...(row.gpu === null ? {} : { gpu: [`${row.gpu}:${row.gpus}`] }),
    ramBytes: row.ramBytes,
    ...(row.diskBytes === null ? {} : { diskBytes: row.diskBytes }),
    contextTokens: row.contextTokens,
    sequences: row.sequences,
    kvCacheDtype: row.kvCacheDtype,
    ...(typeof prefill === 'string' ? { prefill } : {}),
    ...(typeof prefillChunkTokens === 'number' ? { prefillChunkTokens } : {}),
    ...(typeof gpuExperts === 'number' ? { gpuExperts } : {}),
  };
}

/** The model that an answer is about. */
function modelIn({ query }: Pick<FitAnswer, 'query'>, placed: PlacedValue): string {
  const { model } = query as Readonly<Record<string, unknown>>;
  if (typeof model === 'string') return model;
  throw new Fault('missing', 'the answer names no model', { where: `${placed.where(['query'])} query.model`, allowed: ALLOWED });
}

/** A plan that was read from a file, as a question that is asked anew. */
export interface ReadPlan {
  readonly plan: DeployQuery['plan'];
  readonly model: string;
  /** The calibration that the answer was given with. */
  readonly calibration: string | null;
  /** What the file says of it. */
  readonly verdict: string;
}

/**
 * Reads the answer of `kplan fit --json` and takes one plan of it, which is then judged anew.
 *
 * @param row key of a result; the one that the answer puts first where none is named
 * @throws Fault where the file is missing, is no answer of `fit`, or has no such row
 */
export function readPlanFile(path: string, row: string | undefined): ReadPlan {
  const placed = answerDocument(path, 'an answer of kplan fit');
  const faults: Fault[] = [];
  if (schemaOf(placed) === 'kplan/offload@1') {
    const answer = checked(offloadSchema, placed, faults) as OffloadAnswer | undefined;
    if (!answer) throw faults[0] ?? new Fault('invalid', 'it is no answer of fit', { where: path, allowed: ALLOWED });
    const chosen = chosenOffload(answer.results, row);
    const query = { ...offloadQueryOf(answer, chosen), model: modelIn(answer, placed) };
    return { plan: { kind: 'offload', query }, model: query.model, calibration: null, verdict: chosen.verdict };
  }
  const answer = schemaOf(placed) === 'kplan/fit@1' ? (checked(fitSchema, placed, faults) as FitAnswer | undefined) : undefined;
  if (!answer)
    throw faults[0] ?? new Fault('invalid', 'it is no answer of fit', { where: path, value: schemaOf(placed), allowed: ALLOWED });
  const chosen = chosenFit(answer.results, row);
  const query = { ...fitQueryOf(answer, chosen), model: modelIn(answer, placed) };
  const { calibration } = answer.query;
  return {
    plan: { kind: 'gpu', query },
    model: query.model,
    calibration: typeof calibration === 'string' ? calibration : null,
    verdict: chosen.verdict,
  };
}
