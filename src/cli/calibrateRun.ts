import { createInterface } from 'node:readline/promises';
import { laterClock } from '../calibration/client/clock.ts';
import { lagMeter } from '../calibration/client/lagMeter.ts';
import { readPage } from '../calibration/client/readPage.ts';
import type { RequestRecord } from '../calibration/client/record.ts';
import { sendRequest } from '../calibration/client/sendRequest.ts';
import { PROBE_TIMEOUTS } from '../calibration/client/timeouts.ts';
import { spentUsd } from '../calibration/ladder/worstCase.ts';
import { parsePrometheus } from '../calibration/metrics/prometheusText.ts';
import { serverMetrics } from '../calibration/metrics/serverMetrics.ts';
import { BALANCE_PAGE, type Bill, balanceIn, billOf } from '../calibration/run/balance.ts';
import { type RunResult, run } from '../calibration/run/run.ts';
import { Fault } from '../faults/fault.ts';
import { announcement } from './calibrateAnnouncement.ts';
import type { CalibrateOptions } from './calibrateOptions.ts';
import { progressLines } from './calibrateProgress.ts';
import { type Planned, recordFileOf, remainingSteps } from './calibrateRecords.ts';
import type { Setting } from './calibrateSetting.ts';
import type { Interruption } from './interruption.ts';
import type { Io } from './io.ts';

/** Says what will be done, and asks. */
export async function agreed(
  { endpoint, probe: { facts }, tariff, query, stop, warnings }: Setting,
  planned: Planned,
  options: CalibrateOptions,
  io: Io,
): Promise<boolean> {
  const of = [facts.server, facts.engineVersion].filter((part) => part !== null).join(' ');
  const run = announcement({ steps: remainingSteps(planned), limits: query.limits, tariff, held: planned.held });
  io.warn(`kplan: ${endpoint.model}${of === '' ? '' : ` on ${of}`}: ${run}\n`);
  for (const warning of warnings) io.warn(`kplan: ${warning}\n`);
  if (options.yes === true) return true;
  if (process.stdin.isTTY !== true)
    throw new Fault('missing', 'nobody can be asked whether to begin', { where: '--yes', allowed: '--yes, or a terminal' });
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const said = await asking.question('Begin? [y/N] ', { signal: stop });
    return /^y(es)?$/i.test(said.trim());
  } catch {
    // Ctrl-C and the end of the input are a no.
    return false;
  } finally {
    asking.close();
  }
}

/** What a run found, with what the account was charged for it. */
export interface Measured {
  readonly result: RunResult;
  readonly bill: Bill | null;
}

/** Readings of metrics in a row without an answer, after which no more are tried. */
const MOST_UNREAD = 3;

/** The balance of the account; asked for only where a tariff says that the endpoint is paid for. */
async function balanceOf({ endpoint, ways, tariff }: Setting, signal: AbortSignal): Promise<number | null> {
  if (tariff === null) return null;
  const page = await readPage(endpoint, BALANCE_PAGE, { ...ways, timeouts: PROBE_TIMEOUTS, signal });
  return page.status === 200 ? balanceIn(page.text) : null;
}

/** Runs the ladder; records are kept as they end. */
export async function measured(
  setting: Setting,
  { ladder, seed, held }: Planned,
  options: CalibrateOptions,
  hands: Interruption,
  io: Io,
): Promise<Measured> {
  const { endpoint, query, tariff, fullLength } = setting;
  const clock = laterClock(setting.ways.clock, Math.max(0, ...held.records.map(({ endMs }) => endMs)));
  const ways = { ...setting.ways, clock };
  const file = await recordFileOf(setting, options);
  const lag = lagMeter(clock);
  let begun = false;
  let unread = 0;
  const before = await balanceOf(setting, hands.stop);
  const live = process.stderr.isTTY === true && options.json !== true;
  try {
    const result = await run(
      { ladder, limits: query.limits, tariff, seed, fullLength, held },
      {
        clock,
        stop: hands.stop,
        send: (ask) => {
          begun = true;
          return sendRequest(endpoint, ask, { ...ways, lag });
        },
        keep: (line) => file.append(line),
        metrics: async () => {
          if (unread >= MOST_UNREAD) return null;
          const page = await readPage(endpoint, 'metrics', {
            ...ways,
            timeouts: PROBE_TIMEOUTS,
            signal: begun ? hands.abandon : hands.stop,
          });
          unread = page.status === null ? unread + 1 : 0;
          return page.status === 200 ? serverMetrics(parsePrometheus(page.text).samples) : null;
        },
        tell: progressLines(io, live),
      },
    );
    const spent = (records: readonly RequestRecord[]) => records.reduce((sum, record) => sum + (spentUsd(record, tariff) ?? 0), 0);
    return { result, bill: billOf(before, await balanceOf(setting, hands.abandon), spent(result.records) - spent(held.records)) };
  } finally {
    lag.stop();
    await file.close();
  }
}
