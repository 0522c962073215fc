import { Fault } from '../../faults/fault.ts';
import { layoutName } from '../../layout/layout.ts';
import type { ContextRow, FitAnswer } from '../../plan/fit/fitAnswer.ts';
import { formatContext, formatCount } from '../../units/tokens.ts';
import { codeInWords } from '../format.ts';
import { grouped } from '../group.ts';
import { inert } from '../plainText.ts';
import type { VegaLiteSpec } from './chart.ts';
import { PLOT } from './chartFrame.ts';
import { PALETTE } from './palette.ts';
import { rowAt, rowScale, rowsIn } from './rowFrame.ts';
import { axesAt, type Frame, type Layer, sheet } from './sheet.ts';

const ROW = { wide: 44, narrow: 64 } as const;
const MOST_ROWS = 14;
/** Pixels between cells. */
const GAP = 3;

/** The cells of one fleet at one KV cache dtype. */
interface Fleet {
  readonly name: string;
  readonly cells: readonly ContextRow[];
}

function fleetsOf({ contextMap = [], results }: FitAnswer): Fleet[] {
  const names = new Map(results.map(({ gpu, gpuName }) => [gpu, gpuName]));
  const rows = grouped(contextMap, ({ gpu, gpus, layout, kvCacheDtype }) => `${gpu} ${gpus} ${layoutName(layout)} ${kvCacheDtype}`);
  return [...rows.values()].flatMap((cells) => {
    const [first] = cells;
    if (first === undefined) return [];
    const { gpu, gpus, layout, kvCacheDtype } = first;
    return [{ cells, name: `${gpus}× ${inert(names.get(gpu) ?? gpu)}\n${layoutName(layout)}, ${kvCacheDtype} KV cache` }];
  });
}

/** How many fit: whole sequences, at the low end what is sure. */
function countOf({ sequences }: ContextRow): string {
  if (sequences === null) return '–';
  const [low, high] = [Math.floor(sequences.low), Math.floor(sequences.high)];
  return low === high ? formatCount(low) : `${formatCount(low)}–${formatCount(high)}`;
}

function cellLayers(fleets: readonly Fleet[], contexts: readonly number[], frame: Frame, narrow: boolean): Layer[] {
  const column = frame.width / contexts.length;
  const top = narrow ? 0.34 : 0.04;
  const rowHeight = frame.height / fleets.length;
  const values = fleets.flatMap(({ name, cells }, row) =>
    cells.map((cell) => ({
      series: name.replace('\n', ', '),
      contextTokens: cell.contextTokens,
      kvCacheDtype: cell.kvCacheDtype,
      verdict: cell.verdict,
      sequencesLow: cell.sequences?.low ?? null,
      sequences: cell.sequences?.value ?? null,
      sequencesHigh: cell.sequences?.high ?? null,
      left: contexts.indexOf(cell.contextTokens) * column,
      right: (contexts.indexOf(cell.contextTokens) + 1) * column - GAP,
      middle: (contexts.indexOf(cell.contextTokens) + 0.5) * column,
      row: row + top,
      bottom: row + 1 - GAP / rowHeight,
      colour: PALETTE.verdict[cell.verdict],
      fill: PALETTE.words,
      text: countOf(cell),
    })),
  );
  const words = values.map(({ middle, row, bottom, text, verdict }) => ({
    middle,
    row: (row + bottom) / 2,
    text,
    verdict: codeInWords(verdict),
  }));
  const x = { field: 'middle', type: 'quantitative' } as const;
  const line = (field: string, dy: number, mark: Layer): Layer => ({
    data: { values: words },
    mark: { type: 'text', align: 'center', baseline: 'middle', dy, color: PALETTE.words, ...mark },
    encoding: { x, y: rowAt, text: { field } },
  });
  return [
    {
      data: { values },
      mark: { type: 'rect' },
      encoding: {
        x: { field: 'left', type: 'quantitative' },
        x2: { field: 'right' },
        y: rowAt,
        y2: { field: 'bottom' },
        color: { field: 'colour', type: 'nominal', scale: null },
      },
    },
    line('text', -8, { fontSize: 14, fontWeight: 'bold' }),
    line('verdict', 9, { fontSize: narrow ? 10 : 11 }),
  ];
}

