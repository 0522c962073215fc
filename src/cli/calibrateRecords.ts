import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readCalibration } from '../calibration/calibrationFile.ts';
import { type HeldRun, NOTHING_HELD, readRecords } from '../calibration/client/readRecords.ts';
import { createRecordFile, type RecordFile, resumeRecordFile, thereAlready } from '../calibration/client/recordFile.ts';
import type { Ladder } from '../calibration/ladder/ladder.ts';
import { type LadderStep, unsentNumbers } from '../calibration/ladder/step.ts';
import { type RunAsked, runAsked } from '../calibration/run/runHeader.ts';
import { Fault } from '../faults/fault.ts';
import type { CalibrateFiles } from '../report/calibrateReport.ts';
import { checkOutputs } from '../report/output.ts';
import type { CalibrateOptions } from './calibrateOptions.ts';
import type { Setting } from './calibrateSetting.ts';
import type { Io } from './io.ts';

const USUAL_FILE = 'calibration.json';

/** What is run: as asked, or as the run that is gone on with was. */
export interface Planned {
  readonly ladder: Ladder;
  readonly seed: number;
  /** The earlier part. */
  readonly held: HeldRun;
}

/** Where the calibration and the records of its requests go. */
export function filesOf({ records, save = USUAL_FILE }: CalibrateOptions): CalibrateFiles {
  return { calibration: save, records: records ?? `${save.replace(/\.json$/, '')}.jsonl` };
}

/**
 * Refuses files that could not be written, before anything is asked.
 *
 * @throws Fault naming the option
 */
export function checkTargets(options: CalibrateOptions): void {
  const { calibration, records } = filesOf(options);
  const out = options.out === undefined || options.out === '-' ? [] : [{ where: '--out', path: options.out }];
  const saved = [{ where: '--save', path: calibration }, ...out];
  const same = saved.find(({ path }) => resolve(path) === resolve(records));
  if (same)
    throw new Fault('contradiction', 'the records go to this file', { where: same.where, value: same.path, allowed: 'another file' });
  checkOutputs(saved, { force: options.force === true });
  if (options.resume !== true && existsSync(records)) throw thereAlready(records);
  if (options.resume === true && !existsSync(records))
    throw new Fault('missing', 'there are no records to go on with', {
      where: '--resume',
      value: records,
      allowed: '--records FILE of a run that began',
    });
}

function askedOf({ endpoint, redact, seed, ladder }: Setting): RunAsked {
  return { endpoint: endpoint.url.root, model: redact(endpoint.model), protocol: endpoint.protocol, seed, ladder };
}

/** What is typed beside `--resume` must be what the run was asked, or be left out. */
function checkSame(options: CalibrateOptions, now: RunAsked, then: RunAsked, path: string): void {
  for (const field of ['endpoint', 'model', 'protocol'] as const)
    if (now[field] !== then[field])
      throw new Fault('contradiction', `the records are of another ${field}`, { where: path, value: then[field], allowed: now[field] });
  const typed = (['shapes', 'maxConcurrency', 'open'] as const).filter((name) => options[name] !== undefined);
  if (typed.length > 0 && !isDeepStrictEqual(now.ladder.steps, then.ladder.steps))
    throw new Fault('contradiction', 'the run that is gone on with has another ladder', {
      where: '--resume',
      value: path,
      allowed: 'without --shapes, --max-concurrency and --open, or as it began',
    });
  if (options.seed !== undefined && now.seed !== then.seed)
    throw new Fault('contradiction', 'the run that is gone on with has another seed', {
      where: '--seed',
      value: now.seed,
      allowed: String(then.seed),
    });
}

/** What will be run; a run that is gone on with keeps its ladder and its seed. */
export async function plannedOf(setting: Setting, options: CalibrateOptions, io: Io): Promise<Planned> {
  if (options.resume !== true) return { ladder: setting.ladder, seed: setting.seed, held: NOTHING_HELD };
  const path = filesOf(options).records;
  const read = await readRecords(path);
  const then = runAsked(read, path);
  checkSame(options, askedOf(setting), then, path);
  const { calibration } = filesOf(options);
  const before = options.gpu === undefined && existsSync(calibration) ? readCalibration(calibration) : null;
  if (before && 'deployment' in before && before.deployment)
    throw new Fault('missing', 'the calibration of this run is of a GPU', {
      where: '--gpu',
      allowed: `--gpu again, as it began (${before.deployment.gpu})`,
    });
  for (const notice of read.notices) io.warn(`kplan: ${notice}\n`);
  return { ladder: then.ladder, seed: then.seed, held: read };
}

/** Steps with what of them is still to be sent. */
export function remainingSteps({ ladder, held }: Planned): LadderStep[] {
  return ladder.steps
    .map((step) => ({ ...step, requests: unsentNumbers(step, held.records).length }))
    .filter(({ requests }) => requests > 0);
}

/** The file that the records go to, begun or gone on with. */
export async function recordFileOf(setting: Setting, options: CalibrateOptions): Promise<RecordFile> {
  const path = filesOf(options).records;
  if (options.resume === true) return (await resumeRecordFile(path, setting.redact)).file;
  return createRecordFile(path, { ...askedOf(setting) }, setting.redact);
}
