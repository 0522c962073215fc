import type { StartupLog } from '../../importers/startupLog/startupLog.ts';
import { poolBytesPerToken } from '../../memory/kvCache.ts';
import { overheadGiB } from '../../memory/overhead.ts';
import type { Catalog } from '../../plan/catalog.ts';
import { GIB } from '../../units/bytes.ts';
import { arithmeticLines } from './arithmetic.ts';
import { contradictionInWords, contradictionsOf } from './contradiction.ts';
import { ggufBufferLines, ggufKvLines } from './ggufBuffers.ts';
import { kvLines, refusalLines } from './kvFigures.ts';
import { compared, type ReconcileLine, stated } from './line.ts';
import { type LogDeployment, logDeployment, type ReconcileAsk } from './logDeployment.ts';
import { loggedOverheadGiB, overheadLines } from './overheadFigures.ts';
import { tightestPool } from './pool.ts';
import type { Reconciled, ReconcileVerdict, Reconciliation } from './reconciliation.ts';
import { reconcileVerdict } from './verdict.ts';
import { weightGiB, weightLines } from './weightFigures.ts';

function isGguf({ engine }: StartupLog): boolean {
  return engine === 'llama.cpp' || engine === 'ik_llama.cpp';
}

/** What the engine sees of the GPU, against the catalog. */
function totalLines({ figures: { total } }: StartupLog, { deployment, noBudget }: LogDeployment): ReconcileLine[] {
  const logged = stated(total);
  const known = deployment?.gpu.torchTotalGiB?.value;
  if (!logged || known === undefined || noBudget !== null) return [];
  return [
    compared({
      id: 'gpu-memory',
      what: 'memory that the engine sees',
      unit: 'GiB',
      predicted: known,
      logged,
      tolerance: 0.3,
      explain: () => 'drivers and boards of one type differ by some hundredths',
    }),
  ];
}

/** How many figures of a source lie within their tolerance, and which do not. */
function tally(lines: readonly ReconcileLine[], noun: string, verb: string): string {
  const outside = lines.filter(({ within }) => within === false).map(({ what }) => what);
  const beyond = outside.length === 0 ? '' : `, not ${outside.join(', ')}`;
  return `${lines.length - outside.length} of ${lines.length} ${noun} ${verb}${beyond}`;
}

function sentence(lines: readonly ReconcileLine[], { agrees, predicted, logged }: ReconcileVerdict): string {
  const held = lines.filter(({ within }) => within !== null);
  const predictions = held.filter(({ source }) => source === 'kplan');
  const identities = held.filter(({ source }) => source === 'log');
  const open = lines.filter(({ predicted: value, logged: printed }) => value === null && printed !== null).length;
  const parts = [
    predictions.length === 0
      ? 'No figure of this log can be held against kplan: each has its reason below'
      : tally(predictions, 'figures', 'are as kplan predicts, to within their tolerance'),
    ...(identities.length === 0 ? [] : [tally(identities, 'sums within the log', 'agree')]),
    ...(open === 0 || predictions.length === 0 ? [] : [`${open} printed ${open === 1 ? 'figure' : 'figures'} kplan does not predict`]),
    ...(agrees === null ? [] : [`the verdict ${predicted} ${agrees ? 'agrees' : 'does not agree'} with ${logged}`]),
  ];
  return `${parts.join('; ')}.`;
}

function linesOf(log: StartupLog, found: LogDeployment): ReconcileLine[] {
  if (isGguf(log)) return [...ggufKvLines(log, found), ...ggufBufferLines(log), ...arithmeticLines(log)];
  return [
    ...totalLines(log, found),
    ...weightLines(log, found),
    ...overheadLines(log, found),
    ...kvLines(log, found),
    ...refusalLines(log, found),
    ...arithmeticLines(log),
  ];
}

/** What a calibration can be made of: weights and overhead as logged and as predicted, without any calibration in the prediction. */
function basisOf(
  log: StartupLog,
  { deployment, noBudget, noWeights, noCalibration, releaseAssumed }: LogDeployment,
): Pick<Reconciled, 'basis' | 'noBasis'> {
  const reason = noBudget ?? noWeights ?? noCalibration;
  if (!deployment || reason !== null || isGguf(log)) return { basis: null, noBasis: reason ?? 'kplan plans no budget for this engine' };
  const overhead = loggedOverheadGiB(log, deployment);
  const { weights, draftWeights, kvMemory, kvTokens } = log.figures;
  const pool = tightestPool(deployment);
  if (overhead === null) return { basis: null, noBasis: 'the log does not state its KV memory, of which the overhead would follow' };
  const bytes = (gib: number) => Math.round(gib * GIB);
  return {
    basis: {
      deployment,
      releaseAssumed,
      measured: {
        weightBytesPerGpu: weights ? bytes(weights.value + (draftWeights?.value ?? 0)) : null,
        overheadBytesPerGpu: bytes(overhead),
        kvBytesPerToken: kvMemory && kvTokens && !pool.hybrid ? Math.round((kvMemory.value * GIB) / kvTokens.value) : null,
      },
      predicted: {
        weightBytesPerGpu: bytes(weightGiB(deployment)),
        overheadBytesPerGpu: bytes(overheadGiB(deployment).value),
        kvBytesPerToken: poolBytesPerToken(pool, deployment),
      },
    },
    noBasis: null,
  };
}

/**
 * Holds kplan's predictions against a start-up log, line by line.
 *
 * @param log as it was read
 * @param catalog models, GPUs and engines that names of the log are matched with
 * @param ask what the user says of the log that it does not say itself
 * @returns every figure with residual, tolerance and what explains it; what cannot be predicted has its reason
 */
export function reconcile(log: StartupLog, catalog: Catalog, ask: ReconcileAsk = {}): Reconciled {
  const found = logDeployment(log, catalog, ask);
  const lines = linesOf(log, found);
  const verdict = reconcileVerdict(log, found);
  const contradictions = contradictionsOf(log, catalog, ask, found);
  const { name, engine, version, model, starts, lines: count, cutLines, unread } = log;
  const reconciliation: Reconciliation = {
    schema: 'kplan/reconcile@1',
    answer: [sentence(lines, verdict), ...contradictions.map(contradictionInWords)].join(' '),
    log: { name, engine, version, model, starts, lines: count, cutLines },
    recognised: found.recognised,
    assumed: found.assumed,
    lines,
    verdict,
    unread,
  };
  return { reconciliation, flags: log.flags, contradictions, ...basisOf(log, found) };
}
