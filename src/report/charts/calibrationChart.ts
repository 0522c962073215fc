import type { EndpointCalibration } from '../../calibration/endpointCalibration.ts';
import type { CalibrationCurve } from '../../calibration/fit/calibrationCurves.ts';
import { Fault } from '../../faults/fault.ts';
import {
  type DrawnCurve,
  dotLayers,
  dotsOf,
  endLabels,
  fittedOf,
  flaggedLabels,
  hollowLayers,
  modelLayers,
  type Quantity,
  shippedOf,
} from './calibrationChartLayers.ts';
import { calibrationFinding, calibrationSubtitle, curveLabel, isFlagged } from './calibrationChartWords.ts';
import type { VegaLiteSpec } from './chart.ts';
import { PALETTE } from './palette.ts';
import { type Frame, isNarrow, keyLayers, type Layer, pixelsOf, sheet, stacked } from './sheet.ts';
import { axesLayer } from './speedChartLayers.ts';

const LOOKS = [
  { colour: PALETTE.series[0], symbol: 'circle', mark: '●' },
  { colour: PALETTE.series[3], symbol: 'square', mark: '■' },
  { colour: PALETTE.series[1], symbol: 'triangle-up', mark: '▲' },
  { colour: PALETTE.series[2], symbol: 'triangle-down', mark: '▼' },
] as const;
/** Size of each plot. */
const PLOT_SIZE: Frame = { width: 560, height: 205 };
const LEFT = 60;
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

function plotOf(
  curves: readonly DrawnCurve[],
  { quantity, title }: (typeof QUANTITIES)[number],
  to: number,
  last: boolean,
  frame: Frame,
): Layer[] {
  const plot = { quantity, to, top: topOf(curves, quantity), frame };
  return [
    axesLayer({ title, from: 1, to, top: plot.top, headroom: TITLE_ALONE }, last ? undefined : null),
    ...curves.flatMap((curve) => modelLayers(curve, plot)),
    // Below the points, so that no name covers one; flagged points are named once.
    ...endLabels(curves, plot, !isNarrow(frame)),
    ...(quantity === 'tpotMs' ? flaggedLabels(curves, plot, MOST_NAMED) : []),
    ...curves.flatMap((curve) => hollowLayers(curve, plot)),
    ...curves.flatMap((curve) => dotLayers(curve, plot)),
  ];
}

/**
 * A calibration as a Vega-Lite specification: TPOT, output and TTFT over concurrency, each with the points of up to four shapes and their
 * spread, the fitted model with the band in which 80 % of single runs lie, and the shipped model; flagged points are hollow.
 *
 * @param curves as `calibrationCurves` makes them
 * @param frame size of each plot
 * @throws Fault `unsupported` where there is no point to draw
 * @see renderSvg
 */
export function calibrationChart(
  calibration: EndpointCalibration,
  curves: readonly CalibrationCurve[],
  frame: Frame = PLOT_SIZE,
): VegaLiteSpec {
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
  const labels = drawn.map(({ label }) => label);
  const key = isNarrow(frame) ? drawn.map(({ label, colour }) => ({ colour, text: label.replace('\n', ', ') })) : [];
  const plots = stacked(frame, QUANTITIES.length, BETWEEN);
  const above = TITLE_ALONE + 16;
  return {
    ...sheet({
      finding: calibrationFinding(calibration),
      under: calibrationSubtitle(
        calibration,
        drawn.map(({ curve }) => curve),
      ),
      key,
      frame,
      left: LEFT,
      right: isNarrow(frame) ? 48 : 24 + pixelsOf(labels),
      above,
      plots,
    }),
    ...plots.concat(
      QUANTITIES.map((quantity, at) => ({
        ...frame,
        layer: [...plotOf(drawn, quantity, most, at === QUANTITIES.length - 1, frame), ...(at === 0 ? keyLayers(key, LEFT, above) : [])],
      })),
    ),
  };
}
