import { readCalibration } from '../calibration/calibrationFile.ts';
import { calibrationDoubts } from '../calibration/doubts.ts';
import { calibratedMeasurements, type EndpointCalibration } from '../calibration/endpointCalibration.ts';
import { calibrationCurves } from '../calibration/fit/calibrationCurves.ts';
import { possibleMeasurements, tooFastWords } from '../calibration/fit/possible.ts';
import { loadCatalog } from '../catalog/index.ts';
import { Fault } from '../faults/fault.ts';
import { calibrationRawTable, calibrationReport } from '../report/calibrationReport.ts';
import type { VegaLiteSpec } from '../report/charts/chart.ts';
import type { Frame } from '../report/charts/sheet.ts';
import type { CalibrateReportOptions } from './calibrateOptions.ts';
import { chartFile, drawn } from './chartFile.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { EXIT, type Io } from './io.ts';

/** The calibration of an endpoint that a file holds. */
function endpointCalibrationIn(file: string): EndpointCalibration {
  const calibration = readCalibration(file);
  if (calibration.schema === 'kplan/calibration@2') return calibration;
  throw new Fault('invalid', 'it is of a start-up log', { where: file, allowed: 'a file that `kplan calibrate` wrote' });
}

/** The chart of the calibration that a file holds. */
export async function endpointCalibrationChart(file: string, frame?: Frame): Promise<VegaLiteSpec> {
  const { calibrationChart } = await import('../report/charts/calibrationChart.ts');
  const calibration = endpointCalibrationIn(file);
  return calibrationChart(calibration, calibrationCurves(calibration, loadCatalog()), frame);
}

/** Answers `kplan calibrate report`. */
export async function runCalibrateReport(file: string, options: CalibrateReportOptions, io: Io): Promise<number> {
  const chart = options.chart === undefined ? null : chartFile(options.chart);
  await checkDelivery(options, chart);
  const calibration = endpointCalibrationIn(file);
  const own = calibratedMeasurements(calibration);
  const tooFast = own.length - possibleMeasurements(own, loadCatalog()).length;
  const warnings = [...calibrationDoubts(calibration, file), ...(tooFast === 0 ? [] : [tooFastWords(tooFast, file)])];
  const draw = async () => drawn(await endpointCalibrationChart(file), chart?.kind ?? 'svg');
  await deliver(
    {
      schema: calibration.schema,
      document: () => calibration,
      table: () => calibrationRawTable(calibration),
      report: () => calibrationReport(calibration, warnings),
      warnings,
    },
    options,
    io,
    chart ? { ...chart, content: draw } : null,
  );
  return EXIT.done;
}
