import type { EndpointCalibration } from '../../calibration/endpointCalibration.ts';
import { calibrationWords } from '../../calibration/endpointCalibration.ts';
import type { CalibrationCurve } from '../../calibration/fit/calibrationCurves.ts';
import { Fault } from '../../faults/fault.ts';
import { widthOf } from '../plainText.ts';
import {
  type DrawnCurve,
  dotLayers,
  dotsOf,
  endLabels,
  fittedOf,
  flaggedLabels,
  hollowLayers,
  modelLayers,
  PLOT_SIZE,
  type Quantity,
  shippedOf,
} from './calibrationChartLayers.ts';
import { calibrationFinding, calibrationSubtitle, curveLabel, isFlagged } from './calibrationChartWords.ts';
import type { VegaLiteSpec } from './chart.ts';
import { PALETTE } from './palette.ts';
import { axesLayer } from './speedChartLayers.ts';

const [BLUE, GREEN, PURPLE, ORANGE] = PALETTE.series;

const LOOKS = [
  { colour: BLUE, symbol: 'circle', mark: '●' },
  { colour: ORANGE, symbol: 'square', mark: '■' },
  { colour: GREEN, symbol: 'triangle-up', mark: '▲' },
  { colour: PURPLE, symbol: 'diamond', mark: '◆' },
] as const;
const BETWEEN = 62;
const HEADROOM = 1.08;
const MOST_NAMED = 6;
const TITLE_ALONE = 12;

const QUANTITIES: readonly { readonly quantity: Quantity; readonly title: string }[] = [
  { quantity: 'tpotMs', title: 'Wait for each next token (TPOT), milliseconds' },
  { quantity: 'outputTokensPerSecond', title: 'Output, tokens per second' },
  { quantity: 'ttftMs', title: 'Wait for the first token (TTFT), milliseconds' },
];

/** Top of an axis: all that was measured and both models as far as there are points; what the fit says beyond may leave the plot. */
function topOf(curves: readonly DrawnCurve[], quantity: Quantity): number {
  const values = curves.flatMap(({ curve }) => {
    const dots = dotsOf(curve, quantity);
    const last = Math.max(...dots.map(({ concurrency }) => concurrency));
    return [
      ...dots.map(({ high }) => high),
      ...shippedOf(curve, quantity).map(({ value }) => value),
      ...fittedOf(curve, quantity).flatMap(({ concurrency, value, high }) => (concurrency <= last ? [high] : [value])),
    ];
  });
  return HEADROOM * Math.max(1, ...values);
}

function plotOf(curves: readonly DrawnCurve[], { quantity, title }: (typeof QUANTITIES)[number], to: number, last: boolean) {
  const plot = { quantity, to, top: topOf(curves, quantity) };
  const axes = axesLayer({ title, from: 1, to, top: plot.top, headroom: TITLE_ALONE }, last ? undefined : null);
  return {
    ...PLOT_SIZE,
    layer: [
      axes,
      ...curves.flatMap((curve) => modelLayers(curve, plot)),
      // Below the points, so that no name covers one; flagged points are named once.
      ...endLabels(curves, plot),
      ...(quantity === 'tpotMs' ? flaggedLabels(curves, plot, MOST_NAMED) : []),
      ...curves.flatMap((curve) => hollowLayers(curve, plot)),
      ...curves.flatMap((curve) => dotLayers(curve, plot)),
    ],
  };
}

/**
 * A calibration as a Vega-Lite specification: TPOT, output and TTFT over concurrency, each with the points of up to four shapes and their
 * spread, the fitted model with the band in which 80 % of single runs lie, and the shipped model; flagged points are hollow.
 *
 * @param curves as `calibrationCurves` makes them
 * @throws Fault `unsupported` where there is no point to draw
 * @see renderSvg
 */
export function calibrationChart(calibration: EndpointCalibration, curves: readonly CalibrationCurve[]): VegaLiteSpec {
  const drawn = curves
    .filter(({ points }) => points.length > 0)
    .slice(0, LOOKS.length)
    .map((curve, at): DrawnCurve => {
      const flagged = new Set(curve.points.filter((point) => isFlagged(point, calibration)).map(({ id }) => id));
      const { mark, ...look } = LOOKS[at] ?? LOOKS[0];
      return { ...look, curve, label: curveLabel(curve, mark), flagged };
    });
  if (drawn.length === 0) throw new Fault('unsupported', 'no chart to draw (the calibration has no points)', { where: '--chart' });
  const most = Math.max(2, ...drawn.flatMap(({ curve }) => [...curve.points, ...curve.model].map(({ concurrency }) => concurrency)));
  const title = calibrationFinding(calibration);
  const subtitle = calibrationSubtitle(
    calibration,
    drawn.map(({ curve }) => curve),
  );
  const labels = drawn.flatMap(({ label }) => label.split('\n').map(widthOf));
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    usermeta: { kplan: 'kplan/chart@1' },
    description: calibrationWords(calibration, calibration.name),
    title: { text: title, subtitle, offset: 22 },
    // Without automatic size a column of plots is as wide as they are but has no height: it is a part of the padding.
    padding: {
      left: 60,
      top: 70 + 20 * title.length + 17 * subtitle.length,
      right: 24 + 6.2 * Math.max(...labels),
      bottom: 58 + QUANTITIES.length * PLOT_SIZE.height + (QUANTITIES.length - 1) * BETWEEN,
    },
    spacing: BETWEEN,
    bounds: 'flush',
    vconcat: QUANTITIES.map((quantity, at) => plotOf(drawn, quantity, most, at === QUANTITIES.length - 1)),
  };
}
