import { readCalibration } from '../calibration/calibrationFile.ts';
import { calibrationCurves } from '../calibration/fit/calibrationCurves.ts';
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
  const draw = async () => {
    const { calibrationChart } = await import('../report/charts/calibrationChart.ts');
    return drawn(calibrationChart(calibration, calibrationCurves(calibration, loadCatalog())), chart?.kind ?? 'svg');
  };
  await deliver(
    {
      schema: calibration.schema,
      document: () => calibration,
      table: () => calibrationRawTable(calibration),
      report: () => calibrationReport(calibration),
    },
    options,
    io,
    chart ? { ...chart, content: draw } : null,
  );
  return EXIT.done;
}
