import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { calibrationText } from '../calibration/calibrationFile.ts';
import { realClock } from '../calibration/client/clock.ts';
import type { Endpoint } from '../calibration/client/endpoint.ts';
import { endpointUrl } from '../calibration/client/endpointUrl.ts';
import { keyFrom } from '../calibration/client/key.ts';
import { lagMeter } from '../calibration/client/lagMeter.ts';
import { readPage } from '../calibration/client/readPage.ts';
import { createRecordFile, type ResumedFile, resumeRecordFile } from '../calibration/client/recordFile.ts';
import { type Redact, redactor } from '../calibration/client/secrets.ts';
import { sendRequest } from '../calibration/client/sendRequest.ts';
import { DEFAULT_TIMEOUTS } from '../calibration/client/timeouts.ts';
import type { Ways } from '../calibration/client/ways.ts';
import { calibrated } from '../calibration/fit/calibrated.ts';
import { type Ladder, ladderOf } from '../calibration/ladder/ladder.ts';
import { worstCaseOf } from '../calibration/ladder/worstCase.ts';
import { parsePrometheus } from '../calibration/metrics/prometheusText.ts';
import { serverMetrics } from '../calibration/metrics/serverMetrics.ts';
import { NOTHING_SAID } from '../calibration/probe/endpointFacts.ts';
import { type Probe, probe } from '../calibration/probe/probe.ts';
import { speculationSeen } from '../calibration/probe/speculation.ts';
import { type CalibrateAnswer, calibrateAnswer } from '../calibration/run/answer.ts';
import { type RunResult, run } from '../calibration/run/run.ts';
import type { Tariff } from '../cost/tariff.ts';
import { Fault } from '../faults/fault.ts';
import { lookupName } from '../faults/nearest.ts';
import type { Catalog } from '../plan/catalog.ts';
import { calibrateReport } from '../report/calibrateReport.ts';
import { calibrationRawTable } from '../report/calibrationReport.ts';
import { writeOutputs } from '../report/output.ts';
import { formatUsd } from '../units/money.ts';
import { formatTokens } from '../units/tokens.ts';
import { type StatedDeployment, statedDeployment } from './calibrateDeployment.ts';
import type { CalibrateOptions } from './calibrateOptions.ts';
import { progressLines } from './calibrateProgress.ts';
import { type CalibrateQuery, calibrateQueryOf } from './calibrateQuery.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { oneOf } from './hostingQuery.ts';
import { type Interruption, interruption } from './interruption.ts';
import { EXIT, type Io } from './io.ts';
import { catalogWith } from './modelCatalog.ts';
import { today } from './today.ts';

const KEY_VARIABLE = 'KPLAN_KEY';
const USUAL_FILE = 'calibration.json';
const INTERRUPTED = 130;

/** Everything that a run needs of its surroundings. */
interface Setting {
  readonly endpoint: Endpoint;
  readonly ways: Ways;
  readonly probe: Probe;
  readonly redact: Redact;
  readonly tariff: Tariff | null;
  readonly stated: StatedDeployment | null;
  readonly catalog: Catalog;
  readonly ladder: Ladder;
  readonly query: CalibrateQuery;
  readonly seed: number;
}

function keyOf({ keyEnv, keyFile }: CalibrateOptions, io: Io): string | null {
  const usual = keyEnv === undefined && keyFile === undefined && process.env[KEY_VARIABLE] !== undefined ? KEY_VARIABLE : undefined;
  const found = keyFrom({ env: keyEnv ?? usual, file: keyFile });
  if (found?.note) io.warn(`kplan: ${found.note}\n`);
  return found?.key ?? null;
}

/** The model to ask for: as named, else the only one. */
function modelOf({ serves }: CalibrateOptions, { facts }: Probe, url: string): string {
  const offered = facts.models.map(({ id }) => id);
  if (serves !== undefined) {
    if (offered.length === 0 || offered.includes(serves)) return serves;
    throw new Fault('unavailable', 'the endpoint does not offer this model', {
      where: '--serves',
      value: serves,
      allowed: offered.join(', '),
    });
  }
  const [only, ...others] = offered;
  if (only !== undefined && others.length === 0) return only;
  if (only === undefined)
    throw new Fault('unavailable', 'the endpoint names no model', { where: url, allowed: 'an address with /v1/models, or --serves NAME' });
  throw new Fault('missing', 'the endpoint offers several models', { where: '--serves', allowed: offered.slice(0, 20).join(', ') });
}

