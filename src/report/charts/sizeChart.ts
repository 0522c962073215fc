import { Fault } from '../../faults/fault.ts';
import type { SizeAnswer, SizePoint } from '../../plan/size/sizeAnswer.ts';
import { formatDuration } from '../../units/duration.ts';
import { fleetLineName } from '../breakEvenTables.ts';
import type { VegaLiteSpec } from './chart.ts';
import { apart } from './chartFrame.ts';
import { PALETTE } from './palette.ts';
import { axesAt, type Frame, haloed, isNarrow, type Layer, plotsIn, powersIn, sheet } from './sheet.ts';

type Metric = 'ttft' | 'tpot';

/** Size of both plots and what lies between. */
const PLOTS: Frame = { width: 910, height: 320 };
const LEFT = 60;
const BETWEEN = { aside: 110, below: 96 };
const HEADROOM = 12;
const LABEL_GAP = 17;
const RANKS = [
  { key: 'p99', colour: PALETTE.percentile.p99 },
  { key: 'p95', colour: PALETTE.percentile.p95 },
  { key: 'p50', colour: PALETTE.percentile.p50 },
] as const;
const NAMES = { ttft: 'Wait for the first token (TTFT), seconds', tpot: 'Time per token (TPOT), milliseconds' } as const;

/** What lies along the lower axis. */
interface Along {
  readonly field: 'requestsPerSecond' | 'hour';
  readonly title: string;
  readonly domain: readonly [number, number];
  readonly values?: readonly number[];
}

interface Panel {
  readonly metric: Metric;
  readonly along: Along;
  readonly top: number;
  readonly bottom: number;
  readonly frame: Frame;
}

/** In the unit of its panel. */
function inUnit(metric: Metric, ms: number): number {
  return metric === 'ttft' ? ms / 1000 : ms;
}

/** Ends of the upright axis, a logarithm of the wait. */
function panelOf(answer: SizeAnswer, points: readonly SizePoint[], along: Along, metric: Metric, frame: Frame): Panel {
  const waits = points.flatMap(({ percentiles }) => RANKS.map(({ key }) => inUnit(metric, percentiles[metric][key].value)));
  const promised = answer.levels.filter((level) => level.metric === metric).map(({ limitMs }) => inUnit(metric, limitMs));
  const all = [...waits, ...promised].filter((value) => value > 0);
  return { metric, along, top: 1.25 * Math.max(...all), bottom: Math.min(...all) / 1.25, frame };
}

const x = ({ field }: Along) => ({ field, type: 'quantitative' }) as const;
const y = { field: 'wait', type: 'quantitative' } as const;

function axes({ metric, along, top, bottom }: Panel): Layer {
  const [from] = along.domain;
  return axesAt(
    { [along.field]: from, wait: bottom },
    {
      x: {
        ...x(along),
        scale: { domain: along.domain, nice: false },
        axis: { title: along.title, ...(along.values ? { values: along.values } : {}) },
      },
      y: {
        ...y,
        scale: { type: 'log', domain: [bottom, top], nice: false },
        axis: {
          title: NAMES[metric],
          titleAngle: 0,
          titleAlign: 'left',
          titleBaseline: 'bottom',
          titleX: 0,
          titleY: -HEADROOM,
          titleFontWeight: 'bold',
          values: powersIn(bottom, top, 4),
          format: ',~r',
        },
      },
    },
  );
}

function waitLayers(points: readonly SizePoint[], { metric, along, top, bottom }: Panel): Layer[] {
  const held = (wait: number) => Math.min(top, Math.max(bottom, wait));
  return RANKS.flatMap(({ key, colour }): Layer[] => {
    const values = points.map((point) => {
      const { low, value, high } = point.percentiles[metric][key];
      const at = (ms: number) => held(inUnit(metric, ms));
      return {
        series: `${key} of ${metric}, ${metric === 'ttft' ? 'seconds' : 'milliseconds'}`,
        [along.field]: point[along.field],
        low: at(low),
        wait: at(value),
        high: at(high),
      };
    });
    return [
      {
        data: { values },
        mark: { type: 'area', opacity: 0.13, color: colour },
        encoding: { x: x(along), y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } },
      },
      {
        data: { values },
        mark: { type: 'line', strokeWidth: 2.2, color: colour, point: { size: 26, color: colour } },
        encoding: { x: x(along), y },
      },
    ];
  });
}

function labelLayer(points: readonly SizePoint[], { metric, along, top, bottom, frame }: Panel): Layer {
  const last = points.at(-1);
  const pixel = (wait: number) => (frame.height * Math.log(wait / bottom)) / Math.log(top / bottom);
  const wanted = RANKS.map(({ key }) => pixel(inUnit(metric, last?.percentiles[metric][key].value ?? 0)));
  const values = apart(wanted, LABEL_GAP, frame.height).map((height, index) => ({
    [along.field]: along.domain[1],
    wait: bottom * (top / bottom) ** (height / frame.height),
    text: RANKS[index]?.key ?? '',
    colour: RANKS[index]?.colour ?? PALETTE.words,
  }));
  return {
    data: { values },
    mark: { type: 'text', align: 'left', baseline: 'middle', dx: 8, fontSize: 12, fontWeight: 'bold' },
    encoding: { x: x(along), y, text: { field: 'text' }, color: { field: 'colour', type: 'nominal', scale: null } },
  };
}

/** Words on white, so that lines behind them leave them readable. */
function words(values: readonly unknown[], along: Along, mark: Layer): Layer[] {
  return haloed(values, mark, { x: x(along), y, text: { field: 'text' } });
}

