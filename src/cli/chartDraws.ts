import { findModel } from '../plan/lookup.ts';
import type { VegaLiteSpec } from '../report/charts/chart.ts';
import type { Frame } from '../report/charts/sheet.ts';
import type { ChartName } from './chartNames.ts';
import type { ChartWords } from './chartOptions.ts';
import type { FitOptions } from './fitOptions.ts';
import type { Io } from './io.ts';

/** The words of a chart: of the picture, and of the question whatever it is. */
export type Words = ChartWords & Readonly<Record<string, unknown>>;

/** A chart with what its answer warns of. */
interface Drawing {
  readonly spec: VegaLiteSpec;
  readonly warnings: readonly string[];
}

/** Answers the question and draws it; in the frame of the chart where none is given. */
type Draw = (words: Words, io: Io, frame: Frame | undefined) => Promise<Drawing>;

interface Told {
  readonly warnings: readonly string[];
}

/** Shortest context of the map, where none is asked. */
const SHORTEST = 16_384;

/** Answers and the chart of them are loaded side by side. */
function drawOf<A extends Told>(
  answers: (words: Words, io: Io) => Promise<A>,
  charts: () => Promise<(answer: A, frame?: Frame) => VegaLiteSpec>,
): Draw {
  return async (words, io, frame) => {
    const [answer, chart] = await Promise.all([answers(words, io), charts()]);
    return { spec: chart(answer, frame), warnings: answer.warnings };
  };
}

async function breakEvenOf(words: Words, io: Io) {
  return (await import('./breakEvenCommand.ts')).breakEvenAnswer(words, io);
}

/** With the doubts. */
async function doubted(words: Words, io: Io) {
  return breakEvenOf({ ...words, sensitivity: true }, io);
}

/** What fits, with words that follow from the longest context of the model. */
function fitOf(more: (asked: FitOptions, longest: number) => Partial<FitOptions>) {
  return async (words: Words, io: Io) => {
    const [{ fitAnswer }, { askedOf, catalogWith }] = await Promise.all([import('./fitCommand.ts'), import('./modelCatalog.ts')]);
    const options: FitOptions = words;
    const { catalog, notes, ...found } = await catalogWith(options.model, io);
    const asked = askedOf(options, found);
    const longest = findModel(catalog, asked.model).architecture.maxContextTokens;
    return fitAnswer({ ...asked, ...more(asked, longest) }, catalog, notes);
  };
}

function rangeUpTo(longest: number): string {
  return longest > SHORTEST ? `${SHORTEST}..${longest}` : String(longest);
}

async function sizeOf(words: Words, io: Io) {
  return (await import('./sizeCommand.ts')).sizeAnswer(words, io);
}

/** How each chart comes about. */
export const DRAWS: Readonly<Record<ChartName, Draw>> = {
  breakeven: drawOf(breakEvenOf, async () => (await import('../report/charts/breakEvenChart.ts')).breakEvenChart),
  'unit-cost': drawOf(breakEvenOf, async () => (await import('../report/charts/unitCostChart.ts')).unitCostChart),
  tornado: drawOf(doubted, async () => (await import('../report/charts/tornadoChart.ts')).tornadoChart),
  'cash-flow': drawOf(
    async (words, io) => doubted((await import('./timeQuery.ts')).planned(words), io),
    async () => (await import('../report/charts/cashFlowChart.ts')).cashFlowChart,
  ),
  cost: drawOf(
    async (words, io) => (await import('./costCommand.ts')).costAnswer(words, io),
    async () => (await import('../report/charts/costChart.ts')).costChart,
  ),
  hybrid: drawOf(
    async (words, io) => (await import('./hybridCommand.ts')).hybridAnswer(words, io),
    async () => (await import('../report/charts/hybridChart.ts')).hybridChart,
  ),
  'fit-map': drawOf(
    fitOf(({ ctx }, longest) => ({ ctx: ctx ?? rangeUpTo(longest) })),
    async () => (await import('../report/charts/fitMapChart.ts')).fitMapChart,
  ),
  memory: drawOf(
    fitOf(() => ({ terms: true })),
    async () => (await import('../report/charts/memoryChart.ts')).memoryChart,
  ),
  speed: drawOf(
    async (words, io) => (await import('./speedCommand.ts')).speedAnswer(words, io),
    async () => (await import('../report/charts/speedChart.ts')).speedChart,
  ),
  load: drawOf(
    (words, io) => sizeOf({ ...words, chart: 'load' }, io),
    async () => (await import('../report/charts/sizeChart.ts')).loadChart,
  ),
  day: drawOf(
    (words, io) => sizeOf({ ...words, chartDay: 'day' }, io),
    async () => (await import('../report/charts/sizeChart.ts')).dayChart,
  ),
  reuse: drawOf(
    async (words, io) => (await import('./reuseCommand.ts')).reuseAnswer(words, io),
    async () => (await import('../report/charts/reuseChart.ts')).reuseChart,
  ),
  calibration: async ({ calibrationFile }, _io, frame) => {
    const { endpointCalibrationChart } = await import('./calibrateReportCommand.ts');
    return { spec: await endpointCalibrationChart(String(calibrationFile), frame), warnings: [] };
  },
};
