import { checked } from '../catalog/check.ts';
import { readInputFile } from '../catalog/inputFile.ts';
import { utf8Text } from '../catalog/utf8Text.ts';
import { type PlacedValue, parseYaml } from '../catalog/yamlFile.ts';
import { Fault } from '../faults/fault.ts';
import type { FitAnswer, FitResult } from '../plan/fit/fitAnswer.ts';
import type { FitQuery } from '../plan/fit/question.ts';
import type { OffloadAnswer } from '../plan/offload/offloadAnswer.ts';
import type { OffloadQuery } from '../plan/offload/offloadQuestion.ts';
import type { SizeAnswer, SizedFleet } from '../plan/size/sizeAnswer.ts';
import { fitSchema } from '../report/schema/fit.ts';
import { offloadSchema } from '../report/schema/offload.ts';
import { sizeSchema } from '../report/schema/size.ts';
import { chosenFit, chosenOffload } from './chosenRow.ts';
import type { DeployQuery } from './deployQuery.ts';

const ALLOWED = 'what `kplan fit --json` printed';

function documentOf(path: string, kind: string): PlacedValue & { readonly value: { readonly schema?: unknown } } {
  const { bytes } = readInputFile(path, { kind, remedy: 'one answer of kplan', mostMiB: 16 });
  try {
    return parseYaml(path, utf8Text(bytes, path, 'JSON')) as PlacedValue & { readonly value: { readonly schema?: unknown } };
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}

function schemaOf({ value }: PlacedValue): unknown {
  return typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
}

function fitQueryOf({ query }: FitAnswer, row: FitResult): FitQuery {
  const known = query as Readonly<Record<string, unknown>>;
  const { encoderMode, utilization, maxNumSeqs, maxNumBatchedTokens, draft, draftTokens, enforceEager, graphEstimate, sequences } = known;
  const said = { encoderMode, utilization, maxNumSeqs, maxNumBatchedTokens, draft, draftTokens, sequences };
  return {
    ...(Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Partial<FitQuery>),
    model: String(known['model']),
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
    model: String(known['model']),
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
  const placed = documentOf(path, 'an answer of kplan fit');
  const faults: Fault[] = [];
  if (schemaOf(placed) === 'kplan/offload@1') {
    const answer = checked(offloadSchema, placed, faults) as OffloadAnswer | undefined;
    if (!answer) throw faults[0] ?? new Fault('invalid', 'it is no answer of fit', { where: path, allowed: ALLOWED });
    const chosen = chosenOffload(answer.results, row);
    const query = offloadQueryOf(answer, chosen);
    return { plan: { kind: 'offload', query }, model: query.model ?? '', calibration: null, verdict: chosen.verdict };
  }
  const answer = schemaOf(placed) === 'kplan/fit@1' ? (checked(fitSchema, placed, faults) as FitAnswer | undefined) : undefined;
  if (!answer)
    throw faults[0] ?? new Fault('invalid', 'it is no answer of fit', { where: path, value: schemaOf(placed), allowed: ALLOWED });
  const chosen = chosenFit(answer.results, row);
  const query = fitQueryOf(answer, chosen);
  const { calibration } = answer.query;
  return {
    plan: { kind: 'gpu', query },
    model: query.model ?? '',
    calibration: typeof calibration === 'string' ? calibration : null,
    verdict: chosen.verdict,
  };
}

/** Replicas of a fleet, and how many of them must go on. */
export interface ReadSize {
  readonly gpu: string;
  readonly engine: string;
  readonly layout: SizedFleet['fleet']['layout'];
  readonly replicas: number;
  readonly leastReplicas: number;
  /** Bytes per second at the slow end of the load that the cold start of the answer was computed with. */
  readonly loadBytesPerSecond: number;
}

/**
 * Reads the answer of `kplan size --json`: replicas of its cheapest fleet with the spare ones, and those that carry the load.
 *
 * @throws Fault where the file is missing, is no answer of `size`, or sized no fleet
 */
export function readSizeFile(path: string): ReadSize {
  const placed = documentOf(path, 'an answer of kplan size');
  const faults: Fault[] = [];
  const answer = schemaOf(placed) === 'kplan/size@1' ? (checked(sizeSchema, placed, faults) as SizeAnswer | undefined) : undefined;
  const [fleet] = answer?.fleets ?? [];
  if (!fleet) {
    const reason = answer ? 'it sized no fleet' : 'it is no answer of size';
    throw faults[0] ?? new Fault('invalid', reason, { where: path, value: schemaOf(placed), allowed: 'what `kplan size --json` printed' });
  }
  const replicas = (code: string) => fleet.rows.find((row) => row.code === code)?.replicas;
  const load = replicas('load') ?? Math.ceil(fleet.replicas.value);
  const { gpu, engine, layout } = fleet.fleet;
  const { checkpointBytes, seconds } = fleet.coldStart;
  const all = replicas('spare') ?? load;
  return { gpu, engine, layout, replicas: all, leastReplicas: Math.min(load, all - 1), loadBytesPerSecond: checkpointBytes / seconds.high };
}
