import { Fault } from '../../faults/fault.ts';
import type { SpeedAnswer, SpeedReplica } from '../../plan/speed/speedAnswer.ts';
import { widthOf } from '../plainText.ts';
import { isDrawable } from '../speedTables.ts';
import { askedTpotMs } from '../speedWords.ts';
import type { VegaLiteSpec } from './chart.ts';
import { apart } from './chartFrame.ts';
import {
  askedLayers,
  axesLayer,
  type Layer,
  measuredLayers,
  PANEL,
  type Panel,
  replicaLayers,
  ruleLayers,
  turningLayers,
} from './speedChartLayers.ts';
import { outputOf, speedFinding, speedLabel, speedSubtitle } from './speedChartWords.ts';

const COLOURS = ['#0072b2', '#007a5a', '#9a4f86', '#b35900'] as const;
const BETWEEN = 92;
const LABEL_GAP = 33;
const HEADROOM = 1.06;
/** Pixels from a plot up to its title: with two rows of labels between, or none. */
const RULE_LABELS = 42;
const TITLE_ALONE = 12;

/** Both quantities over the concurrencies that are drawn. */
function panelsOf(replicas: readonly SpeedReplica[], headroom: number): readonly [Panel, Panel] {
  const points = replicas.flatMap((replica) => replica.points);
  const counts = points.map(({ concurrency }) => concurrency);
  const ends = { from: Math.min(...counts), to: Math.max(...counts), headroom };
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

interface EndLabel {
  readonly text: string;
  readonly value: number;
  readonly colour: string;
}

/** Names of several replicas beside the right plot, at the height of the ends of their lines as far as there is room. */
function endLabels(replicas: readonly SpeedReplica[], colours: readonly string[]): EndLabel[] {
  if (replicas.length < 2) return [];
  return replicas.map((replica, index) => ({
    text: speedLabel(replica),
    value: replica.points.at(-1)?.tpotMs.value ?? 0,
    colour: colours[index] ?? COLOURS[0],
  }));
}

function endLabelLayers(labels: readonly EndLabel[], { top, to }: Panel): Layer[] {
  if (labels.length === 0) return [];
  const heights = apart(
    labels.map(({ value }) => value),
    (LABEL_GAP / PANEL.height) * top,
    top,
  );
  return [
    {
      data: { values: labels.map(({ text, colour }, index) => ({ concurrency: to, value: heights[index], text, colour })) },
      mark: { type: 'text', align: 'left', baseline: 'middle', dx: 10, fontSize: 12, lineBreak: '\n', lineHeight: 15 },
      encoding: {
        x: { field: 'concurrency', type: 'quantitative' },
        y: { field: 'value', type: 'quantitative' },
        text: { field: 'text' },
        color: { field: 'colour', type: 'nominal', scale: null },
      },
    },
  ];
}

/**
 * Speed over concurrency as a Vega-Lite specification: on the left what a replica puts out, on the right how long a user waits for each
 * token, with the bands that hold 80 % of real cases, what was measured, the knee, and where no more requests are admitted. Of many
 * replicas the four that put out most.
 *
 * @param answer what `speed` returned
 * @throws Fault `unsupported` where no replica has two points and so nothing can be drawn
 * @see renderSvg
 */
export function speedChart(answer: SpeedAnswer): VegaLiteSpec {
  const drawable = answer.replicas.filter(isDrawable);
  const replicas =
    drawable.length > COLOURS.length ? [...drawable].sort((a, b) => outputOf(b) - outputOf(a)).slice(0, COLOURS.length) : drawable;
  const [only, ...others] = replicas;
  if (only === undefined) throw new Fault('unsupported', 'no chart to draw (no replica has two points)', { where: '--chart' });
  const headroom = others.length === 0 ? RULE_LABELS : TITLE_ALONE;
  const panels = panelsOf(replicas, headroom);
  const labels = endLabels(replicas, COLOURS);
  const drawn = (layers: (replica: SpeedReplica, colour: string) => readonly Layer[]) =>
    replicas.flatMap((replica, index) => layers(replica, COLOURS[index] ?? COLOURS[0]));
  const layersOf = (panel: Panel): Layer[] => [
    axesLayer(panel),
    ...askedLayers(askedTpotMs(answer), panel),
    ...(others.length === 0 ? ruleLayers(only, panel) : []),
    ...drawn((replica, colour) => replicaLayers(replica, colour, panel)),
    ...drawn((replica, colour) => measuredLayers(replica, colour, panel)),
    ...(others.length === 0 ? [] : drawn((replica, colour) => turningLayers(replica, colour, panel))),
    ...(panel.quantity === 'tpotMs' ? endLabelLayers(labels, panel) : []),
  ];
  const title = speedFinding(replicas);
  const subtitles = speedSubtitle(answer, replicas, drawable.length);
  const right = 36 + 7 * Math.max(0, ...labels.flatMap(({ text }) => text.split('\n').map(widthOf)));
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    usermeta: { kplan: 'kplan/chart@1' },
    description: answer.answer,
    title: { text: title, subtitle: subtitles, offset: 22 },
    // Without automatic size a row of plots is as high as they are but has no width: it is a part of the padding.
    padding: {
      left: 60,
      top: 76 + headroom + 20 * title.length + 17 * subtitles.length,
      right: right + 2 * PANEL.width + BETWEEN,
      bottom: 58,
    },
    spacing: BETWEEN,
    bounds: 'flush',
    hconcat: panels.map((panel) => ({ width: PANEL.width, height: PANEL.height, layer: layersOf(panel) })),
  };
}
