import { Fault } from '../../faults/fault.ts';
import type { FloorRow, HybridAnswer, HybridPair } from '../../plan/hybrid/hybridAnswer.ts';
import { formatTokens } from '../../units/tokens.ts';
import { fleetLineName, tariffName } from '../breakEvenTables.ts';
import { formatShare } from '../format.ts';
import { inert } from '../plainText.ts';
import type { VegaLiteSpec } from './chart.ts';
import { PLOT } from './chartFrame.ts';
import { sideOf } from './chartWords.ts';
import { briefUsd } from './figures.ts';
import { PALETTE } from './palette.ts';
import { axesAt, axisText, type Frame, haloed, isNarrow, type KeyRow, keyLayers, type Layer, sheet, topTitle } from './sheet.ts';

const LEFT = 60;
const HEADROOM = 1.16;
/** Half of the width of a bar, where the next one is 1 away. */
const BAR = 0.36;
/** Half of the ends of a band. */
const CAP = 0.09;

const place = { field: 'place', type: 'quantitative' } as const;
const money = { field: 'usdPerMonth', type: 'quantitative' } as const;

/** A floor with its bar. */
interface Bar {
  readonly place: number;
  readonly row: FloorRow;
  readonly name: string;
}

/** The floors in order, the best and the largest among them. */
function barsOf({ rows, best, allOwn }: HybridPair): Bar[] {
  const all = [...rows, best, allOwn].sort((a, b) => a.carrying - b.carrying);
  const unique = all.filter((row, index) => all.findIndex(({ carrying }) => carrying === row.carrying) === index);
  return unique.map((row, at) => {
    const end = row.carrying === 0 ? 'all API' : row.ownShare >= 1 ? 'all own' : '';
    return { place: at, row, name: end === '' ? `${row.replicas}` : `${row.replicas}\n${end}` };
  });
}

function axes(bars: readonly Bar[], top: number): Layer {
  const names = JSON.stringify(bars.map(({ name }) => name.split('\n')));
  return axesAt(
    { place: 0, usdPerMonth: 0 },
    {
      x: {
        ...place,
        scale: { domain: [-0.6, bars.length - 0.4], nice: false },
        axis: {
          title: 'own replicas, spare ones included',
          values: bars.map((bar) => bar.place),
          labelExpr: `${names}[datum.value]`,
          grid: false,
        },
      },
      y: {
        ...money,
        scale: { domain: [0, top], nice: false },
        axis: { ...topTitle('cost per month, USD', LEFT), tickCount: 6, labelExpr: axisText('$') },
      },
    },
  );
}

function barLayers(bars: readonly Bar[]): Layer[] {
  const part = (series: string, colour: string, from: (row: FloorRow) => number, to: (row: FloorRow) => number): Layer => ({
    data: {
      values: bars.map(({ place: at, row }) => ({
        series,
        replicas: row.replicas,
        ownShare: row.ownShare,
        partUsd: to(row) - from(row),
        place: at - BAR,
        right: at + BAR,
        from: from(row),
        usdPerMonth: to(row),
      })),
    },
    mark: { type: 'rect', color: colour },
    encoding: { x: place, x2: { field: 'right' }, y: { field: 'from', type: 'quantitative' }, y2: { field: 'usdPerMonth' } },
  });
  return [
    part(
      'own GPUs',
      PALETTE.own,
      () => 0,
      ({ ownUsdPerMonth }) => ownUsdPerMonth,
    ),
    part(
      'API',
      PALETTE.api,
      ({ ownUsdPerMonth }) => ownUsdPerMonth,
      ({ usdPerMonth }) => usdPerMonth,
    ),
  ];
}

/** A sum above its bar, or above its band. */
interface Sum {
  readonly bar: Bar;
  readonly best: boolean;
  readonly band: { readonly low: number; readonly high: number } | null;
}

function sumsOf({ best, usdPerMonth, allApiUsdPerMonth, allOwn, allOwnUsdPerMonth }: HybridPair, bars: readonly Bar[]): Sum[] {
  const bands = new Map([
    [0, allApiUsdPerMonth],
    [allOwn.carrying, allOwnUsdPerMonth],
    [best.carrying, usdPerMonth],
  ]);
  return bars.map((bar) => {
    const band = bands.get(bar.row.carrying);
    return { bar, best: bar.row.carrying === best.carrying, band: band && band.low < band.high ? band : null };
  });
}

/** The bands of the best floor and of both ends, as far as the plot goes. */
function bandLayers(sums: readonly Sum[], top: number): Layer[] {
  const values = sums.flatMap(({ bar, band }) =>
    band === null
      ? []
      : [{ series: 'band of the sum', replicas: bar.row.replicas, place: bar.place, usdLow: band.low, usdHigh: band.high }],
  );
  if (values.length === 0) return [];
  const ends = values.flatMap(({ place: at, usdLow, usdHigh }) =>
    [usdLow, usdHigh].flatMap((usd) => (usd <= top ? [{ left: at - CAP, right: at + CAP, usdPerMonth: usd }] : [])),
  );
  const drawn = values.map(({ place: at, usdLow, usdHigh }) => ({ place: at, low: usdLow, high: Math.min(usdHigh, top) }));
  const rule = { type: 'rule', strokeWidth: 1.8, color: PALETTE.words };
  return [
    { data: { values }, mark: { type: 'point', opacity: 0 }, encoding: { x: place } },
    { data: { values: drawn }, mark: rule, encoding: { x: place, y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } } },
    {
      data: { values: ends },
      mark: rule,
      encoding: { x: { field: 'left', type: 'quantitative' }, x2: { field: 'right' }, y: money },
    },
  ];
}

