import { describe, expect, it } from 'vitest';
import type { BreakEvenAnswer } from '../../../src/plan/breakEven/breakEvenAnswer.ts';
import { askedTokens } from '../../../src/report/charts/askedTokens.ts';
import { breakEvenChart } from '../../../src/report/charts/breakEvenChart.ts';
import { chartTable } from '../../../src/report/charts/chartData.ts';
import { frameOf, PLOT } from '../../../src/report/charts/chartFrame.ts';
import { placeLabels, placeUpright } from '../../../src/report/charts/chartLabels.ts';
import type { MeasuredFleet } from '../../../src/report/charts/staircase.ts';
import { unitCostChart } from '../../../src/report/charts/unitCostChart.ts';
import { breakEvenAnswer, h200 } from '../../support/breakEvenAnswer.ts';

const PHONE = { width: 260, height: 300 };

function asking(tokensPerMonth: number, key = 'tokensPerMonth'): BreakEvenAnswer {
  const [row] = breakEvenAnswer.monthly;
  if (row === undefined) throw new Error('no month');
  return { ...breakEvenAnswer, query: { ...breakEvenAnswer.query, [key]: 1 }, monthly: [{ ...row, tokensPerMonth }] };
}

describe('the asked volume', () => {
  it('is that of the month, however it was asked, and none where the months are examples', () => {
    expect(askedTokens(breakEvenAnswer)).toBeNull();
    for (const key of ['tokensPerMonth', 'requestsPerMonth', 'users']) expect(askedTokens(asking(60e9, key))).toBe(60e9);
  });

  it('lies inside both charts, with its name, wide and narrow', () => {
    for (const tokens of [1e9, 60e9, 400e9])
      for (const plot of [PLOT, PHONE])
        for (const chart of [breakEvenChart, unitCostChart]) {
          const spec = chart(asking(tokens), plot);
          const layers = spec['layer'] as { mark: { type: string }; encoding: { x: { value?: number }; y2?: { value?: number } } }[];
          const line = layers.find(({ mark, encoding: { y2 } }) => mark.type === 'rule' && y2?.value === plot.height);
          expect(line?.encoding.x.value).toBeGreaterThan(0);
          expect(line?.encoding.x.value).toBeLessThan(plot.width);
          expect(JSON.stringify(spec)).toContain(`"asked: ${tokens / 1e9}B"`);
          expect(chartTable(spec).rows.some(({ cells }) => cells[0] === 'asked' && cells.includes(tokens))).toBe(true);
        }
  });

  it('moves the right end of the axis no further than it must', () => {
    const fleets = [h200 as MeasuredFleet];
    expect(frameOf(asking(60e9), fleets)).toEqual(frameOf(breakEvenAnswer, fleets));
    expect(frameOf(asking(400e9), fleets).lastTokens).toBeCloseTo(1.12 * 400e9);
  });

  it('is not drawn where none is asked', () => {
    for (const chart of [breakEvenChart, unitCostChart]) expect(JSON.stringify(chart(breakEvenAnswer))).not.toContain('asked');
  });
});

describe('the name of an upright line', () => {
  const extent = { lastTokens: 720, lastUsd: 400 };

  it('stands inside, at the left where the right has no room, below a dot in its way', () => {
    const high = placeUpright('asked: 60B', 300, [], extent, PLOT).label;
    expect(high.x).toBeGreaterThan(300);
    expect(placeUpright('asked: 60B', 700, [], extent, PLOT).label.x).toBeLessThan(700);
    const both = [high.x, 600 - high.x].map((tokens) => ({ tokens, usd: 400 - high.y }));
    expect(placeUpright('asked: 60B', 300, both, extent, PLOT).label.y).toBeGreaterThan(high.y);
  });

  it('is left free by the labels of dots', () => {
    const dot = { tokens: 296, usd: 370, text: '40.4B, for good' };
    const { line, label } = placeUpright('asked: 60B', 300, [dot], extent, PLOT);
    const [placed] = placeLabels([dot], [dot], extent, PLOT, [line, label]);
    const half = (6.3 * dot.text.length) / 2;
    expect(Math.abs((placed?.tokens ?? 300) - line.x)).toBeGreaterThanOrEqual(half);
  });
});
