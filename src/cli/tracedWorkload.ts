import { basename } from 'node:path';
import { Fault } from '../faults/fault.ts';
import type { Catalog } from '../plan/catalog.ts';
import { counted } from '../plan/hosting/hostingWords.ts';
import { findModel } from '../plan/lookup.ts';
import { formatCount } from '../units/tokens.ts';
import type { Trace } from '../workload/traffic.ts';
import { flagOf } from './deploymentQuery.ts';
import { type OwnWorkload, withWorkload } from './ownWorkload.ts';
import type { SizeOptions } from './sizeOptions.ts';

/** Sessions whose clocks are their own are taken to begin so often; a curve at another rate is scaled to it. */
const SESSIONS_PER_HOUR = 30;

/** A trace to be played, as workload and request by request. */
interface TracedWorkload extends OwnWorkload<SizeOptions> {
  readonly trace: Trace;
  readonly notices: readonly string[];
}

/** Words that ask for other requests than those of a trace. */
const OTHER_REQUESTS = ['workload', 'inputTokens', 'outputTokens', 'reuse', 'thinking', 'thinkingRatio'] as const;

function checkAlone(options: SizeOptions): void {
  const other = OTHER_REQUESTS.find((word) => options[word] !== undefined);
  if (other === undefined) return;
  throw new Fault('contradiction', 'the trace is the workload', {
    where: flagOf(other),
    value: options[other],
    allowed: 'without --trace',
  });
}

/**
 * Reads the trace of `--trace`: its requests, and the workload that they are.
 *
 * @returns null where none is asked
 * @throws Fault where the file cannot be read or played, or a workload is named beside it
 */
export async function tracedWorkload(options: SizeOptions, catalog: Catalog): Promise<TracedWorkload | null> {
  const { trace: path } = options;
  if (path === undefined) return null;
  checkAlone(options);
  const { importUsage } = await import('../importers/usage/index.ts');
  const { TraceLog } = await import('../importers/usage/traceLog.ts');
  const model = findModel(catalog, options.model);
  const log = new TraceLog(model.architecture.maxContextTokens);
  const document = await importUsage(
    [path],
    {},
    { stdin: process.stdin, row: (row, format) => log.add(row, format), sessionsPerHour: SESSIONS_PER_HOUR },
  );
  const trace = log.trace(path === '-' ? 'standard input' : basename(path), document.quantumMs);
  const own = await withWorkload(options, catalog, { document, path: path === '-' ? trace.name : path }, false);
  const leftOut =
    log.leftOut > 0
      ? [`left out of ${trace.name} when it is played: ${counted(log.leftOut, 'row')} without time or tokens, or of many requests`]
      : [];
  const tooLong =
    log.tooLong > 0
      ? [
          `left out of ${trace.name}: ${counted(log.tooLong, 'request')} of more than the ${formatCount(model.architecture.maxContextTokens)} tokens that ${model.name} takes`,
        ]
      : [];
  return { ...own, trace, notices: [...leftOut, ...tooLong, ...document.notices] };
}