function axes(rows: number, contexts: readonly number[], frame: Frame): Layer {
  const column = frame.width / contexts.length;
  const places = contexts.map((_, index) => (index + 0.5) * column);
  const names = contexts.map((tokens, index) => `datum.value == ${places[index]} ? '${formatContext(tokens)}' : `);
  return axesAt(
    { middle: 0, row: 0 },
    {
      x: {
        field: 'middle',
        type: 'quantitative',
        scale: { domain: [0, frame.width], nice: false },
        axis: {
          title: 'context of each sequence, tokens',
          orient: 'top',
          values: places,
          labelExpr: `${names.join('')}''`,
          grid: false,
          domain: false,
          ticks: false,
          titlePadding: 6,
        },
      },
      y: rowScale(rows),
    },
  );
}

function findingOf(fleets: readonly Fleet[], contexts: readonly number[]): string {
  const longest = contexts.at(-1);
  const at = (fleet: Fleet) => fleet.cells.find(({ contextTokens }) => contextTokens === longest);
  const sure = (fleet: Fleet) => at(fleet)?.sequences?.low ?? 0;
  const [best] = [...fleets].sort((a, b) => sure(b) - sure(a));
  const holding = fleets.filter((fleet) => at(fleet)?.verdict === 'fits').length;
  const tokens = formatContext(longest ?? 0);
  if (best === undefined || holding === 0) return `No fleet surely holds one sequence of ${tokens} tokens`;
  const others =
    holding === fleets.length ? (holding === 1 ? '' : '; every row holds one') : `; ${holding} of ${fleets.length} rows hold one`;
  return `${best.name.replace('\n', ', ')} holds ${countOf(at(best) as ContextRow)} sequences of ${tokens} tokens at once${others}`;
}

/**
 * What fits as a Vega-Lite specification: fleets and KV cache dtypes by contexts, in each cell how many sequences it holds at once (from
 * high to low overhead) and the verdict in words and as colour.
 *
 * @param answer what `fit` returned for several contexts
 * @param plot its width counts; the height follows from the rows
 * @throws Fault `unsupported` where one context alone was asked
 * @see renderSvg
 */
export function fitMapChart(answer: FitAnswer, plot: Frame = PLOT): VegaLiteSpec {
  const all = fleetsOf(answer);
  const fleets = all.slice(0, MOST_ROWS);
  if (fleets.length === 0)
    throw new Fault('unsupported', 'no chart to draw (no range of contexts)', { where: '--ctx', allowed: 'a range such as 32k..256k' });
  const contexts = [...new Set(fleets.flatMap(({ cells }) => cells.map(({ contextTokens }) => contextTokens)))].sort((a, b) => a - b);
  const { frame, narrow, left, names } = rowsIn(
    plot,
    fleets.map(({ name }) => ({ text: name })),
    ROW,
  );
  const { query, dataAge } = answer;
  const leftOut = all.length - fleets.length;
  return {
    ...sheet({
      finding: findingOf(fleets, contexts),
      under: [
        `${query['model']}, ${query['engine']} · as known on ${dataAge.asOf}${leftOut > 0 ? ` · ${leftOut} more rows left out` : ''}`,
        'numbers: sequences at once, from high to low overhead · marginal: fits only at middle or low overhead',
      ],
      frame,
      left,
      right: 16,
      above: 44,
      below: 18,
    }),
    ...frame,
    layer: [axes(fleets.length, contexts, frame), ...cellLayers(fleets, contexts, frame, narrow), ...names],
  };
}