/** What is promised, as a broken line with its words. */
function promiseLayers({ levels }: SizeAnswer, { metric, along }: Panel): Layer[] {
  const values = levels
    .filter((level) => level.metric === metric)
    .map(({ percentile, limitMs }) => ({
      [along.field]: along.domain[0],
      wait: inUnit(metric, limitMs),
      text: `promised: p${percentile} under ${formatDuration(limitMs)}`,
    }));
  if (values.length === 0) return [];
  return [
    { data: { values }, mark: { type: 'rule', strokeDash: [5, 4], strokeWidth: 1.5, color: PALETTE.neutral }, encoding: { y } },
    ...words(values, along, { align: 'left', baseline: 'bottom', dx: 6, dy: -4, color: PALETTE.neutral }),
  ];
}

/** The asked load, where the axis is load. */
function askedLayers({ load }: SizeAnswer, { along, top }: Panel): Layer[] {
  if (along.field !== 'requestsPerSecond') return [];
  const values = [{ requestsPerSecond: load.requestsPerSecond, wait: top, text: 'asked' }];
  return [
    { data: { values }, mark: { type: 'rule', strokeDash: [2, 3], strokeWidth: 1.5, color: PALETTE.words }, encoding: { x: x(along) } },
    ...words(values, along, { align: 'left', baseline: 'top', dx: 5, dy: 3, color: PALETTE.words }),
  ];
}

function chartOf(answer: SizeAnswer, points: readonly SizePoint[], along: Along, finding: string, frame: Frame): VegaLiteSpec {
  const [fleet] = answer.fleets;
  const { query, dataAge } = answer;
  const under = [
    `${fleet?.replicas.value} × ${fleet ? fleetLineName(fleet.fleet) : ''}, ${query['model']}, ${query['engine']}, ${query['workload'] ?? 'own lengths'} · as known on ${dataAge.asOf}`,
    'simulated; shade: 95 % interval of each percentile over the replications, not the error of the step times',
    ...(along.field === 'hour' ? answer.assumptions.flatMap(({ code, text }) => (code === 'day-profile' ? [text] : [])) : []),
  ];
  const plots = plotsIn(frame, 2, BETWEEN);
  const panels = (['ttft', 'tpot'] as const).map((metric) => panelOf(answer, points, along, metric, plots.frame));
  return {
    ...sheet({ finding, under, frame, left: LEFT, right: isNarrow(frame) ? 32 : 60, above: 16 + HEADROOM, plots }),
    ...plots.concat(
      panels.map((panel) => ({
        ...plots.frame,
        layer: [
          axes(panel),
          ...waitLayers(points, panel),
          ...promiseLayers(answer, panel),
          ...askedLayers(answer, panel),
          labelLayer(points, panel),
        ],
      })),
    ),
  };
}

function drawable(points: readonly SizePoint[] | null, where: string): readonly SizePoint[] {
  if (points && points.length > 1) return points;
  throw new Fault('unsupported', 'no chart to draw (no fleet could be simulated)', { where });
}

const seconds = (ms: number) => formatDuration(ms);

/**
 * Waits over the load of the cheapest fleet as a Vega-Lite specification: percentiles of TTFT and TPOT with their intervals, what is
 * promised, and the asked load.
 *
 * @param answer what `size` returned for its curve `load`
 * @param frame size of both plots; on a narrow one they stand one above the other
 * @throws Fault `unsupported` where nothing could be simulated
 * @see renderSvg
 */
export function loadChart(answer: SizeAnswer, frame: Frame = PLOTS): VegaLiteSpec {
  const points = drawable(answer.loadCurve, '--chart');
  const asked = points.find(({ requestsPerSecond }) => requestsPerSecond === answer.load.requestsPerSecond);
  const most = points.at(-1);
  const finding =
    asked && most
      ? `At the asked ${Number(asked.requestsPerSecond.toPrecision(3))} requests/s 95 % wait less than ${seconds(asked.percentiles.ttft.p95.value)} for the first token; at ${Number(most.requestsPerSecond.toPrecision(3))}/s it is ${seconds(most.percentiles.ttft.p95.value)}`
      : answer.answer;
  const domain = [0, 1.04 * (most?.requestsPerSecond ?? 1)] as const;
  return chartOf(answer, points, { field: 'requestsPerSecond', title: 'requests per second of the fleet', domain }, finding, frame);
}

/**
 * Waits over the hours of a day of the cheapest fleet as a Vega-Lite specification.
 *
 * @param answer what `size` returned for its curve `day`
 * @param frame size of both plots; on a narrow one they stand one above the other
 * @throws Fault `unsupported` where nothing could be simulated
 * @see renderSvg
 */
export function dayChart(answer: SizeAnswer, frame: Frame = PLOTS): VegaLiteSpec {
  const points = drawable(answer.day, '--chart-day');
  const by = [...points].sort((a, b) => a.requestsPerSecond - b.requestsPerSecond);
  const [calm, busy] = [by[0], by.at(-1)];
  const of = (point: SizePoint | undefined) =>
    `${Number(point?.requestsPerSecond.toPrecision(2))} requests/s, 95 % within ${seconds(point?.percentiles.ttft.p95.value ?? 0)}`;
  const finding = `The busiest hour is ${busy?.hour}:00 UTC (${of(busy)}), the calmest ${calm?.hour}:00 (${of(calm)})`;
  return chartOf(
    answer,
    points,
    { field: 'hour', title: 'hour of the day, UTC', domain: [0, 23.5], values: [0, 3, 6, 9, 12, 15, 18, 21] },
    finding,
    frame,
  );
}
