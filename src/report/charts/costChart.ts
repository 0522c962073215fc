import { Fault } from '../../faults/fault.ts';
import type { CostAnswer, CostRow } from '../../plan/cost/costAnswer.ts';
import { formatUsd } from '../../units/money.ts';
import { formatTokens } from '../../units/tokens.ts';
import { PURCHASE_WORDS } from '../breakEvenTables.ts';
import { isPlain } from '../costTables.ts';
import { grouped } from '../group.ts';
import { inert } from '../plainText.ts';
import type { VegaLiteSpec } from './chart.ts';
import { PLOT } from './chartFrame.ts';
import { briefUsd } from './figures.ts';
import { PALETTE } from './palette.ts';
import { roomFor, rowAt, rowScale, rowsIn, type Span } from './rowFrame.ts';
import { axesAt, axisText, type Frame, type Layer, sheet } from './sheet.ts';

const MOST_ROWS = 16;
const ROW = { wide: 30, narrow: 44 } as const;
const LEAST_ROW = 0.5;

const money = { field: 'usdPerMonth', type: 'quantitative' } as const;

/** Ways that cost the same, drawn as one. */
interface Way {
  readonly name: string;
  readonly own: boolean;
  readonly row: CostRow;
}

function rank({ role }: CostRow): number {
  return role === 'list' ? 0 : role === 'cheapest-host' ? 1 : 2;
}

function nameOf({ kind, name, role, model, modelled }: CostRow, asked: unknown): string {
  const what = role === 'list' ? ' (list price)' : role === 'cheapest-host' ? ' (cheapest host)' : '';
  if (kind !== 'own') return `${model === asked ? '' : `${model} at `}${name}${what}`;
  return `own ${name}, ${role in PURCHASE_WORDS ? PURCHASE_WORDS[role as keyof typeof PURCHASE_WORDS] : role}${modelled ? ', rent modelled' : ''}`;
}

/** Own fleets one by one; prices of APIs that are the same together, under the best known of their names. */
function waysOf({ rows, query }: CostAnswer): Way[] {
  const plain = rows.filter((row) => isPlain(row, query['model']));
  const alike = grouped(plain, (row) => (row.kind === 'own' ? row.id : `${row.model} ${row.usdPerMonth.value.toFixed(0)}`));
  return [...alike.values()].flatMap((same) => {
    const [row, ...others] = [...same].sort((a, b) => rank(a) - rank(b));
    if (row === undefined) return [];
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return [{ row, own: row.kind === 'own', name: inert(`${nameOf(row, query['model'])}${more}`) }];
  });
}

/** The ways to draw: all own fleets and named prices, and of the other prices the cheapest. */
function drawnWays(ways: readonly Way[]): Way[] {
  const kept = ways.filter(({ own, row }) => own || rank(row) < 2).slice(0, MOST_ROWS);
  const rest = ways.filter((way) => !kept.includes(way)).slice(0, Math.max(0, MOST_ROWS - kept.length));
  return ways.filter((way) => kept.includes(way) || rest.includes(way));
}

