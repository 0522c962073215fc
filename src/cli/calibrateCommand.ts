import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { calibrationText } from '../calibration/calibrationFile.ts';
import { endpointUrl } from '../calibration/client/endpointUrl.ts';
import { calibrated } from '../calibration/fit/calibrated.ts';
import { ladderOf } from '../calibration/ladder/ladder.ts';
import { worstCaseOf } from '../calibration/ladder/worstCase.ts';
import { NOTHING_SAID } from '../calibration/probe/endpointFacts.ts';
import { speculationSeen } from '../calibration/probe/speculation.ts';
import { type CalibrateAnswer, calibrateAnswer } from '../calibration/run/answer.ts';
import { Fault } from '../faults/fault.ts';
import { calibrateReport } from '../report/calibrateReport.ts';
import { calibrationRawTable } from '../report/calibrationReport.ts';
import { checkOutputs, writeOutputs } from '../report/output.ts';
import type { CalibrateOptions } from './calibrateOptions.ts';
import { calibrateQueryOf } from './calibrateQuery.ts';
import { agreed, filesOf, measured } from './calibrateRun.ts';
import { settingOf } from './calibrateSetting.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { oneOf } from './hostingQuery.ts';
import { interruption } from './interruption.ts';
import { EXIT, type Io } from './io.ts';
import { today } from './today.ts';

const INTERRUPTED = 130;

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
  checkOutputs([{ where: '--save', path: filesOf(options).calibration }], { force: options.force === true });
  if (options.emit !== undefined) return emit(url, options, io);
  const hands = interruption(() => io.warn('\nkplan: ending: what is in flight is waited for; again to give it up\n'));
  try {
    const setting = await settingOf(url, options, hands, io);
    if (!(await agreed(setting, options, io))) return EXIT.done;
    const { result, ladder, bill } = await measured(setting, options, hands, io);
    const files = filesOf(options);
    const warmUps = new Map(ladder.steps.map(({ place, warmUp }) => [place, warmUp]));
    const { facts } = setting.probe;
    const calibration = calibrated(
      {
        name: setting.endpoint.model,
        date: today(),
        source: { file: files.records, sha256: createHash('sha256').update(readFileSync(files.records)).digest('hex') },
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
      bill,
      notes: [],
    });
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
      io,
    );
    return exitOf(answer, hands.interrupted());
  } finally {
    hands.end();
  }
}
