import { Fault } from '../../faults/fault.ts';
import type { BreakEvenAnswer, Crossing } from '../../plan/breakEven/breakEvenAnswer.ts';
import type { FleetLine } from '../../plan/hosting/fleetLine.ts';
import { formatTokens } from '../../units/tokens.ts';
import { codeInWords } from '../format.ts';
import { grouped } from '../group.ts';
import { widthOf } from '../plainText.ts';
import { HALO, type VegaLiteSpec, WORDS } from './chart.ts';
import { apart, apiUsd, type Frame, frameOf, PLOT, within } from './chartFrame.ts';
import { placeLabels } from './chartLabels.ts';
import { finding, fleetLabel, subtitle, tariffLabel } from './chartWords.ts';
import { type MeasuredFleet, type Shades, type StairPoint, shadesOf, staircase } from './staircase.ts';

const FLEET_COLOURS = ['#0072b2', '#007a5a', '#9a4f86'] as const;
const TARIFF_STYLES = {
  list: { colour: '#c44601', dash: [1, 0] },
  'cheapest-host': { colour: '#4d4d4d', dash: [6, 4] },
  asked: { colour: '#7a5c00', dash: [2, 3] },
  other: { colour: '#7a5c00', dash: [2, 3] },
} as const;
const SHADE = 0.13;
const API_SHADE = 0.1;
const LABEL_GAP = 36;

type Layer = Readonly<Record<string, unknown>>;

const volume = { field: 'tokens', type: 'quantitative' } as const;
const cost = { field: 'usd', type: 'quantitative' } as const;

function axes({ lastTokens, lastUsd }: Frame): Layer {
  const amount = (prefix: string) =>
    `datum.value == 0 ? '${prefix}0' : '${prefix}' + replace(replace(format(datum.value, '~s'), 'k', 'K'), 'G', 'B')`;
  return {
    data: { values: [{ tokens: 0, usd: 0 }] },
    mark: { type: 'point', opacity: 0 },
    encoding: {
      x: {
        ...volume,
        scale: { domain: [0, lastTokens], nice: false },
        axis: { title: 'tokens per month (input + output)', tickCount: 7, labelExpr: amount('') },
      },
      y: {
        ...cost,
        scale: { domain: [0, lastUsd], nice: false },
        axis: {
          title: 'cost per month, USD',
          titleAngle: 0,
          titleAlign: 'left',
          titleBaseline: 'bottom',
          titleX: -44,
          titleY: -10,
          tickCount: 6,
          labelExpr: amount('$'),
        },
      },
    },
  };
}

