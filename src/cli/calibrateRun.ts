import { createInterface } from 'node:readline/promises';
import { lagMeter } from '../calibration/client/lagMeter.ts';
import { readPage } from '../calibration/client/readPage.ts';
import type { RequestRecord } from '../calibration/client/record.ts';
import { createRecordFile, type ResumedFile, resumeRecordFile } from '../calibration/client/recordFile.ts';
import { sendRequest } from '../calibration/client/sendRequest.ts';
import type { Ladder } from '../calibration/ladder/ladder.ts';
import { spentUsd, worstCaseOf } from '../calibration/ladder/worstCase.ts';
import { parsePrometheus } from '../calibration/metrics/prometheusText.ts';
import { serverMetrics } from '../calibration/metrics/serverMetrics.ts';
import { BALANCE_PAGE, type Bill, balanceIn, billOf } from '../calibration/run/balance.ts';
import { type RunResult, run } from '../calibration/run/run.ts';
import { Fault } from '../faults/fault.ts';
import type { CalibrateFiles } from '../report/calibrateReport.ts';
import { formatUsd } from '../units/money.ts';
import { formatTokens } from '../units/tokens.ts';
import type { CalibrateOptions } from './calibrateOptions.ts';
import { progressLines } from './calibrateProgress.ts';
import type { Setting } from './calibrateSetting.ts';
import type { Interruption } from './interruption.ts';
import type { Io } from './io.ts';

const USUAL_FILE = 'calibration.json';

/** Says what will be done, and asks. */
export async function agreed(
  { endpoint, probe: { facts }, ladder, tariff, query }: Setting,
  options: CalibrateOptions,
  io: Io,
): Promise<boolean> {
  const worst = worstCaseOf(ladder.steps, tariff);
  const of = [facts.server, facts.engineVersion].filter((part) => part !== null).join(' ');
  const price = worst.usd === null ? 'no price is known (--tariff)' : `at most ${formatUsd(worst.usd)}`;
  io.warn(
    `kplan: ${endpoint.model}${of === '' ? '' : ` on ${of}`}: ${ladder.steps.length} steps, up to ${worst.requests} requests, ${formatTokens(worst.inputTokens)} input and ${formatTokens(worst.outputTokens)} output tokens at worst, ${price}; it ends after ${Math.round((query.limits.maxDurationMs ?? 0) / 1000)} s\n`,
  );
  if (options.yes === true) return true;
  if (process.stdin.isTTY !== true)
    throw new Fault('missing', 'nobody can be asked whether to begin', { where: '--yes', allowed: '--yes, or a terminal' });
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const said = await asking.question('Begin? [y/N] ');
  asking.close();
  return /^y(es)?$/i.test(said.trim());
}

/** Where the calibration and the records of its requests go. */
export function filesOf({ records, save = USUAL_FILE }: CalibrateOptions): CalibrateFiles {
  return { calibration: save, records: records ?? `${save.replace(/\.json$/, '')}.jsonl` };
}

/** The file of records, begun or gone on with; a resumed run takes the ladder and the seed that it began with. */
async function recordsOf(
  setting: Setting,
  options: CalibrateOptions,
): Promise<ResumedFile & { readonly ladder: Ladder; readonly seed: number }> {
  const path = filesOf(options).records;
  const header = {
    endpoint: setting.endpoint.url.origin,
    model: setting.endpoint.model,
    protocol: setting.endpoint.protocol,
    seed: setting.seed,
    ladder: setting.ladder,
  };
  if (options.resume !== true) {
    const file = await createRecordFile(path, header, setting.redact);
    return {
      file,
      held: { header: { schema: 'kplan/calibration-run@1', ...header }, records: [], notices: [], bytes: 0 },
      ladder: setting.ladder,
      seed: setting.seed,
    };
  }
  const resumed = await resumeRecordFile(path, setting.redact);
  const { endpoint, model, seed, ladder } = resumed.held.header as unknown as typeof header;
  if (endpoint !== header.endpoint || model !== header.model)
    throw new Fault('contradiction', 'the records are of another endpoint', {
      where: path,
      value: `${model} at ${endpoint}`,
      allowed: `${header.model} at ${header.endpoint}`,
    });
  return { ...resumed, ladder, seed };
}

/** What a run found, with what the account was charged for it. */
export interface Measured {
  readonly result: RunResult;
  readonly ladder: Ladder;
  readonly bill: Bill | null;
}

/** The balance of the account; asked for only where a tariff says that the endpoint is paid for. */
async function balanceOf({ endpoint, ways, tariff }: Setting): Promise<number | null> {
  if (tariff === null) return null;
  const page = await readPage(endpoint, BALANCE_PAGE, ways);
  return page.status === 200 ? balanceIn(page.text) : null;
}

/** Runs the ladder; records are kept as they end. */
export async function measured(setting: Setting, options: CalibrateOptions, hands: Interruption, io: Io): Promise<Measured> {
  const { endpoint, ways, query, tariff } = setting;
  const { file, held, ladder, seed } = await recordsOf(setting, options);
  for (const notice of held.notices) io.warn(`kplan: ${notice}\n`);
  const lag = lagMeter(ways.clock);
  const before = await balanceOf(setting);
  const live = process.stderr.isTTY === true && options.json !== true;
  try {
    const result = await run(
      { ladder, limits: query.limits, tariff, seed, held: held.records },
      {
        clock: ways.clock,
        stop: hands.stop,
        send: (ask) => sendRequest(endpoint, ask, { ...ways, lag }),
        keep: (record) => file.append(record),
        metrics: async () => {
          const page = await readPage(endpoint, 'metrics', ways);
          return page.status === 200 ? serverMetrics(parsePrometheus(page.text).samples) : null;
        },
        tell: progressLines(io, live),
      },
    );
    const spent = (records: readonly RequestRecord[]) => records.reduce((sum, record) => sum + (spentUsd(record, tariff) ?? 0), 0);
    return { result, ladder, bill: billOf(before, await balanceOf(setting), spent(result.records) - spent(held.records)) };
  } finally {
    lag.stop();
    await file.close();
  }
}
