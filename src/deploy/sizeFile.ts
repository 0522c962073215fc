import { checked } from '../catalog/check.ts';
import { Fault } from '../faults/fault.ts';
import { RUN_WORDS } from '../plan/fit/question.ts';
import type { SizeAnswer, SizedFleet } from '../plan/size/sizeAnswer.ts';
import { sizeSchema } from '../report/schema/size.ts';
import { answerDocument, schemaOf } from './answerFile.ts';

/** What changes the capacity of a replica beside its layout. */
const OF_RUN = [...RUN_WORDS, 'graphEstimate'] as const;

/** Replicas of a fleet, and how many of them must go on. */
export interface ReadSize {
  readonly model: string;
  readonly gpu: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly format: string;
  readonly kvCacheDtype: string;
  /** Of its longest request; null where the answer names none. */
  readonly contextTokens: number | null;
  readonly layout: SizedFleet['fleet']['layout'];
  /** How its replicas run, as far as that was asked. */
  readonly run: Readonly<Record<string, unknown>>;
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
  const placed = answerDocument(path, 'an answer of kplan size');
  const faults: Fault[] = [];
  const answer = schemaOf(placed) === 'kplan/size@1' ? (checked(sizeSchema, placed, faults) as SizeAnswer | undefined) : undefined;
  const [fleet] = answer?.fleets ?? [];
  if (!fleet) {
    const reason = answer ? 'it sized no fleet' : 'it is no answer of size';
    throw faults[0] ?? new Fault('invalid', reason, { where: path, value: schemaOf(placed), allowed: 'what `kplan size --json` printed' });
  }
  const replicas = (code: string) => fleet.rows.find((row) => row.code === code)?.replicas;
  const load = replicas('load') ?? Math.ceil(fleet.replicas.value);
  const { gpu, engine, engineVersion, format, layout } = fleet.fleet;
  const query = (answer?.query ?? {}) as Readonly<Record<string, unknown>>;
  const { model, kvCacheDtype, contextTokens } = query;
  const { checkpointBytes, seconds } = fleet.coldStart;
  const loadBytesPerSecond = checkpointBytes / seconds.high;
  if (!(loadBytesPerSecond > 0 && Number.isFinite(loadBytesPerSecond)))
    throw new Fault('invalid', 'no time in which a replica starts', {
      where: placed.where(['fleets', 0, 'coldStart', 'seconds', 'high']),
      value: seconds.high,
      allowed: 'seconds above 0',
    });
  const all = replicas('spare') ?? load;
  return {
    model: String(model),
    gpu,
    engine,
    engineVersion,
    format,
    kvCacheDtype: String(kvCacheDtype),
    contextTokens: typeof contextTokens === 'number' ? contextTokens : null,
    layout,
    run: Object.fromEntries(OF_RUN.map((name) => [name, query[name]])),
    replicas: all,
    leastReplicas: Math.min(load, all - 1),
    loadBytesPerSecond,
  };
}
