import { basename } from 'node:path';
import { Fault } from '../faults/fault.ts';
import type { Catalog } from '../plan/catalog.ts';
import { counted } from '../plan/hosting/hostingWords.ts';
import type { Trace } from '../workload/traffic.ts';
import { type OwnWorkload, withWorkload } from './ownWorkload.ts';
import type { SizeOptions } from './sizeOptions.ts';

/** Sessions whose clocks are their own are taken to begin so often; a curve at another rate is scaled to it. */
const SESSIONS_PER_HOUR = 30;

/** A trace to be played, as workload and request by request. */
interface TracedWorkload extends OwnWorkload<SizeOptions> {
  readonly trace: Trace;
  readonly notices: readonly string[];
}

/**
 * Reads the trace of `--trace`: its requests, and the workload that they are.
 *
 * @returns null where none is asked
 * @throws Fault where the file cannot be read or played, or a workload is named beside it
 */
export async function tracedWorkload(options: SizeOptions, catalog: Catalog): Promise<TracedWorkload | null> {
  const { trace: path, workload } = options;
  if (path === undefined) return null;
  if (workload !== undefined)
    throw new Fault('contradiction', 'the trace is the workload', { where: '--workload', value: workload, allowed: 'without --trace' });
  const { importUsage } = await import('../importers/usage/index.ts');
  const { TraceLog } = await import('../importers/usage/traceLog.ts');
  const log = new TraceLog();
  const document = await importUsage(
    [path],
    {},
    { stdin: process.stdin, row: (row, format) => log.add(row, format), sessionsPerHour: SESSIONS_PER_HOUR },
  );
  const trace = log.trace(path === '-' ? 'standard input' : basename(path), document.quantumMs);
  const own = await withWorkload(options, catalog, { document, path }, false);
  const leftOut =
    log.leftOut > 0
      ? [`left out of ${trace.name} when it is played: ${counted(log.leftOut, 'row')} without time or tokens, or of many requests`]
      : [];
  return { ...own, trace, notices: [...leftOut, ...document.notices] };
}
