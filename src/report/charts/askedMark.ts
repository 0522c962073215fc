import type { BreakEvenAnswer } from '../../plan/breakEven/breakEvenAnswer.ts';
import { formatTokens } from '../../units/tokens.ts';
import { askedTokens } from './askedTokens.ts';
import type { Extent } from './chartFrame.ts';
import { type Box, type Dot, placeUpright } from './chartLabels.ts';
import { PALETTE } from './palette.ts';
import { type Frame, haloed, type Layer } from './sheet.ts';

/** A mark of the asked volume: how it is drawn, and what no label may cover. */
export interface AskedMark {
  readonly layers: readonly Layer[];
  readonly boxes: readonly Box[];
}

/**
 * An upright line at the asked volume with its name at the top; nothing where none is asked.
 *
 * @param field of the table of the chart that holds volumes
 * @param at turns a volume into units of the extent
 * @param dots of the chart, which the name leaves free
 */
export function askedMark(
  answer: BreakEvenAnswer,
  field: string,
  at: (tokens: number) => number,
  dots: readonly Dot[],
  extent: Extent,
  plot: Frame,
): AskedMark {
  const tokens = askedTokens(answer);
  if (tokens === null) return { layers: [], boxes: [] };
  const text = `asked: ${formatTokens(tokens)}`;
  const { line, label } = placeUpright(text, at(tokens), dots, extent, plot);
  const colour = { color: PALETTE.words };
  return {
    boxes: [line, label],
    layers: [
      {
        data: { values: [{ series: 'asked', [field]: tokens }] },
        mark: { type: 'rule', strokeDash: [2, 3], strokeWidth: 1, ...colour },
        encoding: { x: { value: line.x }, y: { value: 0 }, y2: { value: plot.height } },
      },
      ...haloed([{ text }], { baseline: 'middle', ...colour }, { x: { value: label.x }, y: { value: label.y }, text: { field: 'text' } }),
    ],
  };
}
