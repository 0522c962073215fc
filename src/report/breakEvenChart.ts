import { Fault } from '../faults/fault.ts';
import type { BreakEvenAnswer, FleetLine } from '../plan/breakEvenAnswer.ts';
import { formatTokens } from '../units/tokens.ts';
import { type VegaLiteSpec, WORDS } from './chart.ts';
import { apart, apiUsd, type Frame, frameOf, PLOT, within } from './chartFrame.ts';
import { placeLabels } from './chartLabels.ts';
import { finding, fleetLabel, subtitle, tariffLabel } from './chartWords.ts';
import { codeInWords } from './format.ts';
import { grouped } from './group.ts';
import { widthOf } from './plainText.ts';
import { type MeasuredFleet, type StairPoint, staircase } from './staircase.ts';

const FLEET_COLOURS = ['#0072b2', '#007a5a', '#9a4f86'] as const;
const TARIFF_STYLES = {
  list: { colour: '#c44601', dash: [1, 0] },
  'cheapest-host': { colour: '#4d4d4d', dash: [6, 4] },
  asked: { colour: '#7a5c00', dash: [2, 3] },
} as const;
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

function fleetLayers(fleet: MeasuredFleet, colour: string, shade: number, { lastTokens }: Frame): Layer[] {
  const values = staircase(fleet, lastTokens).map(({ tokensPerMonth, ...costs }) => ({ tokens: tokensPerMonth, ...costs }));
  const band = (low: keyof StairPoint, high: keyof StairPoint) => ({
    data: { values },
    mark: { type: 'area', interpolate: 'step-after', opacity: shade, color: colour, clip: true },
    encoding: { x: volume, y: { field: low, type: 'quantitative' }, y2: { field: high } },
  });
  return [
    band('usdLow', 'usdHigh'),
    band('rentLow', 'rentHigh'),
    {
      data: { values },
      mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2.5, color: colour, clip: true },
      encoding: { x: volume, y: cost },
    },
  ];
}

function tariffLayers({ tariffs }: BreakEvenAnswer, { lastTokens }: Frame): Layer[] {
  return tariffs.map(({ usdPerMtok, role }) => ({
    data: { values: [0, lastTokens].map((tokens) => ({ tokens, usd: apiUsd(usdPerMtok, tokens) })) },
    mark: { type: 'line', strokeWidth: 2, color: TARIFF_STYLES[role].colour, strokeDash: TARIFF_STYLES[role].dash },
    encoding: { x: volume, y: cost },
  }));
}

interface EndLabel {
  readonly usd: number;
  readonly text: string;
  readonly colour: string;
}

function endLabels({ tariffs }: BreakEvenAnswer, fleets: readonly MeasuredFleet[], { lastTokens }: Frame): EndLabel[] {
  return [
    ...tariffs.map((tariff) => ({
      usd: apiUsd(tariff.usdPerMtok, lastTokens),
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

function crossingLayers({ crossings, tariffs }: BreakEvenAnswer, fleets: readonly MeasuredFleet[], frame: Frame): Layer[] {
  const drawn = crossings
    .filter((crossing) => within(crossing, frame.lastTokens) && fleets.some(({ id }) => id === crossing.offer))
    .filter(({ final }) => final || fleets.length === 1)
    .map(({ tariff, offer, final, cheaperBeyond, tokensPerMonth }) => {
      const tokens = tokensPerMonth.value ?? 0;
      const price = tariffs.find(({ id }) => id === tariff)?.usdPerMtok ?? 0;
      return {
        pair: `${tariff} ${offer}`,
        final,
        tokens,
        usd: apiUsd(price, tokens),
        fill: cheaperBeyond === 'self-host' ? WORDS : '#ffffff',
      };
    });
  const finals = drawn.filter(({ final }) => final);
  const firsts = [...grouped(drawn, ({ pair }) => pair).values()].flatMap(([first]) => (first === undefined || first.final ? [] : [first]));
  const wanted = [
    ...finals.map(({ tokens, usd }) => ({ tokens, usd, text: `${formatTokens(tokens)}, for good` })),
    ...firsts.map(({ tokens, usd }) => ({ tokens, usd, text: formatTokens(tokens) })),
  ];
  const labels = placeLabels(wanted, drawn, frame);
  const text = { type: 'text', fontSize: 12, fontWeight: 'bold' };
  const halo = { stroke: '#ffffff', strokeWidth: 4, strokeJoin: 'round', color: '#ffffff' };
  const encoding = { x: volume, y: cost, text: { field: 'text' } };
  return [
    {
      data: { values: drawn.map(({ tokens, usd, fill }) => ({ tokens, usd, fill })) },
      mark: { type: 'point', filled: true, size: 60, stroke: WORDS, strokeWidth: 1.5, opacity: 1 },
      encoding: { x: volume, y: cost, fill: { field: 'fill', type: 'nominal', scale: null } },
    },
    { data: { values: labels }, mark: { ...text, ...halo }, encoding },
    { data: { values: labels }, mark: { ...text, color: WORDS }, encoding },
  ].filter(({ data }) => data.values.length > 0);
}

function longestLine(labels: readonly EndLabel[]): number {
  return Math.max(...labels.flatMap(({ text }) => text.split('\n').map(widthOf)));
}

function isMeasured(fleet: FleetLine): fleet is MeasuredFleet {
  return fleet.tokensPerMonthPerReplica !== null && fleet.tokensPerMonthPerReplica.value > 0;
}

/**
 * Monthly cost against tokens per month as a Vega-Lite specification: the staircase of whole instances with its band, a line for
 * each tariff, and the break-even volumes.
 *
 * @param answer what `breakEven` returned
 * @throws Fault `unsupported` where no fleet has a known capacity and so nothing can be drawn
 * @see renderSvg
 */
export function breakEvenChart(answer: BreakEvenAnswer): VegaLiteSpec {
  const fleets = answer.offers.filter(isMeasured).slice(0, FLEET_COLOURS.length);
  const [first] = fleets;
  if (first === undefined) {
    const reasons = answer.verdicts.map(({ code, message }) => `${codeInWords(code)}: ${message}`);
    throw new Fault('unsupported', `no chart to draw (${[...new Set(reasons)].join('; ') || 'no fleet in the answer'})`, {
      where: '--chart',
    });
  }
  const frame = frameOf(answer, fleets);
  const labels = endLabels(answer, fleets, frame);
  const subtitles = subtitle(answer, fleets, frame);
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    usermeta: { kplan: 'kplan/chart@1' },
    description: answer.answer,
    title: { text: finding(answer, first), subtitle: subtitles },
    padding: { left: 60, top: 86 + 17 * subtitles.length, right: 24 + 7 * longestLine(labels), bottom: 58 },
    width: PLOT.width,
    height: PLOT.height,
    layer: [
      axes(frame),
      ...fleets.flatMap((fleet, index) => fleetLayers(fleet, FLEET_COLOURS[index] ?? FLEET_COLOURS[0], 0.13 / fleets.length, frame)),
      ...tariffLayers(answer, frame),
      ...crossingLayers(answer, fleets, frame),
      endLabelLayer(labels, frame),
    ],
  };
}
