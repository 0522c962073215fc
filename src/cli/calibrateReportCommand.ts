import { readCalibration } from '../calibration/calibrationFile.ts';
import { calibrationDoubts } from '../calibration/doubts.ts';
import { calibratedMeasurements } from '../calibration/endpointCalibration.ts';
import { calibrationCurves } from '../calibration/fit/calibrationCurves.ts';
import { possibleMeasurements, tooFastWords } from '../calibration/fit/possible.ts';
import { loadCatalog } from '../catalog/index.ts';
import { Fault } from '../faults/fault.ts';
import { calibrationRawTable, calibrationReport } from '../report/calibrationReport.ts';
import type { CalibrateReportOptions } from './calibrateOptions.ts';
import { chartFile, drawn } from './chartFile.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { EXIT, type Io } from './io.ts';

/** Answers `kplan calibrate report`. */
export async function runCalibrateReport(file: string, options: CalibrateReportOptions, io: Io): Promise<number> {
  const chart = options.chart === undefined ? null : chartFile(options.chart);
  await checkDelivery(options, chart);
  const calibration = readCalibration(file);
  if (calibration.schema !== 'kplan/calibration@2')
    throw new Fault('invalid', 'it is of a start-up log', { where: file, allowed: 'a file that `kplan calibrate` wrote' });
  const catalog = loadCatalog();
  const own = calibratedMeasurements(calibration);
  const tooFast = own.length - possibleMeasurements(own, catalog).length;
  const warnings = [...calibrationDoubts(calibration, file), ...(tooFast === 0 ? [] : [tooFastWords(tooFast, file)])];
  const draw = async () => {
    const { calibrationChart } = await import('../report/calibrationChart.ts');
    return drawn(calibrationChart(calibration, calibrationCurves(calibration, catalog)), chart?.kind ?? 'svg');
  };
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
