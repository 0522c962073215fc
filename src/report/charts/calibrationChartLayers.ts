import type { CalibrationCurve } from '../../calibration/fit/calibrationCurves.ts';
import { inert } from '../plainText.ts';
import { apart } from './chartFrame.ts';
import { PALETTE } from './palette.ts';
import { type Frame, haloed, type Layer } from './sheet.ts';

const SHADE = 0.14;
/** A triangle of the same area looks smaller. */
const SIZES: Readonly<Record<string, number>> = { 'triangle-up': 84 };
const SIZE = 62;
/** Hollow points stand out behind others at the same place. */
const HOLLOW = 2.2;
const LABEL_GAP = 34;
const SHORT_GAP = 14;
/** Share of the height below which a name stands above its point. */
const LOW = 0.12;

/** What is drawn over concurrency. */
export type Quantity = 'ttftMs' | 'tpotMs' | 'outputTokensPerSecond';

/** One curve with its looks: colours tell curves apart, and so do shapes where colours do not. */
export interface DrawnCurve {
  readonly curve: CalibrationCurve;
  readonly colour: string;
  readonly symbol: string;
  readonly label: string;
  /** Ids of points that are flagged. */
  readonly flagged: ReadonlySet<string>;
}

/** One plot. */
export interface Plot {
  readonly quantity: Quantity;
  /** Ends of both axes. */
  readonly to: number;
  readonly top: number;
  readonly frame: Frame;
}

interface Dot {
  readonly series: string;
  readonly id: string;
  readonly concurrency: number;
  readonly low: number;
  readonly value: number;
  readonly high: number;
}

const inFlight = { field: 'concurrency', type: 'quantitative' } as const;
const amount = { field: 'value', type: 'quantitative' } as const;
const low = { field: 'low', type: 'quantitative' } as const;

/** The measured points of a curve that have the quantity. */
export function dotsOf({ points, shape }: CalibrationCurve, quantity: Quantity): Dot[] {
  const series = `${inert(shape)}: ${quantity}, measured`;
  return points.flatMap((point) => {
    const { id, concurrency } = point;
    const found = point[quantity];
    if (found === null) return [];
    const spread = typeof found === 'number' ? { low: found, value: found, high: found } : { ...found, value: found.median };
    return [{ series, id: inert(id), concurrency, low: spread.low, value: spread.value, high: spread.high }];
  });
}

/** The fitted model of a curve. */
export function fittedOf({ model, shape }: CalibrationCurve, quantity: Quantity) {
  const series = `${inert(shape)}: ${quantity}, fitted`;
  return model.flatMap((at) => {
    const band = at[quantity];
    return band === null ? [] : [{ series, concurrency: at.concurrency, low: band.low, value: band.value, high: band.high }];
  });
}

/** The shipped model of a curve. */
export function shippedOf({ shipped, shape }: CalibrationCurve, quantity: Quantity) {
  const series = `${inert(shape)}: ${quantity}, shipped`;
  return shipped.flatMap((at) => {
    const value = at[quantity];
    return value === null ? [] : [{ series, concurrency: at.concurrency, value }];
  });
}

/** Band and line of the fit, and the dashed line of the shipped model. */
export function modelLayers({ curve, colour }: DrawnCurve, { quantity }: Plot): Layer[] {
  const [fitted, shipped] = [fittedOf(curve, quantity), shippedOf(curve, quantity)];
  const line = (values: readonly object[], look: object): Layer => ({
    data: { values },
    mark: { type: 'line', color: colour, clip: true, ...look },
    encoding: { x: inFlight, y: amount },
  });
  const area: Layer = {
    data: { values: fitted },
    mark: { type: 'area', opacity: SHADE, color: colour, clip: true },
    encoding: { x: inFlight, y: low, y2: { field: 'high' } },
  };
  return [
    ...(fitted.length > 1 ? [area, line(fitted, { strokeWidth: 2.2 })] : []),
    ...(shipped.length > 1 ? [line(shipped, { strokeWidth: 1.6, strokeDash: [5, 4] })] : []),
  ];
}

function pointLayers(values: readonly Dot[], look: object): Layer[] {
  const mark = { type: 'point', opacity: 1, filled: true, ...look };
  return values.length === 0 ? [] : [{ data: { values }, mark, encoding: { x: inFlight, y: amount } }];
}