function rowLayers(ways: readonly Way[], narrow: boolean): Layer[] {
  const middle = narrow ? 0.64 : LEAST_ROW;
  const values = ways.map(({ name, own, row: { usdPerMonth, instances } }, row) => ({
    series: name,
    kind: own ? 'own' : 'api',
    low: usdPerMonth.low,
    usdPerMonth: usdPerMonth.value,
    high: usdPerMonth.high,
    ...(instances === null ? {} : { instances }),
    row: row + middle,
    colour: own ? PALETTE.own : PALETTE.api,
    text: formatUsd(usdPerMonth.value),
  }));
  const colour = { field: 'colour', type: 'nominal', scale: null } as const;
  const dots = (kind: string, shape: string): Layer[] => {
    const some = values.filter((value) => value.kind === kind);
    return some.length === 0
      ? []
      : [
          {
            data: { values: some },
            mark: { type: 'point', filled: true, shape, size: 90, opacity: 1 },
            encoding: { x: money, y: rowAt, color: colour },
          },
        ];
  };
  return [
    {
      data: { values },
      mark: { type: 'rule', strokeWidth: 7, opacity: 0.3 },
      encoding: { x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' }, y: rowAt, color: colour },
    },
    ...dots('own', 'square'),
    ...dots('api', 'circle'),
    {
      data: { values: values.map(({ high, text, row }) => ({ usdPerMonth: high, text, row })) },
      mark: { type: 'text', align: 'left', dx: 9, baseline: 'middle', fontSize: 12, color: PALETTE.words },
      encoding: { x: money, y: rowAt, text: { field: 'text' } },
    },
  ];
}

function axes(rows: number, { to }: Span, narrow: boolean): Layer {
  return axesAt(
    { usdPerMonth: 0, row: 0 },
    {
      x: {
        ...money,
        scale: { domain: [0, to], nice: false },
        axis: { title: 'cost per month, USD', tickCount: narrow ? 4 : 7, labelExpr: axisText('$') },
      },
      y: rowScale(rows),
    },
  );
}

function findingOf(ways: readonly Way[]): string {
  const api = ways.find(({ own }) => !own);
  const own = ways.find((way) => way.own);
  if (api === undefined || own === undefined) {
    const [first, next] = ways;
    return `${first?.name} costs least, ${briefUsd(first?.row.usdPerMonth.value ?? 0)} a month${next ? `; next comes ${next.name} with ${briefUsd(next.row.usdPerMonth.value)}` : ''}`;
  }
  const [less, more] = api.row.usdPerMonth.value <= own.row.usdPerMonth.value ? [api, own] : [own, api];
  const times = more.row.usdPerMonth.value / less.row.usdPerMonth.value;
  const often = times >= 1.1 && Number.isFinite(times) ? `, ${Number(times.toPrecision(2))} times as much` : '';
  const name = (way: Way) => (way.own ? way.name.replace(/^own (.*), ([^,]*)$/, 'the cheapest own fleet, $1 $2,') : way.name);
  const text = `${name(less)} costs ${briefUsd(less.row.usdPerMonth.value)} a month, ${name(more)} ${briefUsd(more.row.usdPerMonth.value)}${often}`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/**
 * What the traffic of a month costs everywhere as a Vega-Lite specification: own fleets and APIs with their bands, cheapest first; APIs that
 * ask the same are one row.
 *
 * @param answer what `cost` returned
 * @param plot its width counts; the height follows from the rows
 * @throws Fault `unsupported` where nothing has a price
 * @see renderSvg
 */
export function costChart(answer: CostAnswer, plot: Frame = PLOT): VegaLiteSpec {
  const all = waysOf(answer);
  const ways = drawnWays(all);
  if (ways.length === 0) throw new Fault('unsupported', 'no chart to draw (nothing has a price)', { where: '--chart' });
  const { frame, narrow, left, names } = rowsIn(
    plot,
    ways.map(({ name, own }) => ({ text: name, colour: own ? PALETTE.own : PALETTE.words })),
    ROW,
  );
  const texts = ways.map(({ row: { usdPerMonth } }) => ({
    at: usdPerMonth.high,
    text: formatUsd(usdPerMonth.value),
    side: 'right' as const,
  }));
  const span = roomFor(texts, { from: 0, to: Math.max(1, ...ways.map(({ row }) => row.usdPerMonth.high)) }, frame.width);
  const { query, month, dataAge } = answer;
  const rest = all.length - ways.length;
  return {
    ...sheet({
      finding: findingOf(ways),
      under: [
        `${query['model']}, ${query['workload'] ?? 'own lengths'}, ${formatTokens(month.tokens)} tokens a month · known on ${dataAge.asOf}`,
        `■ own GPUs, ${query['lens'] === 'incremental' ? 'incremental' : 'fully loaded'} · ● API, standard tier · bars: from low to high${rest > 0 ? ` · ${rest} dearer prices left out` : ''}`,
      ],
      frame,
      left,
      right: 20,
      above: 4,
    }),
    ...frame,
    layer: [axes(ways.length, span, narrow), ...rowLayers(ways, narrow), ...names],
  };
}
