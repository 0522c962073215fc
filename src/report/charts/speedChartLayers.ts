import type { SpeedReplica } from '../../plan/speed/speedAnswer.ts';
import { formatCount } from '../../units/tokens.ts';
import { pointAt } from '../speedTables.ts';
import { PALETTE } from './palette.ts';
import { axesAt, type Frame, type Layer } from './sheet.ts';
import { speedLabel } from './speedChartWords.ts';

/** One quantity over concurrency. */
export interface Panel {
  readonly quantity: 'outputTokensPerSecond' | 'tpotMs';
  readonly title: string;
  /** Ends of both axes. */
  readonly from: number;
  readonly to: number;
  readonly top: number;
  /** Pixels from the plot up to its title. */
  readonly headroom: number;
  /** Size of the plot. */
  readonly frame: Frame;
}

const SHADE = 0.13;
const MOST_TICKS = 9;

const inFlight = { field: 'concurrency', type: 'quantitative' } as const;
const amount = { field: 'value', type: 'quantitative' } as const;

/** Powers of two between two ends, thinned out by doublings of their step. */
function ticks(from: number, to: number): number[] {
  const powers = Array.from({ length: 21 }, (_, exponent) => 2 ** exponent).filter((n) => n >= from && n <= to);
  const step = Math.ceil(powers.length / MOST_TICKS);
  return powers.filter((_, index) => index % step === 0);
}

const IN_FLIGHT = 'requests in flight at once (concurrency)';

/**
 * Invisible points that carry the axes.
 *
 * @param below title of the horizontal one; null for none
 */
export function axesLayer({ title, from, to, top, headroom }: Omit<Panel, 'quantity' | 'frame'>, below: string | null = IN_FLIGHT): Layer {
  return axesAt(
    { concurrency: from, value: 0 },
    {
      x: {
        ...inFlight,
        scale: { type: 'log', base: 2, domain: [from, to], nice: false },
        axis: { title: below, values: ticks(from, to), format: ',d' },
      },
      y: {
        ...amount,
        scale: { domain: [0, top], nice: false },
        axis: {
          title,
          titleAngle: 0,
          titleAlign: 'left',
          titleBaseline: 'bottom',
          titleX: 0,
          titleY: -headroom,
          titleFontWeight: 'bold',
          tickCount: 6,
          format: ',~r',
        },
      },
    },
  );
}

/** Band and line of one replica: dashed where requests wait. */
export function replicaLayers(replica: SpeedReplica, colour: string, { quantity }: Panel): Layer[] {
  const series = `${speedLabel(replica).replace('\n', ', ')}: ${quantity}`;
  const values = replica.points.map((point) => {
    const { low, value, high } = point[quantity];
    return { series, concurrency: point.concurrency, low, value, high, queued: point.queued };
  });
  const lastFree = values.findLastIndex(({ queued }) => !queued);
  const line = (part: typeof values, dash: readonly number[]) => ({
    data: { values: part },
    mark: { type: 'line', strokeWidth: 2.5, color: colour, strokeDash: dash },
    encoding: { x: inFlight, y: amount },
  });
  const waiting = values.slice(Math.max(0, lastFree));
  return [
    {
      data: { values },
      mark: { type: 'area', opacity: SHADE, color: colour },
      encoding: { x: inFlight, y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } },
    },
    ...(lastFree > 0 ? [line(values.slice(0, lastFree + 1), [1, 0])] : []),
    ...(waiting.length > 1 ? [line(waiting, [5, 4])] : []),
  ];
}

function dots(values: readonly Readonly<Record<string, number | string>>[], shape: string, size: number, colour: string): Layer[] {
  return values.length === 0
    ? []
    : [
        {
          data: { values },
          mark: { type: 'point', shape, filled: true, size, color: colour, opacity: 1, stroke: PALETTE.paper, strokeWidth: 1 },
          encoding: { x: inFlight, y: amount },
        },
      ];
}

/** What was measured of a replica within the axes. */
export function measuredLayers(replica: SpeedReplica, colour: string, { quantity, from, to }: Panel): Layer[] {
  const series = `${speedLabel(replica).replace('\n', ', ')}: ${quantity}, measured`;
  const within = replica.measured.filter(({ concurrency }) => concurrency >= from && concurrency <= to);
  const values = within.map(({ concurrency, tpotMs }) => ({ series, concurrency, value: tpotMs }));
  return quantity === 'tpotMs' ? dots(values, 'circle', 62, colour) : [];
}

/** Knee and limit of one replica among several, on its line. */
export function turningLayers(replica: SpeedReplica, colour: string, { quantity, from, to }: Panel): Layer[] {
  const on = (concurrency: number | null) => {
    const point = concurrency === null || concurrency < from || concurrency > to ? undefined : pointAt(replica, concurrency);
    return point === undefined ? [] : [{ concurrency: point.concurrency, value: point[quantity].value }];
  };
  return [...dots(on(replica.knee), 'triangle-up', 130, colour), ...dots(on(replica.concurrencyLimit), 'square', 90, colour)];
}

/** Vertical rules at the knee and the limit of the one replica that is drawn, each with its label above the plot. */
export function ruleLayers({ knee, concurrencyLimit, limitedBy }: SpeedReplica, { from, to, frame }: Panel): Layer[] {
  const full = limitedBy === 'kv-cache' ? 'KV cache full' : 'engine admits no more';
  const rules = [
    ...(knee === null ? [] : [{ concurrency: knee, text: `knee at ${formatCount(knee)}`, y: -6 }]),
    { concurrency: concurrencyLimit, text: `${full} at ${formatCount(Math.floor(concurrencyLimit))}`, y: -22 },
  ].filter(({ concurrency }) => concurrency >= from && concurrency <= to);
  return rules.flatMap(({ concurrency, text, y }) => {
    const data = { values: [{ concurrency, text }] };
    const share = Math.log(concurrency / from) / Math.log(to / from);
    const align = share > 0.75 ? 'right' : share < 0.25 ? 'left' : 'center';
    return [
      {
        data,
        mark: { type: 'rule', color: PALETTE.words, strokeDash: [2, 3], strokeWidth: 1.2 },
        encoding: { x: inFlight, y: { value: y + 3 }, y2: { value: frame.height } },
      },
      {
        data,
        mark: { type: 'text', align, baseline: 'bottom', fontSize: 12, color: PALETTE.words },
        encoding: { x: inFlight, y: { value: y + 2 }, text: { field: 'text' } },
      },
    ];
  });
}

/** The time per token that was asked for, across the plot of times. */
export function askedLayers(maxTpotMs: number | null, { quantity, from, top }: Panel): Layer[] {
  if (maxTpotMs === null || quantity !== 'tpotMs' || maxTpotMs > top) return [];
  const data = { values: [{ concurrency: from, value: maxTpotMs, text: `asked: at most ${maxTpotMs} ms` }] };
  return [
    { data, mark: { type: 'rule', color: PALETTE.neutral, strokeDash: [6, 4], strokeWidth: 1.5 }, encoding: { y: amount } },
    {
      data,
      mark: { type: 'text', align: 'left', baseline: 'bottom', dx: 6, dy: -3, fontSize: 12, color: PALETTE.neutral },
      encoding: { x: inFlight, y: amount, text: { field: 'text' } },
    },
  ];
}
