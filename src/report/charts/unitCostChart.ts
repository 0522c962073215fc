import type { BreakEvenAnswer } from '../../plan/breakEven/breakEvenAnswer.ts';
import { formatDerivedPrice } from '../../units/money.ts';
import { formatTokens } from '../../units/tokens.ts';
import { namesOf, tariffName } from '../breakEvenTables.ts';
import { inert } from '../plainText.ts';
import { askedMark } from './askedMark.ts';
import { askedTokens } from './askedTokens.ts';
import type { VegaLiteSpec } from './chart.ts';
import { PLOT } from './chartFrame.ts';
import { placeLabels } from './chartLabels.ts';
import { askedOf, dotsInWords, fleetLabel, sideOf, subjectOf } from './chartWords.ts';
import { besides, type EndLabel, keyOf, lineNames, TARIFF_DASHES, tariffEnd } from './endLabels.ts';
import { measuredFleets } from './measuredFleets.ts';
import { PALETTE } from './palette.ts';
import { axesAt, axisText, type Frame, haloed, isNarrow, type Layer, powersIn, sheet, topTitle } from './sheet.ts';
import { type MeasuredFleet, riserUsd, type StairPoint, staircase, treadTokens } from './staircase.ts';

const LEFT = 60;
const SHADE = 0.13;
/** Steps of the fleet that are drawn, at least. */
const STEPS = 4;
/** Beyond so many steps a crossing is told in words. */
const MOST_STEPS = 12;
/** So many times the highest price is the plot, at most, so that prices can be told apart. */
const TALLEST = 6;
/** Points between the edges of the steps. */
const GRID = 200;

const volume = { field: 'tokensPerMonth', type: 'quantitative' } as const;
const price = { field: 'usdPerMtok', type: 'quantitative' } as const;

/** Ends of both axes. */
interface Extent {
  readonly from: number;
  readonly to: number;
  readonly top: number;
  /** The volume below which the fleet lies above the plot. */
  readonly leaves: number;
}

/** Price of a million tokens on full replicas. */
function fullUsd(fleet: MeasuredFleet, end: 'low' | 'value' | 'high'): number {
  const slow = { low: 'high', value: 'value', high: 'low' } as const;
  return (riserUsd(fleet, end) / treadTokens(fleet, slow[end])) * 1e6;
}

/** The first purchase: what it costs a month, and a million tokens where it is full, before and after the next one. */
function firstTooth(fleet: MeasuredFleet) {
  const tread = treadTokens(fleet, 'value');
  const points = staircase(fleet, 1.5 * tread);
  const { usd = 0 } = points[0] ?? {};
  const { tokensPerMonth: edge, usd: next } = points.find((point) => point.usd > usd) ?? { tokensPerMonth: tread, usd };
  return { usd, low: (usd / edge) * 1e6, high: (next / edge) * 1e6 };
}

function extentOf(answer: BreakEvenAnswer, fleet: MeasuredFleet): Extent {
  const { tariffs, crossings } = answer;
  const asked = askedTokens(answer);
  const tread = treadTokens(fleet, 'value');
  const prices = Math.max(fullUsd(fleet, 'value'), ...tariffs.map(({ usdPerMtok }) => usdPerMtok.high));
  const { usd, low, high } = firstTooth(fleet);
  const top = Math.max(2.4 * prices, 1.2 * low, Math.min(1.1 * high, TALLEST * prices));
  const near = crossings.flatMap(({ offer, tokensPerMonth: { value } }) =>
    offer === fleet.id && value !== null && value < MOST_STEPS * tread ? [value] : [],
  );
  const volumes = asked === null ? near : [...near, asked];
  const leaves = (usd / top) * 1e6;
  return { from: 0.7 * Math.min(leaves, ...volumes), to: 1.15 * Math.max(STEPS * tread, ...volumes), top, leaves };
}