/** Flagged points, hollow; they are drawn below the others. */
export function hollowLayers({ curve, colour, symbol, flagged }: DrawnCurve, { quantity }: Plot): Layer[] {
  const dots = dotsOf(curve, quantity).filter(({ id }) => flagged.has(id));
  const size = HOLLOW * (SIZES[symbol] ?? SIZE);
  return pointLayers(dots, { shape: symbol, size, color: PALETTE.paper, stroke: colour, strokeWidth: 1.8 });
}

/** Measured points with their spread, flagged ones left out. */
export function dotLayers({ curve, colour, symbol, flagged }: DrawnCurve, { quantity }: Plot): Layer[] {
  const dots = dotsOf(curve, quantity).filter(({ id }) => !flagged.has(id));
  const spread = dots.filter((dot) => dot.high > dot.low);
  const rules: Layer = {
    data: { values: spread },
    mark: { type: 'rule', color: colour, strokeWidth: 1.4 },
    encoding: { x: inFlight, y: low, y2: { field: 'high' } },
  };
  const look = { shape: symbol, size: SIZES[symbol] ?? SIZE, color: colour, stroke: PALETTE.paper, strokeWidth: 1 };
  return [...(spread.length === 0 ? [] : [rules]), ...pointLayers(dots, look)];
}

/** Names of flagged points beside them; of many none, as the table has them. */
export function flaggedLabels(curves: readonly DrawnCurve[], { quantity, to, top }: Plot, most: number): Layer[] {
  const named = curves.flatMap(({ curve, colour, flagged }) =>
    dotsOf(curve, quantity)
      .filter(({ id }) => flagged.has(id))
      .map((dot) => ({ ...dot, colour })),
  );
  if (named.length > most) return [];
  return named.flatMap(({ id, concurrency, value, colour }) => {
    const right = Math.log(concurrency) > 0.6 * Math.log(to);
    const dy = value > LOW * top ? 11 : -11;
    return textLayers([{ concurrency, value, text: id, colour }], {
      align: right ? 'right' : 'left',
      dx: right ? -9 : 9,
      dy,
      fontSize: 11,
    });
  });
}

interface Label {
  readonly concurrency: number;
  readonly value: number;
  readonly text: string;
  readonly colour: string;
}

function textLayers(values: readonly Label[], look: object): Layer[] {
  return haloed(
    values,
    { baseline: 'middle', lineBreak: '\n', lineHeight: 15, ...look },
    { x: inFlight, y: amount, text: { field: 'text' }, color: { field: 'colour', type: 'nominal', scale: null } },
  );
}

/** Labels at a height of their own, as near to what they name as there is room. */
function spaced(labels: readonly Label[], gap: number, { top, frame }: Plot): Label[] {
  const room = (gap / frame.height) * top;
  const heights = apart(
    labels.map(({ value }) => Math.min(value, top - room / 2)),
    room,
    top - room / 2,
  );
  return labels.map((label, at) => ({ ...label, value: heights[at] ?? label.value }));
}

/** Names of the curves beside the plot where there is room, at the ends of their lines; and of the shipped model where its lines end. */
export function endLabels(curves: readonly DrawnCurve[], plot: Plot, beside: boolean): Layer[] {
  const { quantity, to } = plot;
  const ends = curves.flatMap(({ curve, colour, label }): Label[] => {
    const end = fittedOf(curve, quantity).at(-1) ?? dotsOf(curve, quantity).at(-1);
    return end === undefined ? [] : [{ concurrency: to, value: end.value, text: label, colour }];
  });
  const shipped = curves.flatMap(({ curve, colour }): Label[] => {
    const line = shippedOf(curve, quantity);
    const end = line.at(-1);
    return end === undefined || line.length < 2 ? [] : [{ ...end, text: 'shipped', colour }];
  });
  return [
    ...textLayers(spaced(shipped, SHORT_GAP, plot), { align: 'left', dx: 7, fontSize: 11 }),
    ...(beside ? textLayers(spaced(ends, LABEL_GAP, plot), { align: 'left', dx: 10 }) : []),
  ];
}
