import type { BreakEvenAnswer, Crossing } from '../../plan/breakEven/breakEvenAnswer.ts';
import { formatTokens } from '../../units/tokens.ts';
import { namesOf, tariffName } from '../breakEvenTables.ts';
import { grouped } from '../group.ts';
import { inert } from '../plainText.ts';
import { askedMark } from './askedMark.ts';
import type { VegaLiteSpec } from './chart.ts';
import { apiUsd, type Extent, frameOf, PLOT, within } from './chartFrame.ts';
import { placeLabels } from './chartLabels.ts';
import { finding, fleetLabel, subtitle } from './chartWords.ts';
import { besides, type EndLabel, keyOf, lineNames, TARIFF_DASHES, tariffEnd } from './endLabels.ts';
import { measuredFleets } from './measuredFleets.ts';
import { PALETTE } from './palette.ts';
import { axesAt, axisText, type Frame, haloed, isNarrow, type Layer, sheet, topTitle } from './sheet.ts';
import { type MeasuredFleet, type Shades, type StairPoint, shadesOf, staircase } from './staircase.ts';

const FLEET_COLOURS = PALETTE.series.slice(0, 3);
const LEFT = 60;
const SHADE = 0.13;
const API_SHADE = 0.1;

const volume = { field: 'tokens', type: 'quantitative' } as const;
const cost = { field: 'usd', type: 'quantitative' } as const;

function axes({ lastTokens, lastUsd }: Extent, plot: Frame): Layer {
  return axesAt(
    { tokens: 0, usd: 0 },
    {
      x: {
        ...volume,
        scale: { domain: [0, lastTokens], nice: false },
        axis: { title: 'tokens per month (input + output)', tickCount: isNarrow(plot) ? 4 : 7, labelExpr: axisText() },
      },
      y: {
        ...cost,
        scale: { domain: [0, lastUsd], nice: false },
        axis: {
          ...topTitle('cost per month, USD', LEFT),
          tickCount: 6,
          labelExpr: axisText('$'),
        },
      },
    },
  );
}

function fleetLayers(answer: BreakEvenAnswer, fleet: MeasuredFleet, colour: string, shades: Shades, { lastTokens }: Extent): Layer[] {
  const nameOf = namesOf(answer);
  const values = staircase(fleet, lastTokens).map(({ tokensPerMonth, ...costs }) => ({
    series: `own ${inert(nameOf(fleet.id))}`,
    tokens: tokensPerMonth,
    ...costs,
  }));
  const band = (low: keyof StairPoint, high: keyof StairPoint) => ({
    data: { values },
    mark: { type: 'area', interpolate: 'step-after', opacity: SHADE, color: colour, clip: true },
    encoding: { x: volume, y: { field: low, type: 'quantitative' }, y2: { field: high } },
  });
  return [
    ...(shades.speeds ? [band('usdLow', 'usdHigh')] : []),
    ...(shades.rents ? [band('rentLow', 'rentHigh')] : []),
    {
      data: { values },
      mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2.5, color: colour, clip: true },
      encoding: { x: volume, y: cost },
    },
  ];
}

function tariffLayers({ tariffs }: BreakEvenAnswer, { lastTokens }: Extent): Layer[] {
  const usdAt = (usdPerMtok: number) => (tokens: number) => apiUsd(usdPerMtok, tokens);
  return tariffs.flatMap((tariff) => {
    const { low, value, high } = tariff.usdPerMtok;
    const colour = PALETTE.tariff[tariff.role];
    const [usdLow, usd, usdHigh] = [usdAt(low), usdAt(value), usdAt(high)];
    const values = [0, lastTokens].map((tokens) => ({
      series: inert(tariffName(tariff)),
      tokens,
      usdLow: usdLow(tokens),
      usd: usd(tokens),
      usdHigh: usdHigh(tokens),
    }));
    const shade = {
      data: { values },
      mark: { type: 'area', opacity: API_SHADE, color: colour, clip: true },
      encoding: { x: volume, y: { field: 'usdLow', type: 'quantitative' }, y2: { field: 'usdHigh' } },
    };
    const line = {
      data: { values },
      mark: { type: 'line', strokeWidth: 2, color: colour, strokeDash: TARIFF_DASHES[tariff.role] },
      encoding: { x: volume, y: cost },
    };
    return low < high ? [shade, line] : [line];
  });
}

function endsOf({ tariffs }: BreakEvenAnswer, fleets: readonly MeasuredFleet[], { lastTokens }: Extent): EndLabel[] {
  return [
    ...tariffs.map((tariff) => tariffEnd(tariff, apiUsd(tariff.usdPerMtok.value, lastTokens))),
    ...fleets.map((fleet, index) => ({
      value: staircase(fleet, lastTokens).at(-1)?.usd ?? 0,
      text: fleetLabel(fleet),
      colour: FLEET_COLOURS[index] ?? PALETTE.own,
    })),
  ];
}