/** What a million tokens cost over volume: at the edges of the steps, on both sides, and between them. */
function curveOf(answer: BreakEvenAnswer, fleet: MeasuredFleet, { from, to }: Extent) {
  const points = staircase(fleet, to);
  const series = `own ${inert(namesOf(answer)(fleet.id))}`;
  const grid = Array.from({ length: GRID + 1 }, (_, index) => from * (to / from) ** (index / GRID));
  const at = (tokens: number, { usd, usdLow, usdHigh }: StairPoint) => ({
    series,
    tokensPerMonth: tokens,
    usdPerMtok: (usd / tokens) * 1e6,
    low: (usdLow / tokens) * 1e6,
    high: (usdHigh / tokens) * 1e6,
  });
  return points.flatMap((point, index) => {
    const next = points[index + 1]?.tokensPerMonth ?? to;
    const inside = [point.tokensPerMonth, ...grid.filter((tokens) => tokens > point.tokensPerMonth && tokens < next), next];
    return inside.filter((tokens) => tokens >= from && tokens <= to).map((tokens) => at(tokens, point));
  });
}

function axes({ from, to, top }: Extent, plot: Frame): Layer {
  return axesAt(
    { tokensPerMonth: from, usdPerMtok: 0 },
    {
      x: {
        ...volume,
        scale: { type: 'log', domain: [from, to], nice: false },
        axis: { title: 'tokens per month (input + output)', values: powersIn(from, to, isNarrow(plot) ? 3 : 5), labelExpr: axisText() },
      },
      y: {
        ...price,
        scale: { domain: [0, top], nice: false },
        axis: {
          ...topTitle('USD per million tokens, all costs counted', LEFT),
          tickCount: 6,
          labelExpr: `'$' + format(datum.value, '.${top < 10 ? 2 : 0}f')`,
        },
      },
    },
  );
}

function fleetLayers(values: ReturnType<typeof curveOf>, top: number): Layer[] {
  const band = values.map(({ tokensPerMonth, low, high }) => ({ tokensPerMonth, low: Math.min(low, top), high: Math.min(high, top) }));
  return [
    {
      data: { values: band },
      mark: { type: 'area', opacity: SHADE, color: PALETTE.own },
      encoding: { x: volume, y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } },
    },
    { data: { values }, mark: { type: 'line', strokeWidth: 2.2, color: PALETTE.own, clip: true }, encoding: { x: volume, y: price } },
  ];
}

function tariffLayers({ tariffs }: BreakEvenAnswer, { from, to }: Extent): Layer[] {
  return tariffs.flatMap((tariff) => {
    const { low, value: usdPerMtok, high } = tariff.usdPerMtok;
    const color = PALETTE.tariff[tariff.role];
    const values = [from, to].map((tokensPerMonth) => ({ series: inert(tariffName(tariff)), tokensPerMonth, usdPerMtok, low, high }));
    const line = {
      data: { values },
      mark: { type: 'line', strokeWidth: 2, color, strokeDash: TARIFF_DASHES[tariff.role] },
      encoding: { x: volume, y: price },
    };
    const shade = {
      data: { values },
      mark: { type: 'area', opacity: SHADE, color, clip: true },
      encoding: { x: volume, y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } },
    };
    return low < high ? [shade, line] : [line];
  });
}

/** The break-even volumes of a fleet within the plot. */
function dotsOf({ tariffs, crossings }: BreakEvenAnswer, fleet: MeasuredFleet, { to }: Extent) {
  return crossings.flatMap(({ offer, tariff, tokensPerMonth: { value }, cheaperBeyond, final }) => {
    const usdPerMtok = tariffs.find(({ id }) => id === tariff)?.usdPerMtok.value;
    if (offer !== fleet.id || value === null || value > to || usdPerMtok === undefined) return [];
    const fill = cheaperBeyond === 'self-host' ? PALETTE.words : PALETTE.paper;
    return [{ series: 'break-even', tokensPerMonth: value, usdPerMtok, cheaperBeyond, final, tariff, fill }];
  });
}

