import { Fault } from '../../faults/fault.ts';
import { layoutName } from '../../layout/layout.ts';
import type { FitAnswer, FitResult } from '../../plan/fit/fitAnswer.ts';
import { GIB } from '../../units/bytes.ts';
import { formatContext } from '../../units/tokens.ts';
import { fleetName } from '../fitTable.ts';
import { codeInWords } from '../format.ts';
import { grouped } from '../group.ts';
import { inert } from '../plainText.ts';
import type { VegaLiteSpec } from './chart.ts';
import { PLOT } from './chartFrame.ts';
import { PALETTE } from './palette.ts';
import { roomFor, rowAt, rowScale, rowsIn, type Span } from './rowFrame.ts';
import { axesAt, type Frame, type Layer, pixelsOf, sheet } from './sheet.ts';

const MOST_ROWS = 8;
const ROW = { wide: 60, narrow: 78 } as const;

const gib = { field: 'gib', type: 'quantitative' } as const;

/** The memory of one GPU of a fleet, in GiB. */
interface Bar {
  readonly name: string;
  readonly result: FitResult;
  readonly weights: number;
  readonly overhead: { readonly low: number; readonly value: number; readonly high: number };
  /** What is left for the KV cache at middle overhead; negative where nothing is. */
  readonly kv: number;
  readonly budget: number;
  /** What the engine sees; null where no term says so. */
  readonly seen: number | null;
}

function barOf(result: FitResult): Bar[] {
  const { weightBytesPerGpu, budgetBytesPerGpu, overheadBytesPerGpu, kvMemoryBytesPerGpu, terms = [] } = result;
  if (weightBytesPerGpu === null || budgetBytesPerGpu === null || overheadBytesPerGpu === null || kvMemoryBytesPerGpu === null) return [];
  const { low, value, high } = overheadBytesPerGpu;
  const seen = terms.find(({ id }) => id === 'engineVisibleBytes')?.value;
  return [
    {
      name: `${inert(fleetName(result))}\n${layoutName(result.layout)}`,
      result,
      weights: weightBytesPerGpu / GIB,
      overhead: { low: low / GIB, value: value / GIB, high: high / GIB },
      kv: kvMemoryBytesPerGpu.value / GIB,
      budget: budgetBytesPerGpu / GIB,
      seen: seen === undefined ? null : seen / GIB,
    },
  ];
}

/** Of each GPU type and format the best layouts of its fleets up to the smallest that fits; of a single fleet several layouts. */
function drawnBars({ results }: FitAnswer): Bar[] {
  const fleets = [...grouped(results, ({ gpu, format }) => `${gpu} ${format}`).values()].flatMap((ofGpu) => {
    const sizes = [...grouped(ofGpu, ({ gpus }) => String(gpus)).values()].flatMap(([best]) => (best ? [best] : []));
    const enough = sizes.findIndex(({ verdict }) => verdict === 'fits');
    return sizes.slice(0, enough < 0 ? 2 : enough + 1);
  });
  const drawn =
    fleets.length > 1 ? fleets : results.filter(({ gpus, gpu }) => gpus === fleets[0]?.gpus && gpu === fleets[0].gpu).slice(0, 6);
  return drawn.flatMap(barOf).slice(0, MOST_ROWS);
}

interface Part {
  readonly series: string;
  readonly colour: string;
  readonly from: number;
  readonly to: number;
  readonly ink: string;
}

function partsOf({ weights, overhead, kv, budget, seen }: Bar): Part[] {
  const used = weights + overhead.value;
  const { paper, words, memory } = PALETTE;
  return [
    { series: 'weights', colour: memory.weights, from: 0, to: weights, ink: paper },
    { series: 'overhead', colour: memory.overhead, from: weights, to: used, ink: paper },
    ...(kv > 0 ? [{ series: 'KV cache', colour: memory.kv, from: used, to: budget, ink: paper }] : []),
    ...(seen !== null && seen > Math.max(budget, used)
      ? [{ series: 'not used', colour: memory.unused, from: Math.max(budget, used), to: seen, ink: words }]
      : []),
  ];
}

/** A size with its unit where there is room, in GiB. */
function wordsIn(part: Part, perPixel: number): string {
  const amount = part.to - part.from;
  const size = amount < 9.95 ? amount.toFixed(1) : amount.toFixed(0);
  const room = amount / perPixel - 8;
  return [`${part.series} ${size}`, size].find((text) => pixelsOf([text]) <= room) ?? '';
}

function sequencesOf(count: number): string {
  const whole = Math.max(0, Math.floor(count));
  return `${whole} ${whole === 1 ? 'sequence' : 'sequences'}`;
}

function outcomeOf({ kv, result: { verdict, sequences } }: Bar): string {
  const count = sequences === null ? '' : `, ${sequencesOf(sequences.low)}`;
  return kv > 0 ? `${codeInWords(verdict)}${verdict === 'fits' ? count : ''}` : `${codeInWords(verdict)}: ${(-kv).toFixed(1)} GiB short`;
}

