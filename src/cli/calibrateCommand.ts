import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { calibrationText } from '../calibration/calibrationFile.ts';
import { endpointUrl } from '../calibration/client/endpointUrl.ts';
import { keyFrom } from '../calibration/client/key.ts';
import { looksLikeKey } from '../calibration/client/keyShape.ts';
import { type Redact, redacted } from '../calibration/client/secrets.ts';
import { calibrationDoubts } from '../calibration/doubts.ts';
import type { EndpointCalibration } from '../calibration/endpointCalibration.ts';
import { calibrated } from '../calibration/fit/calibrated.ts';
import { ladderOf } from '../calibration/ladder/ladder.ts';
import { worstCaseOf } from '../calibration/ladder/worstCase.ts';
import { NOTHING_SAID } from '../calibration/probe/endpointFacts.ts';
import { speculationSeen } from '../calibration/probe/speculation.ts';
import { type CalibrateAnswer, calibrateAnswer } from '../calibration/run/answer.ts';
import { Fault, type FaultDetails } from '../faults/fault.ts';
import { given } from '../plan/fit/question.ts';
import { calibrateReport } from '../report/calibrateReport.ts';
import { calibrationRawTable } from '../report/calibrationReport.ts';
import { writeOutputs } from '../report/output.ts';
import type { CalibrateOptions } from './calibrateOptions.ts';
import { calibrateQueryOf } from './calibrateQuery.ts';
import { checkTargets, filesOf, plannedOf } from './calibrateRecords.ts';
import { agreed, measured } from './calibrateRun.ts';
import { keyVariable, secretOf, settingOf } from './calibrateSetting.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { oneOf } from './hostingQuery.ts';
import { interruption } from './interruption.ts';
import { EXIT, type Io } from './io.ts';
import { today } from './today.ts';

/** Writes the ladder for a load generator; the endpoint is not asked. */
async function emit(url: string, options: CalibrateOptions, io: Io): Promise<number> {
  const { EMIT_TARGETS, emitted } = await import('../calibration/emit/emit.ts');
  const target = oneOf(EMIT_TARGETS, options.emit ?? '', '--emit');
  const model = options.serves;
  if (model === undefined)
    throw new Fault('missing', 'the model as the endpoint calls it', { where: '--serves', allowed: 'a name, with --emit' });
  const fullLength = options.engine !== undefined || options.gpu !== undefined;
  const { steps } = ladderOf(calibrateQueryOf(options).ladder, NOTHING_SAID);
  const keyEnv = keyVariable(options) ?? null;
  const { keyFile } = options;
  // What is no file may be the key itself.
  if (keyFile !== undefined && looksLikeKey(keyFile) && !existsSync(keyFile)) keyFrom({ file: keyFile });
  const text = emitted(target, steps, { url: endpointUrl(url).root, model, keyEnv, ...given('keyFile', keyFile), fullLength });
  if (options.out === undefined || options.out === '-') io.write(text);
  else writeOutputs([{ where: '--out', path: options.out, content: text }], { force: options.force === true });
  return EXIT.done;
}

function exitOf({ stopped, requests }: CalibrateAnswer, interrupted: number | null): number {
  if (interrupted !== null) return interrupted;
  if (stopped && stopped.code !== 'unusable') return EXIT.partial;
  return requests.answered === 0 || stopped ? EXIT.unavailable : EXIT.done;
}

/** A fault without the keys of the run. */
function withoutKeys(error: unknown, redact: Redact): unknown {
  return error instanceof Fault ? new Fault(error.code, redact(error.reason), redacted(error.details, redact) as FaultDetails) : error;
}

/**
 * Answers `kplan calibrate`: asks the endpoint what it is, says what the run may cost, runs the ladder, and writes the calibration. The exit code
 * is 4 for an endpoint that cannot be used, 5 where a limit ended the run, 130 or 143 where SIGINT or SIGTERM did; what was measured is kept.
 */
export async function runCalibrate(url: string, options: CalibrateOptions, io: Io): Promise<number> {
  await checkDelivery(options);
  if (options.emit !== undefined) return emit(url, options, io);
  checkTargets(options);
  const secret = secretOf(options, io);
  const { redact } = secret;
  const safe: Io = { ...io, write: (text) => io.write(redact(text)), warn: (text) => io.warn(redact(text)) };
  const hands = interruption(() => io.warn('\nkplan: ending: what is in flight is waited for; again to give it up\n'));
  try {
    const setting = await settingOf(url, options, secret, hands, safe);
    const early = hands.interrupted();
    if (early !== null) return early;
    const planned = await plannedOf(setting, options, safe);
    if (!(await agreed(setting, planned, options, safe))) return hands.interrupted() ?? EXIT.done;
    const { result, bill } = await measured(setting, planned, options, hands, safe);
    const files = filesOf(options);
    const warmUps = new Map(planned.ladder.steps.map(({ place, warmUp }) => [place, warmUp]));
    const { facts } = setting.probe;
    const calibration = redacted(
      calibrated(
        {
          name: setting.endpoint.model,
          date: today(),
          source: { file: files.records, sha256: createHash('sha256').update(readFileSync(files.records)).digest('hex') },
          records: result.records,
          peaks: result.peaks,
          warmUp: (step) => warmUps.get(step) ?? 0,
          deployment: setting.stated?.deployment ?? null,
          conditions: {
            endpoint: new URL(setting.endpoint.url.origin).host,
            servedModel: setting.endpoint.model,
            protocol: setting.endpoint.protocol,
            speculation: facts.speculation ?? (speculationSeen(result.records)?.suspected ? 'suspected' : 'unknown'),
            prefixCaching: facts.prefixCaching,
            maxModelLen: facts.maxModelLen,
            notes: setting.stated?.notes ?? [],
          },
          kvTokens: facts.kvTokens,
          predictedKv: setting.stated?.kv ?? null,
        },
        setting.catalog,
      ),
      redact,
    ) as EndpointCalibration;
    const answer = redacted(
      calibrateAnswer({
        endpoint: setting.endpoint.url.origin,
        servedModel: setting.endpoint.model,
        facts,
        worstCase: worstCaseOf(planned.ladder.steps, setting.tariff),
        result,
        calibration,
        tariff: setting.tariff,
        bill,
        notes: setting.stated?.notes ?? [],
        warnings: [...setting.warnings, ...calibrationDoubts(calibration, files.calibration)],
      }),
      redact,
    ) as CalibrateAnswer;
    if (answer.requests.answered > 0)
      writeOutputs([{ where: '--save', path: files.calibration, content: calibrationText(calibration) }], {
        force: options.force === true,
      });
    await deliver(
      {
        schema: answer.schema,
        document: () => answer,
        table: () => calibrationRawTable(answer.calibration),
        report: () => calibrateReport(answer, files),
        warnings: answer.warnings,
      },
      options,
      safe,
    );
    return exitOf(answer, hands.interrupted());
  } catch (error) {
    const code = hands.interrupted();
    if (code !== null) return code;
    throw withoutKeys(error, redact);
  } finally {
    hands.end();
  }
}