function crossingLayers(answer: BreakEvenAnswer, dots: ReturnType<typeof dotsOf>, { from, to, top }: Extent, plot: Frame): Layer[] {
  const logarithmic = { lastTokens: Math.log(to / from), lastUsd: top };
  const spot = ({ tokensPerMonth, usdPerMtok }: (typeof dots)[number]) => ({ tokens: Math.log(tokensPerMonth / from), usd: usdPerMtok });
  const wanted = dots.filter((dot, index) => dot.final || dots.findIndex(({ tariff }) => tariff === dot.tariff) === index);
  const asked = askedMark(answer, volume.field, (tokens) => Math.log(tokens / from), dots.map(spot), logarithmic, plot);
  const labels = placeLabels(
    wanted.map((dot) => ({ ...spot(dot), text: formatTokens(dot.tokensPerMonth) })),
    dots.map(spot),
    logarithmic,
    plot,
    asked.boxes,
  ).map(({ tokens, usd, text }) => ({ tokensPerMonth: from * Math.exp(tokens), usdPerMtok: usd, text }));
  if (dots.length === 0) return [...asked.layers];
  return [
    ...asked.layers,
    {
      data: { values: dots },
      mark: { type: 'point', filled: true, size: 60, strokeWidth: 1.5, opacity: 1, stroke: PALETTE.words },
      encoding: { x: volume, y: price, fill: { field: 'fill', type: 'nominal', scale: null } },
    },
    ...haloed(labels, { fontWeight: 'bold', color: PALETTE.words }, { x: volume, y: price, text: { field: 'text' } }),
  ];
}

function endsOf({ tariffs }: BreakEvenAnswer, fleet: MeasuredFleet, last: number): EndLabel[] {
  return [
    ...tariffs.map((tariff) => tariffEnd(tariff, tariff.usdPerMtok.value)),
    { value: last, text: fleetLabel(fleet), colour: PALETTE.own },
  ];
}

function findingOf(answer: BreakEvenAnswer, fleet: MeasuredFleet): string {
  const least = formatDerivedPrice(fullUsd(fleet, 'value'));
  const range = [fullUsd(fleet, 'low'), fullUsd(fleet, 'high')].map(formatDerivedPrice);
  const band = range[0] === range[1] ? '' : ` (${range.join(' to ')})`;
  const asks = answer.tariffs.map((tariff) => `${sideOf(tariff)} asks ${formatDerivedPrice(tariff.usdPerMtok.value)}`);
  return `Full, ${subjectOf(fleet)} cost ${least}${band} per million tokens; ${asks.join(', ')}`;
}

/**
 * What a million tokens cost over volume as a Vega-Lite specification: on the best fleet, whole instances, with the band of its costs and
 * speeds; at each API, which asks the same for all; the volumes at which both are equal, and the asked one. Above the plot the fleet costs more still.
 *
 * @param answer what `breakEven` returned
 * @param plot size of the plot
 * @throws Fault `unsupported` where no fleet has a known capacity
 * @see renderSvg
 */
export function unitCostChart(answer: BreakEvenAnswer, plot: Frame = PLOT): VegaLiteSpec {
  const [fleet] = measuredFleets(answer);
  const extent = extentOf(answer, fleet);
  const curve = curveOf(answer, fleet, extent);
  const labels = endsOf(answer, fleet, curve.at(-1)?.usdPerMtok ?? 0);
  const key = keyOf(labels, plot, LEFT);
  const dots = dotsOf(answer, fleet, extent);
  return {
    ...sheet({
      finding: findingOf(answer, fleet),
      under: [
        `${askedOf(answer)} · each tooth is one more purchase of ${formatTokens(treadTokens(fleet, 'value'))} tokens a month · known on ${answer.dataAge.asOf}`,
        [
          `below ${formatTokens(extent.leaves)} tokens a month the own GPUs cost more than ${formatDerivedPrice(extent.top)}, above the plot`,
          'shade: costs of instances and speeds from low to high',
          ...dotsInWords(dots),
        ].join(' · '),
      ],
      key,
      frame: plot,
      left: LEFT,
      right: besides(labels, plot),
    }),
    ...plot,
    layer: [
      axes(extent, plot),
      ...fleetLayers(curve, extent.top),
      ...tariffLayers(answer, extent),
      ...crossingLayers(answer, dots, extent, plot),
      ...lineNames(labels, { x: 'tokensPerMonth', y: 'usdPerMtok', at: extent.to, top: extent.top }, plot, LEFT),
    ],
  };
}
