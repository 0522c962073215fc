import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { calibrationOf } from '../accuracy/reconcile/calibration.ts';
import type { ReconcileAsk } from '../accuracy/reconcile/logDeployment.ts';
import { reconcile } from '../accuracy/reconcile/reconcile.ts';
import { calibrationText } from '../calibration/calibrationFile.ts';
import { resolveRelease } from '../engine/release.ts';
import { Fault } from '../faults/fault.ts';
import { readStartupLog } from '../importers/startupLog/readStartupLog.ts';
import type { Catalog } from '../plan/catalog.ts';
import { findCheckpoint, findModel, findNamed } from '../plan/lookup.ts';
import { reconcileReport } from '../report/reconcileReport.ts';
import { reconcileRawTable } from '../report/reconcileTable.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { EXIT, type Io } from './io.ts';
import { askedOf, catalogWith } from './modelCatalog.ts';
import type { ReconcileOptions } from './reconcileOptions.ts';

type Chunks = AsyncIterable<Uint8Array>;

/** The bytes of a file, or of stdin; what cannot be read is a fault. */
async function* bytesOf(path: string, stdin: Chunks): Chunks {
  try {
    yield* path === '-' ? stdin : createReadStream(path);
  } catch (error) {
    if (error instanceof Fault || !(error instanceof Error) || !('code' in error)) throw error;
    const code = String(error.code);
    throw new Fault(code === 'ENOENT' ? 'missing' : 'invalid', `the log cannot be read (${code})`, {
      where: path,
      allowed: 'the start-up log of an engine, or - for stdin',
    });
  }
}

/** Passes bytes on and takes their digest. */
async function* hashed(chunks: Chunks, digest: { sha256: string }): Chunks {
  const hash = createHash('sha256');
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  digest.sha256 = hash.digest('hex');
}

function askOf({ gpu, model, format, engine, kvCacheDtype }: ReconcileOptions, catalog: Catalog): ReconcileAsk {
  const named = model === undefined ? undefined : findModel(catalog, model);
  if (format !== undefined && !named)
    throw new Fault('missing', 'a format is one of a model', { where: '--model', allowed: 'the model of which --format is one' });
  return {
    ...(gpu === undefined ? {} : { gpu: findNamed(catalog.gpus, gpu, '--gpu', 'kplan data gpus') }),
    ...(named ? { model: named } : {}),
    ...(named && (format !== undefined || named.checkpoints.length === 1) ? { checkpoint: findCheckpoint(named, format) } : {}),
    ...(engine === undefined ? {} : { release: resolveRelease(catalog.engines, engine), releaseByDefault: !engine.includes('@') }),
    ...(kvCacheDtype === undefined ? {} : { kvCacheDtype }),
  };
}

/** Answers `kplan reconcile LOG`; the exit code is 3 under `--fail` where a figure is outside its tolerance. */
export async function runReconcile(path: string, options: ReconcileOptions, io: Io, stdin: Chunks = process.stdin): Promise<number> {
  const { save } = options;
  if (save === '-') throw new Fault('invalid', 'stdout gets the answer', { where: '--save', value: save, allowed: 'the name of a file' });
  await checkDelivery(options, save === undefined ? null : { where: '--save', path: save });
  const { catalog, notes, ...found } = await catalogWith(options.model, io);
  const ask = askOf(askedOf(options, found), catalog);
  const digest = { sha256: '' };
  const name = path === '-' ? 'stdin' : basename(path);
  const log = await readStartupLog(hashed(bytesOf(path, stdin), digest), path === '-' ? 'stdin' : path);
  const reconciled = reconcile({ ...log, name }, catalog, ask);
  const { reconciliation } = reconciled;
  const date = new Date().toISOString().slice(0, 10);
  const saved =
    save === undefined
      ? null
      : { where: '--save', path: save, content: async () => calibrationText(calibrationOf(reconciled, { file: name, date, ...digest })) };
  await deliver(
    {
      schema: reconciliation.schema,
      document: () => reconciliation,
      table: () => reconcileRawTable(reconciliation),
      report: () => reconcileReport(reconciliation),
      warnings: notes,
    },
    options,
    io,
    saved,
  );
  const outside = reconciliation.lines.some(({ within }) => within === false) || reconciliation.verdict.agrees === false;
  return options.fail && outside ? EXIT.negative : EXIT.done;
}
