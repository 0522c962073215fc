import { Fault } from '../../faults/fault.ts';
import type { SpeedAnswer, SpeedReplica } from '../../plan/speed/speedAnswer.ts';
import { isDrawable } from '../speedTables.ts';
import { askedTpotMs } from '../speedWords.ts';
import type { VegaLiteSpec } from './chart.ts';
import { besides, type EndLabel, endLabelLayers, keyOf } from './endLabels.ts';
import { PALETTE } from './palette.ts';
import { type Frame, isNarrow, keyLayers, type Layer, plotsIn, sheet } from './sheet.ts';
import { askedLayers, axesLayer, measuredLayers, type Panel, replicaLayers, ruleLayers, turningLayers } from './speedChartLayers.ts';
import { outputOf, speedFinding, speedLabel, speedSubtitle } from './speedChartWords.ts';

const COLOURS = PALETTE.series;
/** Size of both plots and what lies between. */
const PLOTS: Frame = { width: 912, height: 330 };
const LEFT = 60;
const BETWEEN = { aside: 92, below: 124 };
const HEADROOM = 1.06;
/** Pixels from a plot up to its title: with two rows of labels between, or none. */
const RULE_LABELS = 42;
const TITLE_ALONE = 12;

/** Both quantities over the concurrencies that are drawn. */
function panelsOf(replicas: readonly SpeedReplica[], headroom: number, frame: Frame): readonly [Panel, Panel] {
  const points = replicas.flatMap((replica) => replica.points);
  const counts = points.map(({ concurrency }) => concurrency);
  const ends = { from: Math.min(...counts), to: Math.max(...counts), headroom, frame };
  const seen = replicas
    .flatMap(({ measured }) => measured)
    .filter(({ concurrency }) => concurrency >= ends.from && concurrency <= ends.to)
    .map(({ tpotMs }) => tpotMs);
  const top = (numbers: readonly number[]) => HEADROOM * Math.max(...numbers);
  return [
    {
      ...ends,
      quantity: 'outputTokensPerSecond',
      title: 'Output of the replica, tokens per second',
      top: top(points.map(({ outputTokensPerSecond }) => outputTokensPerSecond.high)),
    },
    {
      ...ends,
      quantity: 'tpotMs',
      title: 'Wait for each next token (TPOT), milliseconds',
      top: top([...points.map(({ tpotMs }) => tpotMs.high), ...seen]),
    },
  ];
}

/** Names of several replicas beside the right plot, at the height of the ends of their lines as far as there is room. */
function endsOf(replicas: readonly SpeedReplica[], colours: readonly string[]): EndLabel[] {
  if (replicas.length < 2) return [];
  return replicas.map((replica, index) => ({
    text: speedLabel(replica),
    value: replica.points.at(-1)?.tpotMs.value ?? 0,
    colour: colours[index] ?? COLOURS[0],
  }));
}

/**
 * Speed over concurrency as a Vega-Lite specification: on the left what a replica puts out, on the right how long a user waits for each
 * token, with the bands that hold 80 % of real cases, what was measured, the knee, and where no more requests are admitted. Of many
 * replicas the four that put out most.
 *
 * @param answer what `speed` returned
 * @param frame size of both plots; on a narrow one they stand one above the other
 * @throws Fault `unsupported` where no replica has two points and so nothing can be drawn
 * @see renderSvg
 */
export function speedChart(answer: SpeedAnswer, frame: Frame = PLOTS): VegaLiteSpec {
  const drawable = answer.replicas.filter(isDrawable);
  const replicas =
    drawable.length > COLOURS.length ? [...drawable].sort((a, b) => outputOf(b) - outputOf(a)).slice(0, COLOURS.length) : drawable;
  const [only, ...others] = replicas;
  if (only === undefined) throw new Fault('unsupported', 'no chart to draw (no replica has two points)', { where: '--chart' });
  const headroom = others.length === 0 ? RULE_LABELS : TITLE_ALONE;
  const plots = plotsIn(frame, 2, BETWEEN);
  const panels = panelsOf(replicas, headroom, plots.frame);
  const labels = endsOf(replicas, COLOURS);
  const drawn = (layers: (replica: SpeedReplica, colour: string) => readonly Layer[]) =>
    replicas.flatMap((replica, index) => layers(replica, COLOURS[index] ?? COLOURS[0]));
  const key = keyOf(labels, frame, LEFT);
  const first = 16 + headroom;
  const layersOf = (panel: Panel): Layer[] => [
    axesLayer(panel),
    ...askedLayers(askedTpotMs(answer), panel),
    ...(others.length === 0 ? ruleLayers(only, panel) : []),
    ...drawn((replica, colour) => replicaLayers(replica, colour, panel)),
    ...drawn((replica, colour) => measuredLayers(replica, colour, panel)),
    ...(others.length === 0 ? [] : drawn((replica, colour) => turningLayers(replica, colour, panel))),
    ...(panel.quantity === 'tpotMs' && !isNarrow(frame)
      ? endLabelLayers(labels, { x: 'concurrency', y: 'value', at: panel.to, top: panel.top }, plots.frame)
      : []),
    ...(panel.quantity === 'tpotMs' ? [] : keyLayers(key, LEFT, first)),
  ];
  return {
    ...sheet({
      finding: speedFinding(replicas),
      under: speedSubtitle(answer, replicas, drawable.length),
      key,
      frame,
      left: LEFT,
      right: besides(labels, frame),
      above: first,
      plots,
    }),
    ...plots.concat(panels.map((panel) => ({ ...plots.frame, layer: layersOf(panel) }))),
  };
}
