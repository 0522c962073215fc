import { layoutName } from '../../layout/layout.ts';
import type { KvWay, ReuseAnswer } from '../../plan/reuse/reuseAnswer.ts';
import { formatTokens } from '../../units/tokens.ts';
import { formatShare } from '../format.ts';
import { inert } from '../plainText.ts';
import { brief } from '../speedTables.ts';
import type { VegaLiteSpec } from './chart.ts';
import { PLOT } from './chartFrame.ts';
import { placeLabels } from './chartLabels.ts';
import { PALETTE } from './palette.ts';
import { axesAt, axisText, type Frame, haloed, isNarrow, type Layer, powersIn, sheet, topTitle } from './sheet.ts';

const COLOURS = [PALETTE.series[0], PALETTE.series[3], PALETTE.series[2]] as const;
const CURVE = PALETTE.neutral;
const SHADE = 0.1;
const LEFT = 60;

const tokens = { field: 'kvTokens', type: 'quantitative' } as const;
const share = { field: 'reuse', type: 'quantitative' } as const;

/** A way of a fleet that is drawn. */
interface Dot {
  /** As the curve counts them. */
  readonly kvTokens: number;
  readonly reuse: number;
  readonly text: string;
  readonly colour: string;
}

/** Ends of the axis of KV tokens. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Fleets with replicas of their own: those that differ in how they are paid for alone hold the same. */
function drawnFleets({ fleets }: ReuseAnswer): ReuseAnswer['fleets'] {
  const nameOf = ({ gpu, gpusPerReplica }: ReuseAnswer['fleets'][number]) => `${gpu} ${gpusPerReplica}`;
  const names = fleets.map(nameOf);
  return fleets.filter((fleet, index) => names.indexOf(nameOf(fleet)) === index).slice(0, COLOURS.length);
}

/** Every way of one fleet; of several each as it is and in the way that costs least. */
function dotsOf(answer: ReuseAnswer): Dot[] {
  const fleets = drawnFleets(answer);
  return fleets.flatMap(({ id, gpusPerReplica, gpuName }, index) => {
    const name = fleets.length > 1 ? `${gpusPerReplica}× ${inert(gpuName)} ` : '';
    const ways = answer.ways.filter(({ fleet }) => fleet === id);
    return (fleets.length > 1 ? ways.slice(0, 2) : ways).map((way) => ({
      kvTokens: way.curveTokens,
      reuse: way.reuse.value,
      text: `${name}${wayName(way)}`,
      colour: COLOURS[index] ?? COLOURS[0],
    }));
  });
}

function wayName({ layout, kvCacheDtype }: KvWay): string {
  return `${layoutName(layout)}, ${kvCacheDtype}`;
}

function spanOf({ curve }: ReuseAnswer, dots: readonly Dot[]): Span {
  const all = [...curve, ...dots].map(({ kvTokens }) => kvTokens);
  return { from: Math.min(...all) / 1.3, to: Math.max(...all) * 1.3 };
}

function axes({ curveRequestsPerSecond: behind }: ReuseAnswer, { from, to }: Span, narrow: boolean): Layer {
  return axesAt(
    { kvTokens: from, reuse: 0 },
    {
      x: {
        ...tokens,
        scale: { type: 'log', domain: [from, to], nice: false },
        axis: {
          title: behind === null ? 'KV tokens that one replica holds' : `KV tokens of one replica at ${brief(behind)} requests/s`,
          values: powersIn(from, to, narrow ? 3 : 5),
          labelExpr: axisText(),
        },
      },
      y: {
        ...share,
        scale: { domain: [0, 1], nice: false },
        axis: {
          ...topTitle('share of the input that is found', LEFT),
          tickCount: 6,
          format: '.0%',
        },
      },
    },
  );
}

/** The curve over the whole axis, held at its ends, with the range stated for the workload. */
function curveLayers({ curve }: ReuseAnswer, { from, to }: Span): Layer[] {
  const inner = curve.map(({ kvTokens, reuse: { low, value, high } }) => ({
    series: 'curve of the workload',
    kvTokens,
    low,
    reuse: value,
    high,
  }));
  const [first, last] = [inner[0], inner.at(-1)];
  const values = [...(first ? [{ ...first, kvTokens: from }] : []), ...inner, ...(last ? [{ ...last, kvTokens: to }] : [])];
  return [
    {
      data: { values },
      mark: { type: 'area', opacity: SHADE, color: CURVE },
      encoding: { x: tokens, y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } },
    },
    { data: { values }, mark: { type: 'line', strokeWidth: 2.5, color: CURVE }, encoding: { x: tokens, y: share } },
  ];
}

