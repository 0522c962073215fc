import type { EndpointCalibration } from '../../calibration/endpointCalibration.ts';
import { calibrationWords } from '../../calibration/endpointCalibration.ts';
import type { CalibrationCurve } from '../../calibration/fit/calibrationCurves.ts';
import { Fault } from '../../faults/fault.ts';
import { formatCount } from '../../units/tokens.ts';
import { formatShare } from '../format.ts';
import { inert } from '../plainText.ts';
import type { VegaLiteSpec } from './chart.ts';
import { PALETTE } from './palette.ts';
import type { Layer } from './sheet.ts';
import { axesLayer } from './speedChartLayers.ts';

const COLOURS = PALETTE.series;
const WIDTH = 300;
const HEIGHT = 300;
const BETWEEN = 84;
const HEADROOM = 1.08;
const SHADE = 0.13;

const QUANTITIES = [
  { name: 'ttftMs', title: 'Wait for the first token (TTFT), ms' },
  { name: 'tpotMs', title: 'Wait for each next token (TPOT), ms' },
  { name: 'outputTokensPerSecond', title: 'Output, tokens per second' },
] as const;

type Quantity = (typeof QUANTITIES)[number]['name'];

interface Coloured {
  readonly curve: CalibrationCurve;
  readonly colour: string;
}

const inFlight = { field: 'concurrency', type: 'quantitative' } as const;
const amount = { field: 'value', type: 'quantitative' } as const;

function measuredValues({ points }: CalibrationCurve, quantity: Quantity, used: boolean) {
  return points
    .filter((point) => point.used === used)
    .flatMap((point) => {
      const found = point[quantity];
      const value = typeof found === 'number' ? found : found?.median;
      return value === undefined || value === null ? [] : [{ concurrency: point.concurrency, value }];
    });
}

function modelValues({ model }: CalibrationCurve, quantity: Quantity) {
  return model.flatMap((at) => {
    const band = at[quantity];
    return band === null ? [] : [{ concurrency: at.concurrency, low: band.low, value: band.value, high: band.high }];
  });
}

function layersOf({ curve, colour }: Coloured, quantity: Quantity): Layer[] {
  const model = modelValues(curve, quantity);
  const dots = (used: boolean): Layer[] => {
    const values = measuredValues(curve, quantity, used);
    const mark = { type: 'point', size: 58, color: colour, opacity: 1, ...(used ? { filled: true, shape: 'circle' } : { shape: 'cross' }) };
    return values.length === 0 ? [] : [{ data: { values }, mark, encoding: { x: inFlight, y: amount } }];
  };
  const drawn: Layer[] =
    model.length < 2
      ? []
      : [
          {
            data: { values: model },
            mark: { type: 'area', opacity: SHADE, color: colour },
            encoding: { x: inFlight, y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } },
          },
          {
            data: { values: model },
            mark: { type: 'line', strokeWidth: 2, color: colour },
            encoding: { x: inFlight, y: amount },
          },
        ];
  return [...drawn, ...dots(true), ...dots(false)];
}

/** Names of the shapes in their colours, in the upper corner of the first plot. */
function legendLayers(curves: readonly Coloured[]): Layer[] {
  return curves.map(({ curve, colour }, at) => ({
    data: { values: [{}] },
    mark: { type: 'text', align: 'left', baseline: 'top', fontSize: 12, color: colour, fontWeight: 'bold' },
    encoding: {
      x: { value: 8 },
      y: { value: 6 + 16 * at },
      text: {
        value: `${inert(curve.shape)}: ${formatCount(curve.inputTokens)}/${formatCount(curve.outputTokens)}, reuse ${formatShare(curve.reuse)}`,
      },
    },
  }));
}

function panel(curves: readonly Coloured[], { name, title }: (typeof QUANTITIES)[number], most: number) {
  const values = curves.flatMap(({ curve }) => [
    ...modelValues(curve, name).map(({ high }) => high),
    ...measuredValues(curve, name, true).map(({ value }) => value),
    ...measuredValues(curve, name, false).map(({ value }) => value),
  ]);
  const top = HEADROOM * Math.max(1, ...values);
  const axes = axesLayer({ title, from: 1, to: most, top, headroom: 12 });
  const legend = name === 'ttftMs' ? legendLayers(curves) : [];
  return { width: WIDTH, height: HEIGHT, layer: [axes, ...curves.flatMap((curve) => layersOf(curve, name)), ...legend] };
}

/**
 * A calibration as a Vega-Lite specification: TTFT, TPOT and output over concurrency, the points of up to four shapes, and the fitted model
 * with the band in which 80 % of single runs lie; crosses are points that are flagged and not used.
 *
 * @param curves as `calibrationCurves` makes them
 * @throws Fault `unsupported` where there is no point to draw
 * @see renderSvg
 */
export function calibrationChart(calibration: EndpointCalibration, curves: readonly CalibrationCurve[]): VegaLiteSpec {
  const drawn = curves
    .filter(({ points }) => points.length > 0)
    .slice(0, COLOURS.length)
    .map((curve, at) => ({ curve, colour: COLOURS[at] ?? COLOURS[0] }));
  if (drawn.length === 0) throw new Fault('unsupported', 'no chart to draw (the calibration has no points)', { where: '--chart' });
  const most = Math.max(2, ...drawn.flatMap(({ curve }) => [...curve.points, ...curve.model].map(({ concurrency }) => concurrency)));
  const model = drawn.some(({ curve }) => curve.model.length > 0);
  const words = calibrationWords(calibration, calibration.name);
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    usermeta: { kplan: 'kplan/chart@1' },
    description: words,
    title: {
      text: inert(calibration.name),
      subtitle: [
        inert(`${calibration.conditions.servedModel}, ${calibration.date}`),
        `● measured medians${model ? ' · line: the fitted model · shade: 80 % of single runs' : ''}${calibration.speed.flags.length > 0 ? ' · + flagged, not used' : ''}`,
      ],
      offset: 22,
    },
    padding: { left: 66, top: 132, right: 40 + 3 * WIDTH + 2 * BETWEEN, bottom: 58 },
    spacing: BETWEEN,
    bounds: 'flush',
    hconcat: QUANTITIES.map((quantity) => panel(drawn, quantity, most)),
  };
}
