import { Fault } from '../../faults/fault.ts';
import type { BreakEvenAnswer } from '../../plan/breakEven/breakEvenAnswer.ts';
import type { CashFlow } from '../../plan/outlook/cashFlowAnswer.ts';
import { namesOf } from '../breakEvenTables.ts';
import { inert } from '../plainText.ts';
import type { VegaLiteSpec } from './chart.ts';
import { PLOT } from './chartFrame.ts';
import { askedOf, sideOf, subjectOf } from './chartWords.ts';
import { besides, type EndLabel, keyOf, lineNames, TARIFF_DASHES } from './endLabels.ts';
import { briefUsd } from './figures.ts';
import { PALETTE } from './palette.ts';
import { axesAt, axisText, type Frame, haloed, isNarrow, type Layer, sheet, topTitle } from './sheet.ts';

const LEFT = 66;
const HEADROOM = 0.08;

const month = { field: 'month', type: 'quantitative' } as const;
const saved = { field: 'cumulativeUsd', type: 'quantitative' } as const;

/** A flow with the looks of the price that it is held against. */
interface DrawnFlow {
  readonly flow: CashFlow;
  readonly name: string;
  readonly side: string;
  readonly colour: string;
  readonly dash: readonly number[];
}

/** Ends of both axes. */
interface Extent {
  readonly months: number;
  readonly bottom: number;
  readonly top: number;
}

function flowsOf(answer: BreakEvenAnswer): DrawnFlow[] {
  const nameOf = namesOf(answer);
  const [first] = answer.cashFlows;
  return answer.cashFlows.flatMap((flow) => {
    const tariff = answer.tariffs.find(({ id }) => id === flow.tariff);
    if (flow.offer !== first?.offer || tariff === undefined) return [];
    const look = { colour: PALETTE.tariff[tariff.role], dash: TARIFF_DASHES[tariff.role] };
    return [{ flow, name: inert(nameOf(flow.tariff)), side: sideOf(tariff), ...look }];
  });
}

function extentOf(flows: readonly DrawnFlow[]): Extent {
  const sums = flows.flatMap(({ flow }) => flow.rows.map(({ cumulativeUsd }) => cumulativeUsd));
  const [low, high] = [Math.min(0, ...sums), Math.max(0, ...sums)];
  const room = HEADROOM * (high - low || 1);
  return { months: Math.max(...flows.map(({ flow }) => flow.rows.length - 1)), bottom: low - room, top: high + room };
}

function axes({ months, bottom, top }: Extent, plot: Frame): Layer {
  const every = [1, 3, 6, 12, 24, 60].find((stride) => months / stride <= (isNarrow(plot) ? 7 : 13)) ?? 120;
  return axesAt(
    { month: 0, cumulativeUsd: bottom },
    {
      x: {
        ...month,
        scale: { domain: [0, months], nice: false },
        axis: {
          title: 'months from today',
          values: Array.from({ length: Math.floor(months / every) + 1 }, (_, place) => place * every),
          format: 'd',
        },
      },
      y: {
        ...saved,
        scale: { domain: [bottom, top], nice: false },
        axis: { ...topTitle('saved so far by own GPUs, USD; below 0 the API is ahead', LEFT), tickCount: 6, labelExpr: axisText('$') },
      },
    },
  );
}

/** Where both have cost the same so far. */
function zeroLayer(): Layer {
  const data = { values: [{ cumulativeUsd: 0 }] };
  return { data, mark: { type: 'rule', color: PALETTE.words, strokeWidth: 1.2 }, encoding: { y: saved } };
}

function flowLayer({ flow, name, colour, dash }: DrawnFlow): Layer {
  const values = flow.rows.map((row, place) => ({
    series: `own GPUs against ${name}`,
    month: place,
    calendarMonth: row.month ?? 'today',
    tokens: row.tokens,
    instances: row.instances,
    apiUsd: row.apiUsd,
    hostUsd: row.hostUsd,
    savedUsd: row.savedUsd,
    cumulativeUsd: row.cumulativeUsd,
  }));
  return { data: { values }, mark: { type: 'line', strokeWidth: 2.5, color: colour, strokeDash: dash }, encoding: { x: month, y: saved } };
}