function fleetLayers(fleet: MeasuredFleet, colour: string, shades: Shades, { lastTokens }: Frame): Layer[] {
  const values = staircase(fleet, lastTokens).map(({ tokensPerMonth, ...costs }) => ({ tokens: tokensPerMonth, ...costs }));
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

function tariffLayers({ tariffs }: BreakEvenAnswer, { lastTokens }: Frame): Layer[] {
  const usdAt = (usdPerMtok: number) => (tokens: number) => apiUsd(usdPerMtok, tokens);
  return tariffs.flatMap(({ usdPerMtok: { low, value, high }, role }) => {
    const { colour, dash } = TARIFF_STYLES[role];
    const [usdLow, usd, usdHigh] = [usdAt(low), usdAt(value), usdAt(high)];
    const values = [0, lastTokens].map((tokens) => ({ tokens, usdLow: usdLow(tokens), usd: usd(tokens), usdHigh: usdHigh(tokens) }));
    const shade = {
      data: { values },
      mark: { type: 'area', opacity: API_SHADE, color: colour, clip: true },
      encoding: { x: volume, y: { field: 'usdLow', type: 'quantitative' }, y2: { field: 'usdHigh' } },
    };
    const line = {
      data: { values },
      mark: { type: 'line', strokeWidth: 2, color: colour, strokeDash: dash },
      encoding: { x: volume, y: cost },
    };
    return low < high ? [shade, line] : [line];
  });
}

interface EndLabel {
  readonly usd: number;
  readonly text: string;
  readonly colour: string;
}

function endLabels({ tariffs }: BreakEvenAnswer, fleets: readonly MeasuredFleet[], { lastTokens }: Frame): EndLabel[] {
  return [
    ...tariffs.map((tariff) => ({
      usd: apiUsd(tariff.usdPerMtok.value, lastTokens),
      text: tariffLabel(tariff),
      colour: TARIFF_STYLES[tariff.role].colour as string,
    })),
    ...fleets.map((fleet, index) => ({
      usd: staircase(fleet, lastTokens).at(-1)?.usd ?? 0,
      text: fleetLabel(fleet),
      colour: FLEET_COLOURS[index] ?? FLEET_COLOURS[0],
    })),
  ];
}

function endLabelLayer(labels: readonly EndLabel[], { lastTokens, lastUsd }: Frame): Layer {
  const heights = apart(
    labels.map(({ usd }) => usd),
    (LABEL_GAP / PLOT.height) * lastUsd,
    lastUsd,
  );
  return {
    data: { values: labels.map(({ text, colour }, index) => ({ tokens: lastTokens, usd: heights[index], text, colour })) },
    mark: { type: 'text', align: 'left', baseline: 'middle', dx: 10, fontSize: 12, lineBreak: '\n', lineHeight: 15 },
    encoding: { x: volume, y: cost, text: { field: 'text' }, color: { field: 'colour', type: 'nominal', scale: null } },
  };
}

/** The crossings worth a dot: all of one fleet; of several, the first and the last of each pair. */
function drawnCrossings({ crossings, verdicts }: BreakEvenAnswer, fleets: readonly MeasuredFleet[], { lastTokens }: Frame): Crossing[] {
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
  { tariffs }: BreakEvenAnswer,
  crossings: readonly Crossing[],
  fleets: readonly MeasuredFleet[],
  frame: Frame,
): Layer[] {
  const dots = crossings.map(({ tariff, offer, final, cheaperBeyond, tokensPerMonth }) => {
    const tokens = tokensPerMonth.value ?? 0;
    const price = tariffs.find(({ id }) => id === tariff)?.usdPerMtok.value ?? 0;
    const fleet = fleets.findIndex(({ id }) => id === offer);
    const colour = fleets.length === 1 ? WORDS : (FLEET_COLOURS[fleet] ?? WORDS);
    return {
      pair: `${tariff} ${offer}`,
      fleet,
      final,
      tokens,
      usd: apiUsd(price, tokens),
      colour,
      fill: cheaperBeyond === 'self-host' ? colour : '#ffffff',
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
  const labels = placeLabels(wanted, dots, frame);
  const leaders = labels.flatMap(({ leader, tokens, usd }) =>
    leader === null ? [] : [{ tokens, usd, dotTokens: leader.tokens, dotUsd: leader.usd }],
  );
  const text = { type: 'text', fontSize: 12, fontWeight: 'bold' };
  const encoding = { x: volume, y: cost, text: { field: 'text' } };
  const values = labels.map(({ tokens, usd, colour, text: words }) => ({ tokens, usd, colour, text: words }));
  return [
    {
      data: { values: leaders },
      mark: { type: 'rule', strokeWidth: 1, color: WORDS },
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
    { data: { values }, mark: { ...text, ...HALO }, encoding },
    { data: { values }, mark: text, encoding: { ...encoding, color: { field: 'colour', type: 'nominal', scale: null } } },
  ].filter(({ data }) => data.values.length > 0);
}

function longestLine(labels: readonly EndLabel[]): number {
  return Math.max(...labels.flatMap(({ text }) => text.split('\n').map(widthOf)));
}

function isMeasured(fleet: FleetLine): fleet is MeasuredFleet {
  return fleet.plannedTokensPerReplica !== null && fleet.plannedTokensPerReplica.value > 0;
}

/**
 * Monthly cost against tokens per month as a Vega-Lite specification: the staircases of whole instances of the best fleets with their
 * bands, a line for each tariff, and the break-even volumes.
 *
 * @param answer what `breakEven` returned
 * @throws Fault `unsupported` where no fleet has a known capacity and so nothing can be drawn
 * @see renderSvg
 */
export function breakEvenChart(answer: BreakEvenAnswer): VegaLiteSpec {
  const measured = answer.offers.filter(isMeasured);
  const fleets = measured.slice(0, FLEET_COLOURS.length);
  const [best] = fleets;
  if (best === undefined) {
    const reasons = answer.verdicts.map(({ code, message }) => `${codeInWords(code)}: ${message}`);
    throw new Fault('unsupported', `no chart to draw (${[...new Set(reasons)].join('; ') || 'no fleet in the answer'})`, {
      where: '--chart',
    });
  }
  const frame = frameOf(answer, fleets);
  const shades = shadesOf(fleets);
  const crossings = drawnCrossings(answer, fleets, frame);
  const labels = endLabels(answer, fleets, frame);
  const title = finding(answer, best);
  const subtitles = subtitle(answer, { fleets, compared: measured.length, crossings, shades, frame });
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    usermeta: { kplan: 'kplan/chart@1' },
    description: answer.answer,
    title: { text: title, subtitle: subtitles },
    padding: { left: 60, top: 66 + 20 * title.length + 17 * subtitles.length, right: 24 + 7 * longestLine(labels), bottom: 58 },
    width: PLOT.width,
    height: PLOT.height,
    layer: [
      axes(frame),
      ...fleets.flatMap((fleet, index) => fleetLayers(fleet, FLEET_COLOURS[index] ?? FLEET_COLOURS[0], shades, frame)),
      ...tariffLayers(answer, frame),
      ...crossingLayers(answer, crossings, fleets, frame),
      endLabelLayer(labels, frame),
    ],
  };
}