function kneeLayers({ knee }: ReuseAnswer): Layer[] {
  const values = [{ kvTokens: knee.kvTokens, reuse: 0, text: `knee, ${formatTokens(knee.kvTokens)}` }];
  return [
    { data: { values }, mark: { type: 'rule', strokeDash: [4, 4], strokeWidth: 1.5, color: PALETTE.words }, encoding: { x: tokens } },
    {
      data: { values },
      mark: { type: 'text', align: 'left', baseline: 'bottom', dx: 6, dy: -8, fontSize: 12, color: PALETTE.words },
      encoding: { x: tokens, y: share, text: { field: 'text' } },
    },
  ];
}

function dotLayers(dots: readonly Dot[], { from, to }: Span, plot: Frame): Layer[] {
  const width = Math.log(to / from);
  const placed = placeLabels(
    dots.map(({ kvTokens, reuse, text, colour }) => ({ tokens: Math.log(kvTokens / from), usd: reuse, text, colour })),
    [],
    { lastTokens: width, lastUsd: 1 },
    plot,
  );
  const back = (log: number) => from * Math.exp(log);
  const labels = placed.map(({ tokens: log, usd, text, colour }) => ({ kvTokens: back(log), reuse: usd, text, colour }));
  const leaders = placed.flatMap(({ leader, tokens: log, usd }) =>
    leader ? [{ kvTokens: back(log), reuse: usd, dotTokens: back(leader.tokens), dotReuse: leader.usd }] : [],
  );
  const own = { field: 'colour', type: 'nominal', scale: null } as const;
  const drawn = [
    {
      data: { values: leaders },
      mark: { type: 'rule', strokeWidth: 1, color: PALETTE.words },
      encoding: { x: tokens, y: share, x2: { field: 'dotTokens' }, y2: { field: 'dotReuse' } },
    },
    {
      data: { values: dots.map(({ kvTokens, reuse, colour, text }) => ({ series: text, kvTokens, reuse, colour })) },
      mark: { type: 'point', filled: true, size: 70, opacity: 1 },
      encoding: { x: tokens, y: share, color: own },
    },
  ];
  return [
    ...drawn.filter(({ data }) => data.values.length > 0),
    ...haloed(labels, { fontWeight: 'bold' }, { x: tokens, y: share, text: { field: 'text' }, color: own }),
  ];
}

/** The finding: what the first fleet finds as it is, and with the most that it can hold. */
function finding(answer: ReuseAnswer): string {
  const [fleet] = answer.fleets;
  const ways = answer.ways.filter((way) => way.fleet === fleet?.id);
  const [now] = ways;
  const { knee, workload } = answer;
  if (!fleet || !now) return `The knee of ${workload} is at ${formatTokens(knee.kvTokens)} KV tokens (${formatShare(knee.reuse)})`;
  const most = ways.reduce((best, way) => (way.kvTokens.value > best.kvTokens.value ? way : best), now);
  const behind = answer.curveRequestsPerSecond;
  const found = ({ reuse }: KvWay) => formatShare(reuse.value);
  const rate = ({ kvTokens, curveTokens }: KvWay, unit: string) =>
    behind === null ? '' : ` at ${brief((kvTokens.value * behind) / curveTokens)}${unit}`;
  const held = ({ kvTokens }: KvWay) => formatTokens(kvTokens.value);
  const more = most === now ? '' : `; as ${wayName(most)} they hold ${held(most)} and find ${found(most)}${rate(most, '')}`;
  const subject = `${fleet.gpusPerReplica}× ${inert(fleet.gpuName)} as ${wayName(now)}`;
  return `${subject} hold ${held(now)} KV tokens and find ${found(now)} of the input${rate(now, ' requests/s')}${more}`;
}

/**
 * Prefix reuse over KV tokens as a Vega-Lite specification: the curve of the workload with the range stated for it, the knee, and each way
 * to hold the KV cache on the asked GPUs.
 *
 * @param answer what `reuse` returned
 * @param plot size of the plot
 * @see renderSvg
 */
export function reuseChart(answer: ReuseAnswer, plot: Frame = PLOT): VegaLiteSpec {
  const dots = dotsOf(answer);
  const span = spanOf(answer, dots);
  const { query, dataAge, workload, curveRequestsPerSecond: behind } = answer;
  const under = [
    `${query['model']}, ${query['engine']}, ${workload} · as known on ${dataAge.asOf}`,
    'line: curve of the workload, no higher than its ideal share · shade: what is stated for it, from low to high',
    ...(behind === null
      ? []
      : [`dots: KV tokens × ${brief(behind)} / the requests per second that a replica is planned for, at which it finds so much`]),
    ...(drawnFleets(answer).length > 1 ? ['each fleet as it is and, of the other ways, in the one that costs least'] : []),
  ];
  return {
    ...sheet({ finding: finding(answer), under, frame: plot, left: LEFT, right: isNarrow(plot) ? 16 : 40 }),
    ...plot,
    layer: [axes(answer, span, isNarrow(plot)), ...curveLayers(answer, span), ...kneeLayers(answer), ...dotLayers(dots, span, plot)],
  };
}
