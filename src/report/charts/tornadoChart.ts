import { Fault } from '../../faults/fault.ts';
import type { BreakEvenAnswer } from '../../plan/breakEven/breakEvenAnswer.ts';
import { assumptionText } from '../../plan/outlook/assumptionText.ts';
import type { Sensitivity, SensitivityRow } from '../../plan/outlook/sensitivityAnswer.ts';
import { formatShare } from '../format.ts';
import { inert } from '../plainText.ts';
import type { VegaLiteSpec } from './chart.ts';
import { PLOT } from './chartFrame.ts';
import { askedOf, sideOf, subjectOf } from './chartWords.ts';
import { briefUsd } from './figures.ts';
import { PALETTE } from './palette.ts';
import { roomFor, rowAt, rowScale, rowsIn, type Span } from './rowFrame.ts';
import { axesAt, axisText, type Frame, haloed, type Layer, sheet } from './sheet.ts';

/** More inputs than that move next to nothing. */
const MOST_ROWS = 10;
const ROW = { wide: 36, narrow: 50 } as const;
/** Pixels from the plot up to the words on its lines. */
const ABOVE = 40;

const money = { field: 'savedUsd', type: 'quantitative' } as const;

/** An end of a bar: an input at one end of its doubt, and what is saved there. */
interface End {
  readonly savedUsd: number;
  readonly text: string;
}

/** An input with both ends of its bar. */
interface Swing {
  readonly label: string;
  readonly left: End;
  readonly right: End;
}

function swingOf({ label, unit, low, high, savedAtLow, savedAtHigh }: SensitivityRow): Swing[] {
  if (low === null || high === null || savedAtLow === null || savedAtHigh === null || savedAtLow === savedAtHigh) return [];
  const ends = [
    { savedUsd: savedAtLow, text: inert(assumptionText(Number(low.toPrecision(3)), unit)) },
    { savedUsd: savedAtHigh, text: inert(assumptionText(Number(high.toPrecision(3)), unit)) },
  ];
  const [left, right] = ends.sort((a, b) => a.savedUsd - b.savedUsd);
  return left && right ? [{ label: inert(label), left, right }] : [];
}

function swingsOf({ rows }: Sensitivity): Swing[] {
  const range = ({ left, right }: Swing) => right.savedUsd - left.savedUsd;
  return rows
    .flatMap(swingOf)
    .sort((a, b) => range(b) - range(a))
    .slice(0, MOST_ROWS);
}

function spanOf(swings: readonly Swing[], now: number, width: number): Span {
  const ends = swings.flatMap(({ left, right }) => [left.savedUsd, right.savedUsd]);
  const texts = swings.flatMap(({ left, right }) => [
    { at: left.savedUsd, text: left.text, side: 'left' as const },
    { at: right.savedUsd, text: right.text, side: 'right' as const },
  ]);
  return roomFor(texts, { from: Math.min(0, now, ...ends), to: Math.max(0, now, ...ends) }, width);
}

function axes(rows: number, { from, to }: Span, plan: boolean, narrow: boolean): Layer {
  const title = plan ? 'saved by own GPUs over the plan, USD of today' : 'saved by own GPUs, USD per month';
  return axesAt(
    { savedUsd: 0, row: 0 },
    {
      x: { ...money, scale: { domain: [from, to], nice: false }, axis: { title, tickCount: narrow ? 4 : 7, labelExpr: axisText('$') } },
      y: rowScale(rows),
    },
  );
}

/** The bars, each side of zero in the colour of who is cheaper there, with the upright lines below their words. */
function barLayers(swings: readonly Swing[], narrow: boolean, rules: readonly Layer[]): Layer[] {
  const [top, bottom] = narrow ? [0.4, 0.9] : [0.18, 0.82];
  const values = swings.flatMap(({ label, left, right }, row) =>
    (
      [
        [left.savedUsd, Math.min(0, right.savedUsd), PALETTE.api],
        [Math.max(0, left.savedUsd), right.savedUsd, PALETTE.own],
      ] as const
    ).flatMap(([from, to, colour]) => (from < to ? [{ row: row + top, bottom: row + bottom, savedUsd: from, to, colour, label }] : [])),
  );
  const ends = swings.flatMap(({ label, left, right }, row) =>
    [left, right].map(({ savedUsd, text }) => ({ series: label, input: text, savedUsd, row: row + (top + bottom) / 2, text })),
  );
  const words = (side: 0 | 1) => ends.filter((_, index) => index % 2 === side);
  const label = (side: 0 | 1): Layer[] =>
    haloed(
      words(side),
      { align: side === 0 ? 'right' : 'left', dx: side === 0 ? -6 : 6, baseline: 'middle', color: PALETTE.words },
      { x: money, y: rowAt, text: { field: 'text' } },
    );
  return [
    {
      data: { values },
      mark: { type: 'rect' },
      encoding: {
        x: money,
        x2: { field: 'to' },
        y: rowAt,
        y2: { field: 'bottom' },
        color: { field: 'colour', type: 'nominal', scale: null },
      },
    },
    ...rules,
    ...label(0),
    ...label(1),
  ];
}