/** The crossings worth a dot: all of one fleet; of several, the first and the last of each pair. */
function drawnCrossings({ crossings, verdicts }: BreakEvenAnswer, fleets: readonly MeasuredFleet[], { lastTokens }: Extent): Crossing[] {
  const shown = crossings.filter(
    ({ tariff, offer }) =>
      fleets.some(({ id }) => id === offer) &&
      verdicts.some((pair) => pair.tariff === tariff && pair.offer === offer && pair.code === 'break-even'),
  );
  return [...grouped(shown, ({ tariff, offer }) => `${tariff} ${offer}`).values()]
    .flatMap((pair) => (fleets.length === 1 ? pair : pair.filter(({ final }, index) => index === 0 || final)))
    .filter((crossing) => within(crossing, lastTokens));
}

function crossingLayers(
  answer: BreakEvenAnswer,
  crossings: readonly Crossing[],
  fleets: readonly MeasuredFleet[],
  extent: Extent,
  plot: Frame,
): Layer[] {
  const dots = crossings.map(({ tariff, offer, final, cheaperBeyond, tokensPerMonth }) => {
    const tokens = tokensPerMonth.value ?? 0;
    const price = answer.tariffs.find(({ id }) => id === tariff)?.usdPerMtok.value ?? 0;
    const fleet = fleets.findIndex(({ id }) => id === offer);
    const colour = fleets.length === 1 ? PALETTE.words : (FLEET_COLOURS[fleet] ?? PALETTE.words);
    return {
      pair: `${tariff} ${offer}`,
      fleet,
      final,
      tokens,
      usd: apiUsd(price, tokens),
      colour,
      fill: cheaperBeyond === 'self-host' ? colour : PALETTE.paper,
    };
  });
  const pairs = [...grouped(dots, ({ pair }) => pair).values()];
  const wanted = pairs
    .flatMap((pair) => pair.filter(({ final }, index) => index === 0 || final).map((dot) => ({ ...dot, alone: pair.length === 1 })))
    .sort((a, b) => a.fleet - b.fleet || Number(b.final) - Number(a.final))
    .map(({ tokens, usd, final, alone, colour }) => ({
      tokens,
      usd,
      colour,
      text: `${formatTokens(tokens)}${final && !alone ? ', for good' : ''}`,
    }));
  const asked = askedMark(answer, volume.field, (tokens) => tokens, dots, extent, plot);
  const labels = placeLabels(wanted, dots, extent, plot, asked.boxes);
  const leaders = labels.flatMap(({ leader, tokens, usd }) =>
    leader === null ? [] : [{ tokens, usd, dotTokens: leader.tokens, dotUsd: leader.usd }],
  );
  const values = labels.map(({ tokens, usd, colour, text: words }) => ({ tokens, usd, colour, text: words }));
  const drawn = [
    {
      data: { values: leaders },
      mark: { type: 'rule', strokeWidth: 1, color: PALETTE.words },
      encoding: { x: volume, y: cost, x2: { field: 'dotTokens' }, y2: { field: 'dotUsd' } },
    },
    {
      data: { values: dots.map(({ tokens, usd, fill, colour }) => ({ tokens, usd, fill, colour })) },
      mark: { type: 'point', filled: true, size: 60, strokeWidth: 1.5, opacity: 1 },
      encoding: {
        x: volume,
        y: cost,
        fill: { field: 'fill', type: 'nominal', scale: null },
        stroke: { field: 'colour', type: 'nominal', scale: null },
      },
    },
  ];
  return [
    ...asked.layers,
    ...drawn.filter(({ data }) => data.values.length > 0),
    ...haloed(
      values,
      { fontWeight: 'bold' },
      { x: volume, y: cost, text: { field: 'text' }, color: { field: 'colour', type: 'nominal', scale: null } },
    ),
  ];
}

/**
 * Monthly cost against tokens per month as a Vega-Lite specification: the staircases of whole instances of the best fleets with their
 * bands, a line for each tariff, the break-even volumes, and the asked one.
 *
 * @param answer what `breakEven` returned
 * @param plot size of the plot
 * @throws Fault `unsupported` where no fleet has a known capacity and so nothing can be drawn
 * @see renderSvg
 */
export function breakEvenChart(answer: BreakEvenAnswer, plot: Frame = PLOT): VegaLiteSpec {
  const measured = measuredFleets(answer);
  const fleets = measured.slice(0, FLEET_COLOURS.length);
  const extent = frameOf(answer, fleets);
  const shades = shadesOf(fleets);
  const crossings = drawnCrossings(answer, fleets, extent);
  const labels = endsOf(answer, fleets, extent);
  const key = keyOf(labels, plot, LEFT);
  return {
    ...sheet({
      finding: finding(answer, measured[0]),
      under: subtitle(answer, { fleets, compared: measured.length, crossings, shades, extent }),
      key,
      frame: plot,
      left: LEFT,
      right: besides(labels, plot),
    }),
    ...plot,
    layer: [
      axes(extent, plot),
      ...fleets.flatMap((fleet, index) => fleetLayers(answer, fleet, FLEET_COLOURS[index] ?? PALETTE.own, shades, extent)),
      ...tariffLayers(answer, extent),
      ...crossingLayers(answer, crossings, fleets, extent, plot),
      ...lineNames(labels, { x: 'tokens', y: 'usd', at: extent.lastTokens, top: extent.lastUsd }, plot, LEFT),
    ],
  };
}