/** The sums above the bars: all on a wide plot, those with a band on a narrow one. */
function sumLayers(sums: readonly Sum[], top: number, narrow: boolean): Layer[] {
  const last = sums.length - 1;
  const told = sums.filter(({ best }, index) => !narrow || best || index === 0 || index === last);
  const encoding = { x: place, y: money, text: { field: 'text' } };
  return told.flatMap(({ bar, best, band }) => {
    const sum = briefUsd(bar.row.usdPerMonth);
    const beyond = band !== null && band.high > top;
    const text = `${best ? 'least\n' : ''}${sum}${beyond ? `\nup to ${briefUsd(band.high)}` : ''}`;
    const lines = text.split('\n').length;
    const height = { dy: beyond ? 8 : -6 - 14 * (lines - 1), baseline: beyond ? 'middle' : 'bottom' };
    const side = beyond ? { align: 'right', dx: -7 } : { align: 'center' };
    const value = { place: bar.place, usdPerMonth: Math.min(band?.high ?? bar.row.usdPerMonth, top), text };
    const weight = best ? { fontWeight: 'bold' } : {};
    return haloed([value], { ...height, ...side, ...weight, lineBreak: '\n', lineHeight: 14, color: PALETTE.words }, encoding);
  });
}

function findingOf(
  { code, best, usdPerMonth, allApiUsdPerMonth, allOwnUsdPerMonth, savingUsdPerMonth, probability }: HybridPair,
  fleet: string,
  side: string,
): string {
  if (code === 'api')
    return `All from ${side} costs least, ${briefUsd(allApiUsdPerMonth.value)} a month; ${formatShare(probability)} likely that some floor on ${fleet} costs less`;
  if (code === 'own')
    return `All on ${fleet} costs least, ${briefUsd(allOwnUsdPerMonth.value)} a month; all from ${side} costs ${briefUsd(allApiUsdPerMonth.value)}`;
  return `${best.replicas} replicas of ${fleet} for ${formatShare(best.ownShare)} of the requests and ${side} for the rest cost least: ${briefUsd(usdPerMonth.value)} a month, ${briefUsd(savingUsdPerMonth.value)} less than all from the API`;
}

/**
 * What a floor of own replicas costs with the rest bought from an API as a Vega-Lite specification: a bar for each floor, own part below and
 * API above, from all API to all own, with the least marked and the bands of it and of both ends.
 *
 * @param answer what `hybrid` returned
 * @param plot size of the plot
 * @param pair the fleet and tariff to draw; where none is given the cheapest for which a floor is best, else the cheapest
 * @throws Fault `unsupported` where no fleet has a known capacity
 * @see renderSvg
 */
export function hybridChart(
  answer: HybridAnswer,
  plot: Frame = PLOT,
  pair = answer.pairs.find(({ code }) => code === 'hybrid') ?? answer.pairs[0],
): VegaLiteSpec {
  const fleet = answer.fleets.find(({ id }) => id === pair?.offer);
  const tariff = answer.tariffs.find(({ id }) => id === pair?.tariff);
  if (pair === undefined || fleet === undefined || tariff === undefined)
    throw new Fault('unsupported', 'no chart to draw (no fleet with a known capacity)', { where: '--chart' });
  const bars = barsOf(pair);
  const narrow = isNarrow(plot);
  const top = HEADROOM * Math.max(...bars.map(({ row }) => row.usdPerMonth), pair.usdPerMonth.high, pair.allApiUsdPerMonth.high);
  const sums = sumsOf(pair, bars);
  const key: KeyRow[] = [
    { text: `bought from ${inert(tariffName(tariff))}`, colour: PALETTE.api },
    { text: `own ${inert(fleetLineName(fleet))}`, colour: PALETTE.own },
  ];
  const { query, demand, dataAge } = answer;
  const others = answer.pairs.length - 1;
  return {
    ...sheet({
      finding: findingOf(pair, inert(`${fleet.gpusPerReplica}× ${fleet.gpuName}`), sideOf(tariff)),
      under: [
        `${query['model']}, ${query['workload'] ?? 'own lengths'}, ${formatTokens(demand.tokensPerMonth)} tokens a month · known on ${dataAge.asOf}`,
        `lines on bars: 10th to 90th percentile of the best floor and of both ends${others > 0 ? ` · ${others === 1 ? 'one other pair' : `${others} other pairs`} of fleet and price not drawn` : ''}`,
      ],
      key,
      frame: plot,
      left: LEFT,
      right: 24,
      below: 76,
    }),
    ...plot,
    layer: [axes(bars, top), ...barLayers(bars), ...bandLayers(sums, top), ...sumLayers(sums, top, narrow), ...keyLayers(key, LEFT)],
  };
}