function checkReachable({ statuses, facts }: Probe, url: string): void {
  const seen = Object.values(statuses);
  if (seen.some((status) => status === 401 || status === 403) && facts.models.length === 0)
    throw new Fault('unavailable', 'the endpoint does not take the key', {
      where: url,
      allowed: `a key in ${KEY_VARIABLE}, --key-env or --key-file`,
    });
  if (seen.every((status) => status === null))
    throw new Fault('unavailable', facts.notes[0] ?? 'the endpoint does not answer', { where: url, allowed: 'an endpoint that answers' });
}

async function probed(endpoint: Omit<Endpoint, 'model'>, ways: Ways, model: string | undefined): Promise<Probe> {
  return probe(async (path) => {
    const page = await readPage(endpoint, path.replace(/^\//, ''), ways);
    if (page.status === null) throw new Error(page.failure?.message ?? 'no answer');
    return { status: page.status, body: page.text };
  }, model);
}

async function settingOf(url: string, options: CalibrateOptions, hands: Interruption, io: Io): Promise<Setting> {
  const query = calibrateQueryOf(options);
  const address = endpointUrl(url);
  const key = keyOf(options, io);
  const redact = redactor(key === null ? [] : [key]);
  const ways: Ways = {
    clock: realClock,
    timeouts: DEFAULT_TIMEOUTS,
    signal: hands.abandon,
    ...(options.debug === true ? { trace: (line: string) => io.warn(`kplan: ${line}\n`) } : {}),
  };
  const { catalog } = await catalogWith(options.model, io);
  const tariffs = new Map(catalog.tariffs.map((tariff) => [tariff.id.toLowerCase(), tariff]));
  const tariff = options.tariff === undefined ? null : lookupName(tariffs, options.tariff, '--tariff', 'kplan data tariffs');
  if (query.limits.maxUsd !== null && tariff === null)
    throw new Fault('missing', 'no price is known, so nothing can be kept under the limit', {
      where: '--max-usd',
      value: query.limits.maxUsd,
      allowed: 'with --tariff',
    });
  const without = { url: address, protocol: query.protocol, key };
  const seen = await probed(without, ways, options.serves);
  checkReachable(seen, url);
  const model = modelOf(options, seen, url);
  const own = seen.facts.server === 'vllm' || seen.facts.server === 'sglang';
  return {
    endpoint: { ...without, model, ...(own ? { continuousUsage: true } : {}) },
    ways,
    probe: seen,
    redact,
    tariff,
    stated: statedDeployment(options, seen.facts, catalog),
    catalog,
    ladder: ladderOf(query.ladder, seen.facts),
    query,
    seed: query.seed ?? Math.floor(Date.now() / 1000),
  };
}

/** Says what will be done, and asks. */
async function agreed({ endpoint, probe: { facts }, ladder, tariff, query }: Setting, options: CalibrateOptions, io: Io): Promise<boolean> {
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

function recordsPath({ records, save }: CalibrateOptions): string {
  return records ?? `${(save ?? USUAL_FILE).replace(/\.json$/, '')}.jsonl`;
}

/** The file of records, begun or gone on with; a resumed run takes the ladder and the seed that it began with. */
async function recordsOf(
  setting: Setting,
  options: CalibrateOptions,
): Promise<ResumedFile & { readonly ladder: Ladder; readonly seed: number }> {
  const path = recordsPath(options);
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

/** Runs the ladder; records are kept as they end. */
async function measured(
  setting: Setting,
  options: CalibrateOptions,
  hands: Interruption,
  io: Io,
): Promise<{ result: RunResult; ladder: Ladder }> {
  const { endpoint, ways, query, tariff } = setting;
  const { file, held, ladder, seed } = await recordsOf(setting, options);
  for (const notice of held.notices) io.warn(`kplan: ${notice}\n`);
  const lag = lagMeter(ways.clock);
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
    return { result, ladder };
  } finally {
    lag.stop();
    await file.close();
  }
}

/** Writes the ladder for a load generator; the endpoint is not asked. */
async function emit(url: string, options: CalibrateOptions, io: Io): Promise<number> {
  const { EMIT_TARGETS, emitted } = await import('../calibration/emit/emit.ts');
  const target = oneOf(EMIT_TARGETS, options.emit ?? '', '--emit');
  const model = options.serves;
  if (model === undefined)
    throw new Fault('missing', 'the model as the endpoint calls it', { where: '--serves', allowed: 'a name, with --emit' });
  const { steps } = ladderOf(calibrateQueryOf(options).ladder, NOTHING_SAID);
  const text = emitted(target, steps, { url: endpointUrl(url).root, model, keyEnv: options.keyEnv ?? null });
  if (options.out === undefined || options.out === '-') io.write(text);
  else writeOutputs([{ where: '--out', path: options.out, content: text }], { force: options.force === true });
  return EXIT.done;
}

function exitOf({ stopped, requests }: CalibrateAnswer, interrupted: boolean): number {
  if (interrupted) return INTERRUPTED;
  if (requests.answered === 0 || stopped?.code === 'unusable') return EXIT.unavailable;
  return stopped ? EXIT.partial : EXIT.done;
}

/**
 * Answers `kplan calibrate`: asks the endpoint what it is, says what the run may cost, runs the ladder, and writes the calibration. The exit code
 * is 4 for an endpoint that cannot be used, 5 where a limit ended the run, 130 where the user did; what was measured is kept.
 */
export async function runCalibrate(url: string, options: CalibrateOptions, io: Io): Promise<number> {
  await checkDelivery(options);
  if (options.emit !== undefined) return emit(url, options, io);
  const hands = interruption(() => io.warn('\nkplan: ending: what is in flight is waited for; again to give it up\n'));
  try {
    const setting = await settingOf(url, options, hands, io);
    if (!(await agreed(setting, options, io))) return EXIT.done;
    const { result, ladder } = await measured(setting, options, hands, io);
    const records = recordsPath(options);
    const save = options.save ?? USUAL_FILE;
    const warmUps = new Map(ladder.steps.map(({ place, warmUp }) => [place, warmUp]));
    const { facts } = setting.probe;
    const calibration = calibrated(
      {
        name: setting.endpoint.model,
        date: today(),
        source: { file: records, sha256: createHash('sha256').update(readFileSync(records)).digest('hex') },
        records: result.records,
        warmUp: (step) => warmUps.get(step) ?? 0,
        deployment: setting.stated?.deployment ?? null,
        conditions: {
          endpoint: new URL(setting.endpoint.url.origin).host,
          servedModel: setting.endpoint.model,
          protocol: setting.endpoint.protocol,
          speculation: facts.speculation ?? (speculationSeen(result.records)?.suspected ? 'suspected' : 'unknown'),
          prefixCaching: facts.prefixCaching,
          maxModelLen: facts.maxModelLen,
          notes: [],
        },
        kvTokens: facts.kvTokens,
        predictedKvTokens: setting.stated?.kvTokens ?? null,
      },
      setting.catalog,
    );
    const answer = calibrateAnswer({
      endpoint: setting.endpoint.url.origin,
      servedModel: setting.endpoint.model,
      facts,
      worstCase: worstCaseOf(ladder.steps, setting.tariff),
      result,
      calibration,
      tariff: setting.tariff,
      notes: [],
    });
    if (answer.requests.answered > 0)
      writeOutputs([{ where: '--save', path: save, content: calibrationText(calibration) }], { force: options.force === true });
    await deliver(
      {
        schema: answer.schema,
        document: () => answer,
        table: () => calibrationRawTable(answer.calibration),
        report: () => calibrateReport(answer, { calibration: save, records }),
        warnings: answer.warnings,
      },
      options,
      io,
    );
    return exitOf(answer, hands.interrupted());
  } finally {
    hands.end();
  }
}