/** The months from which own GPUs stay ahead. */
function paybackLayers(flows: readonly DrawnFlow[], { months }: Extent): Layer[] {
  const values = flows.flatMap(({ flow: { payback }, colour }) =>
    payback.finalMonth === null || payback.finalMonth === 0
      ? []
      : [{ month: payback.finalMonth, cumulativeUsd: 0, colour, text: `paid back after ${payback.finalMonth.toFixed(1)} months` }],
  );
  if (values.length === 0) return [];
  const own = { field: 'colour', type: 'nominal', scale: null } as const;
  const encoding = { x: month, y: saved, text: { field: 'text' }, color: own };
  return [
    { data: { values }, mark: { type: 'point', filled: true, size: 80, opacity: 1 }, encoding: { x: month, y: saved, color: own } },
    ...values.flatMap((value, place) =>
      haloed(
        [value],
        {
          align: value.month > 0.6 * months ? 'right' : 'left',
          dx: value.month > 0.6 * months ? -8 : 8,
          dy: -14 - 17 * place,
          fontWeight: 'bold',
        },
        encoding,
      ),
    ),
  ];
}

function outcomeOf({ flow: { payback, rows, endUsd }, side }: DrawnFlow): string {
  const left = (rows.at(-1)?.cumulativeUsd ?? 0) + endUsd;
  const sum = left < 0 ? `cost ${briefUsd(-left)} more than` : `save ${briefUsd(left)} against`;
  const when =
    payback.finalMonth === null
      ? ', not paid back'
      : payback.finalMonth === 0
        ? ', ahead from the start'
        : `, paid back after ${payback.finalMonth.toFixed(1)} months`;
  return `${sum} ${side}${left < 0 && payback.finalMonth === null ? '' : when}`;
}

function bandsOf({ sensitivity }: BreakEvenAnswer, flows: readonly DrawnFlow[]): string[] {
  return flows.flatMap(({ flow, side }) => {
    const of = sensitivity.find(({ tariff, offer }) => tariff === flow.tariff && offer === flow.offer);
    if (!of?.savedPresentUsd) return [];
    const { p10, p90 } = of.savedPresentUsd;
    return [`against ${side} ${briefUsd(p10)} to ${briefUsd(p90)}`];
  });
}

/**
 * How far hosting is ahead of each API month by month as a Vega-Lite specification: the best fleet, at middle values, and the month from
 * which it stays ahead. The doubt of the whole plan is told in words, for no month has a band of its own.
 *
 * @param answer what `breakEven` returned for months to come
 * @param plot size of the plot
 * @throws Fault `unsupported` where no months are asked
 * @see renderSvg
 */
export function cashFlowChart(answer: BreakEvenAnswer, plot: Frame = PLOT): VegaLiteSpec {
  const flows = flowsOf(answer);
  if (flows.length === 0)
    throw new Fault('unsupported', 'no chart to draw (no months are planned)', { where: '--chart', allowed: '--months' });
  const extent = extentOf(flows);
  const fleet = answer.offers.find(({ id }) => id === flows[0]?.flow.offer);
  const labels = flows.map(
    ({ flow, name, colour, dash }): EndLabel => ({
      text: `against ${name}`.replace(' (', '\n('),
      value: flow.rows.at(-1)?.cumulativeUsd ?? 0,
      colour,
      dash,
    }),
  );
  const key = keyOf(labels, plot, LEFT);
  const bands = bandsOf(answer, flows);
  const ends = flows.some(({ flow }) => flow.endUsd !== 0);
  return {
    ...sheet({
      finding: `Over ${extent.months} months ${fleet ? subjectOf(fleet) : 'own GPUs'} ${flows.map(outcomeOf).join('; ')}`,
      under: [
        `${askedOf(answer)} · money as it changes hands, at middle values${ends ? '; the title counts what machines are worth at the end too' : ''}`,
        ...(bands.length === 0 ? [] : [`over all doubts, in money of today: ${bands.join('; ')} (10th to 90th percentile)`]),
      ],
      key,
      frame: plot,
      left: LEFT,
      right: besides(labels, plot),
    }),
    ...plot,
    layer: [
      axes(extent, plot),
      zeroLayer(),
      ...flows.map(flowLayer),
      ...paybackLayers(flows, extent),
      ...lineNames(labels, { x: 'month', y: 'cumulativeUsd', at: extent.months, bottom: extent.bottom, top: extent.top }, plot, LEFT),
    ],
  };
}