function barLayers(bars: readonly Bar[], { from, to }: Span, width: number, narrow: boolean): Layer[] {
  const [top, bottom] = narrow ? [0.3, 0.72] : [0.16, 0.68];
  const perPixel = (to - from) / width;
  const values = bars.flatMap((bar, row) =>
    partsOf(bar).map((part) => ({
      series: bar.name.replace('\n', ', '),
      part: part.series,
      sizeGib: part.to - part.from,
      gib: part.from,
      to: part.to,
      row: row + top,
      bottom: row + bottom,
      colour: part.colour,
    })),
  );
  const inside = bars.flatMap((bar, row) =>
    partsOf(bar).map((part) => ({
      gib: (part.from + part.to) / 2,
      row: row + (top + bottom) / 2,
      text: wordsIn(part, perPixel),
      colour: part.ink,
    })),
  );
  const bands = bars.map(({ weights, overhead }, row) => ({
    gib: weights + overhead.low,
    to: weights + overhead.high,
    row: row + bottom + 0.06,
  }));
  const told = bars.map(({ weights, overhead: { low, value, high } }, row) => ({
    gib: weights + high,
    row: row + bottom + 0.13,
    text: `overhead ${value.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`,
  }));
  const budgets = bars.map(({ budget }, row) => ({ gib: budget, row: row + top - 0.04, bottom: row + bottom }));
  const ends = bars.map((bar, row) => ({
    gib: Math.max(bar.weights + bar.overhead.value, bar.seen ?? bar.budget),
    row: row + (top + bottom) / 2,
    text: outcomeOf(bar),
  }));
  return [
    {
      data: { values },
      mark: { type: 'rect' },
      encoding: {
        x: gib,
        x2: { field: 'to' },
        y: rowAt,
        y2: { field: 'bottom' },
        color: { field: 'colour', type: 'nominal', scale: null },
      },
    },
    {
      data: { values: inside.filter(({ text }) => text !== '') },
      mark: { type: 'text', align: 'center', baseline: 'middle', fontSize: 12 },
      encoding: { x: gib, y: rowAt, text: { field: 'text' }, color: { field: 'colour', type: 'nominal', scale: null } },
    },
    {
      data: { values: bands },
      mark: { type: 'rule', color: PALETTE.memory.overhead, strokeWidth: 3 },
      encoding: { x: gib, x2: { field: 'to' }, y: rowAt },
    },
    {
      data: { values: told },
      mark: { type: 'text', align: 'left', dx: 5, baseline: 'middle', fontSize: 11, color: PALETTE.memory.overhead },
      encoding: { x: gib, y: rowAt, text: { field: 'text' } },
    },
    {
      data: { values: budgets },
      mark: { type: 'rule', color: PALETTE.words, strokeWidth: 2 },
      encoding: { x: gib, y: rowAt, y2: { field: 'bottom' } },
    },
    {
      data: { values: ends },
      mark: { type: 'text', align: 'left', dx: 9, baseline: 'middle', fontSize: 12, color: PALETTE.words },
      encoding: { x: gib, y: rowAt, text: { field: 'text' } },
    },
  ];
}

function axes(rows: number, { to }: Span, narrow: boolean): Layer {
  return axesAt(
    { gib: 0, row: 0 },
    {
      x: {
        ...gib,
        scale: { domain: [0, to], nice: false },
        axis: { title: 'memory of one GPU, GiB', tickCount: narrow ? 4 : 8, format: 'd' },
      },
      y: rowScale(rows),
    },
  );
}

function findingOf([best]: readonly Bar[], context: string): string {
  if (best === undefined) return '';
  const { result, weights, kv, budget } = best;
  const name = best.name.replace('\n', ', ');
  const share = `weights take ${weights.toFixed(0)} of ${budget.toFixed(0)} GiB of each GPU`;
  if (kv <= 0) return `On ${name} ${share}; nothing is left for the KV cache`;
  const held = result.sequences === null ? '' : `, ${sequencesOf(result.sequences.low)} of ${context}`;
  return `On ${name} ${share} and leave ${kv.toFixed(0)} for the KV cache${held}`;
}

/**
 * What fills the memory of one GPU as a Vega-Lite specification: a bar for each fleet with weights, overhead, KV cache and what the engine
 * does not use, and its budget as an upright line. Fleets up to the smallest that fits of each GPU type; of a single fleet several layouts.
 *
 * @param answer what `fit` returned; with its terms what the engine does not use is drawn too
 * @param plot its width counts; the height follows from the bars
 * @throws Fault `unsupported` where no layout has a known memory
 * @see renderSvg
 */
export function memoryChart(answer: FitAnswer, plot: Frame = PLOT): VegaLiteSpec {
  const bars = drawnBars(answer);
  if (bars.length === 0) throw new Fault('unsupported', 'no chart to draw (no valid layout of known memory)', { where: '--chart' });
  const { frame, narrow, left, names } = rowsIn(
    plot,
    bars.map(({ name }) => ({ text: name })),
    ROW,
  );
  const end = ({ weights, overhead, seen, budget }: Bar) => Math.max(weights + overhead.value, seen ?? budget);
  const most = Math.max(...bars.map(end));
  const texts = bars.map((bar) => ({ at: end(bar), text: outcomeOf(bar), side: 'right' as const }));
  const span = roomFor(texts, { from: 0, to: most }, frame.width);
  const { query, dataAge } = answer;
  const context = formatContext(bars[0]?.result.contextTokens ?? 0);
  const fits = bars.find(({ result }) => result.verdict === 'fits');
  return {
    ...sheet({
      finding: findingOf(fits ? [fits] : bars, context),
      under: [
        `${query['model']}, ${query['engine']}, context ${context} · as known on ${dataAge.asOf}`,
        'blue: weights · orange: overhead at its middle, its band as a line below · green: left for the KV cache · upright line: budget of the engine · grey: beyond it, not used',
      ],
      frame,
      left,
      right: 20,
      above: 4,
    }),
    ...frame,
    layer: [axes(bars.length, span, narrow), ...barLayers(bars, span, frame.width, narrow), ...names],
  };
}