/** Where both cost the same, and what is saved with all inputs at their middle. */
function ruleLayers(now: number, { from, to }: Span): Layer[] {
  const share = (usd: number) => (usd - from) / (to - from);
  const align = (usd: number) => (share(usd) > 0.7 ? 'right' : share(usd) < 0.3 ? 'left' : 'center');
  const lines = [
    { savedUsd: now, text: `all at their middle: ${briefUsd(now)}`, y: -12, mark: { color: PALETTE.neutral, strokeDash: [3, 3] } },
    { savedUsd: 0, text: 'costs the same', y: -30, mark: { color: PALETTE.words } },
  ];
  return [
    ...lines.map(
      ({ savedUsd, y, mark }): Layer => ({
        data: { values: [{ savedUsd }] },
        mark: { type: 'rule', strokeWidth: 1.5, ...mark },
        encoding: { x: money, y: { value: y + 9 }, y2: { value: 'height' } },
      }),
    ),
    ...lines.flatMap(({ savedUsd, text, y }) =>
      haloed(
        [{ savedUsd, text }],
        { align: align(savedUsd), baseline: 'middle', color: PALETTE.words },
        { x: money, y: { value: y }, text: { field: 'text' } },
      ),
    ),
  ];
}

/** A probability of samples, which never make sure. */
function likely(share: number): string {
  if (share < 0.01) return 'under 1 %';
  return share > 0.99 ? 'over 99 %' : formatShare(share);
}

function findingOf(
  answer: BreakEvenAnswer,
  { offer, tariff, probability, of }: Sensitivity,
  [most]: readonly Swing[],
  now: number,
): string {
  const fleet = answer.offers.find(({ id }) => id === offer);
  const price = answer.tariffs.find(({ id }) => id === tariff);
  const when = of === 'plan' ? `over ${answer.time?.months ?? ''} months` : 'a month';
  const outcome = now < 0 ? `cost ${briefUsd(-now)} more ${when} than` : `save ${briefUsd(now)} ${when} against`;
  const moves = most ? `; ${most.label} moves that most, from ${briefUsd(most.left.savedUsd)} to ${briefUsd(most.right.savedUsd)}` : '';
  return `${fleet ? subjectOf(fleet) : inert(offer)} ${outcome} ${price ? sideOf(price) : inert(tariff)} (${likely(probability.value)} likely to cost less)${moves}`;
}

/**
 * What moves the saving of a fleet against an API as a Vega-Lite specification: a bar for each input from the 10th to the 90th percentile
 * of its doubt with the others at their middle, the largest first, in the colour of who is cheaper there; the zero line is where both cost
 * the same.
 *
 * @param answer what `breakEven` returned with its sensitivity
 * @param plot its width counts; the height follows from the inputs
 * @param sensitivity the pair to draw, the first of the answer where none is given
 * @throws Fault `unsupported` where no sensitivity was asked or no input has a doubt
 * @see renderSvg
 */
export function tornadoChart(answer: BreakEvenAnswer, plot: Frame = PLOT, sensitivity = answer.sensitivity[0]): VegaLiteSpec {
  const swings = sensitivity === undefined ? [] : swingsOf(sensitivity);
  if (sensitivity === undefined || swings.length === 0) {
    const reason = sensitivity === undefined ? 'no volume says what is saved' : 'no input has a doubt';
    throw new Fault('unsupported', `no chart to draw (${reason})`, { where: '--chart', allowed: 'a volume, and inputs with a doubt' });
  }
  const { frame, narrow, left, names } = rowsIn(
    plot,
    swings.map(({ label }) => ({ text: label })),
    ROW,
  );
  const plan = sensitivity.of === 'plan' && sensitivity.savedPresentUsd !== null;
  const { now, p10, p90 } = (plan ? sensitivity.savedPresentUsd : null) ?? sensitivity.savedUsdPerMonth;
  const span = spanOf(swings, now, frame.width);
  return {
    ...sheet({
      finding: findingOf(answer, sensitivity, swings, now),
      under: [
        `${askedOf(answer)} · bars: one input from its 10th to its 90th percentile, the others at their middle · known on ${answer.dataAge.asOf}`,
        `blue: own GPUs cost less; orange: the API costs less · all doubts together: ${briefUsd(p10)} to ${briefUsd(p90)} (10th to 90th percentile)`,
      ],
      frame,
      left,
      right: 20,
      above: ABOVE,
    }),
    ...frame,
    layer: [axes(swings.length, span, plan, narrow), ...barLayers(swings, narrow, ruleLayers(now, span)), ...names],
  };
}
