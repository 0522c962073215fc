import { calibrationCurves } from '../../src/calibration/fit/calibrationCurves.ts';
import { loadCatalog } from '../../src/catalog/index.ts';
import { breakEven } from '../../src/plan/breakEven/breakEven.ts';
import { cost } from '../../src/plan/cost/cost.ts';
import { fit } from '../../src/plan/fit/fit.ts';
import { hybrid } from '../../src/plan/hybrid/hybrid.ts';
import { reuse } from '../../src/plan/reuse/reuse.ts';
import { size } from '../../src/plan/size/size.ts';
import { speed } from '../../src/plan/speed/speed.ts';
import { breakEvenChart } from '../../src/report/charts/breakEvenChart.ts';
import { calibrationChart } from '../../src/report/charts/calibrationChart.ts';
import { cashFlowChart } from '../../src/report/charts/cashFlowChart.ts';
import type { VegaLiteSpec } from '../../src/report/charts/chart.ts';
import { costChart } from '../../src/report/charts/costChart.ts';
import { fitMapChart } from '../../src/report/charts/fitMapChart.ts';
import { hybridChart } from '../../src/report/charts/hybridChart.ts';
import { memoryChart } from '../../src/report/charts/memoryChart.ts';
import { reuseChart } from '../../src/report/charts/reuseChart.ts';
import type { Frame } from '../../src/report/charts/sheet.ts';
import { dayChart, loadChart } from '../../src/report/charts/sizeChart.ts';
import { speedChart } from '../../src/report/charts/speedChart.ts';
import { tornadoChart } from '../../src/report/charts/tornadoChart.ts';
import { unitCostChart } from '../../src/report/charts/unitCostChart.ts';
import { Random } from '../../src/serving/simulation/random.ts';
import { simulatedCalibration } from './endpointCalibrations.ts';
import { drawnEndpoint } from './simulatedEndpoint.ts';

const catalog = loadCatalog();
const hosted = { gpu: ['h200'], workload: 'kimi-chat', tokensPerMonth: 200e9 } as const;

/** Machines of one's own that pay back, over four years, with doubts. */
export const ownedAnswer = breakEven({ ...hosted, purchases: ['owned'], sensitivity: true, months: 48 }, catalog);
export const costAnswer = cost({ ...hosted, purchases: ['owned', 'on-demand'] }, catalog);
export const hybridAnswer = hybrid({ gpu: ['b200'], workload: 'kimi-chat', tokensPerMonth: 900e9 }, catalog);
export const fitAnswer = fit({ gpu: ['h200', 'a100-80'], contextTokens: [32_768, 131_072, 262_144], terms: true }, catalog);
export const speedAnswer = speed(
  { gpu: ['h200:8', 'b200:8'], inputTokens: 8192, outputTokens: 1024, concurrency: { from: 1, to: 256 } },
  catalog,
);
export const reuseAnswer = reuse({ gpu: ['h200'], workload: 'agentic-coding' }, catalog);
export const sizeAnswer = size(
  {
    gpu: ['h200'],
    workload: 'kimi-chat',
    inputTokens: 2000,
    outputTokens: 20,
    requestsPerSecond: 1,
    levels: [{ metric: 'tpot', percentile: 95, limitMs: 200 }],
    curves: ['load', 'day'],
  },
  catalog,
);

const calibration = simulatedCalibration(drawnEndpoint(new Random(3), 0.2, { step: 0.02, request: 0.05 }));
const calibrated = { calibration, curves: calibrationCurves(calibration, catalog) };

/** A chart with its answer, which a test may change before it is drawn. */
export interface ChartCase {
  readonly name: string;
  readonly draw: (change: <T>(answer: T) => T, frame?: Frame) => VegaLiteSpec;
}

function caseOf<A>(name: string, chart: (answer: A, frame?: Frame) => VegaLiteSpec, answer: A): ChartCase {
  return { name, draw: (change, frame) => chart(change(answer), frame) };
}

/** Every chart. */
export const CHART_CASES: readonly ChartCase[] = [
  caseOf('breakeven', breakEvenChart, ownedAnswer),
  caseOf('unit-cost', unitCostChart, ownedAnswer),
  caseOf('tornado', tornadoChart, ownedAnswer),
  caseOf('cash-flow', cashFlowChart, ownedAnswer),
  caseOf('cost', costChart, costAnswer),
  caseOf('hybrid', hybridChart, hybridAnswer),
  caseOf('fit-map', fitMapChart, fitAnswer),
  caseOf('memory', memoryChart, fitAnswer),
  caseOf('speed', speedChart, speedAnswer),
  caseOf('load', loadChart, sizeAnswer),
  caseOf('day', dayChart, sizeAnswer),
  caseOf('reuse', reuseChart, reuseAnswer),
  caseOf('calibration', (of: typeof calibrated, frame) => calibrationChart(of.calibration, of.curves, frame), calibrated),
];
