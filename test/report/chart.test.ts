import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/faults/fault.ts';
import type { BreakEvenAnswer } from '../../src/plan/breakEvenAnswer.ts';
import { breakEvenChart } from '../../src/report/breakEvenChart.ts';
import { renderSvg, renderVegaLite, type VegaLiteSpec } from '../../src/report/chart.ts';
import { apart, frameOf, PLOT } from '../../src/report/chartFrame.ts';
import { placeLabels } from '../../src/report/chartLabels.ts';
import { isMarked } from '../../src/report/mark.ts';
import { type MeasuredFleet, staircase } from '../../src/report/staircase.ts';
import { breakEvenAnswer, h200, neverAnswer, unmeasuredAnswer } from '../support/breakEvenAnswer.ts';

const fleet = h200 as MeasuredFleet;

function title({ title: words }: VegaLiteSpec): { text: string; subtitle: string[] } {
  return words as { text: string; subtitle: string[] };
}

describe('staircase', () => {
  const points = staircase(fleet, 150e9);

  it('costs one instance up to the capacity of one replica and one more from there', () => {
    const at = (volume: number) => points.filter(({ tokensPerMonth }) => tokensPerMonth <= volume).at(-1);
    expect(at(0)?.usd).toBe(26_280);
    expect(at(45.4e9)?.usd).toBe(26_280);
    expect(at(45.5e9)?.usd).toBe(52_560);
    expect(points.at(-1)).toMatchObject({ tokensPerMonth: 150e9, usd: 4 * 26_280 });
  });

  it('keeps its band in order and rises everywhere', () => {
    for (const [index, point] of points.entries()) {
      expect(point.usdLow).toBeLessThanOrEqual(point.rentLow);
      expect(point.rentLow).toBeLessThanOrEqual(point.usd);
      expect(point.usd).toBeLessThanOrEqual(point.rentHigh);
      expect(point.rentHigh).toBeLessThanOrEqual(point.usdHigh);
      expect(point.usd).toBeGreaterThanOrEqual(points[index - 1]?.usd ?? 0);
    }
  });

  it('buys two instances at a time for a replica on two, and holds two replicas on one', () => {
    expect(staircase({ ...fleet, instancesPerReplica: 2 }, 50e9).map(({ usd }) => usd / 26_280)).toContain(4);
    expect(staircase({ ...fleet, replicasPerInstance: 2 }, 90e9).at(-1)?.usd).toBe(26_280);
  });

  it('stays small where one step is tiny', () => {
    expect(staircase({ ...fleet, tokensPerMonthPerReplica: { low: 1, value: 2, high: 4, basis: 'assumed' } }, 1e9).length).toBeLessThan(
      1300,
    );
  });
});

describe('layout of the chart', () => {
  it('ends beyond the last crossing near the first steps and tells the further ones in words', () => {
    expect(frameOf(breakEvenAnswer, [fleet]).lastTokens).toBeCloseTo(1.12 * 138.7e9);
    expect(frameOf(neverAnswer, [fleet]).lastTokens).toBe(2.5 * 45.5e9);
    expect(title(breakEvenChart(breakEvenAnswer)).subtitle.join(' ')).toContain(
      'beyond the right edge: against deepinfra (cheapest host) for good from 821B',
    );
  });

  it('moves labels apart', () => {
    expect(apart([10, 12, 50], 10, 100)).toEqual([10, 20, 50]);
    expect(apart([98, 99], 10, 100)).toEqual([90, 100]);
  });

  it('finds a free place for each label inside the plot', () => {
    const frame = { lastTokens: 100, lastUsd: 100 };
    const points = [30, 32, 34].map((tokens) => ({ tokens, usd: 50, text: '30B, for good' }));
    const placed = placeLabels(points, [], frame);
    expect(placed).toHaveLength(3);
    expect(new Set(placed.map(({ usd }) => Math.round(usd))).size).toBeGreaterThan(1);
    for (const { tokens, usd } of placed) {
      expect((tokens / 100) * PLOT.width).toBeGreaterThan(0);
      expect(usd).toBeLessThan(100);
    }
  });
});

describe('breakEvenChart', () => {
  it.each([breakEvenAnswer, neverAnswer])('has the finding as title, at most 100 characters', (answer) => {
    const { text } = title(breakEvenChart(answer));
    expect(text.length).toBeLessThanOrEqual(100);
    expect(text).toMatch(/8× H200/);
  });

  it('draws the same SVG twice, marked, with title, axes, both tariffs and break-even volumes', async () => {
    const spec = breakEvenChart(breakEvenAnswer);
    const svg = await renderSvg(spec);
    expect(await renderSvg(breakEvenChart(breakEvenAnswer))).toBe(svg);
    expect(isMarked(svg)).toBe(true);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    for (const words of [
      'tokens per month (input + output)',
      'cost per month, USD',
      '$40K',
      '80B',
      'moonshotai (list price)',
      'deepinfra (cheapest host)',
      '34.7B',
      '139B, for good',
    ]) {
      expect(svg).toContain(words);
    }
  });

  it('writes plain Vega-Lite 6 JSON', () => {
    const json = renderVegaLite(breakEvenChart(breakEvenAnswer));
    expect(isMarked(json)).toBe(true);
    expect(JSON.parse(json)).toMatchObject({
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      config: { background: '#ffffff' },
    });
    expect(json).not.toContain('"url"');
  });

  it('draws at most three staircases', async () => {
    const offers = [1, 2, 3, 4].map((n) => ({ ...h200, id: `fleet_${n}`, gpuName: `GPU${n}` }));
    const svg = await renderSvg(breakEvenChart({ ...breakEvenAnswer, offers }));
    expect(svg).toContain('own 8× GPU3');
    expect(svg).not.toContain('own 8× GPU4');
  });

  it('takes names as words, whatever they hold', async () => {
    const evil = `<script>alert(1)</script>" & \u001b[31m`;
    const answer: BreakEvenAnswer = {
      ...breakEvenAnswer,
      answer: evil,
      offers: [{ ...h200, gpuName: evil }],
      tariffs: breakEvenAnswer.tariffs.map((tariff) => ({ ...tariff, provider: evil })),
    };
    const svg = await renderSvg(breakEvenChart(answer));
    expect(svg).not.toContain('<script>');
    expect(svg).not.toContain('\u001b');
    expect(svg).toContain('&lt;script&gt;');
  });

  it('refuses where nothing is measured, and says why', () => {
    expect(() => breakEvenChart(unmeasuredAnswer)).toThrow(Fault);
    expect(() => breakEvenChart(unmeasuredAnswer)).toThrow(/no chart to draw \(nothing measured: no curve for int4 on MI300X\)/);
  });

  it('takes a warning of Vega as an error', async () => {
    const spec = {
      ...breakEvenChart(breakEvenAnswer),
      layer: [{ data: { values: [{ x: 0 }] }, mark: 'nonsense', encoding: { x: { field: 'x', type: 'quantitative' } } }],
    };
    await expect(renderSvg(spec)).rejects.toThrow();
    const log = {
      ...breakEvenChart(breakEvenAnswer),
      layer: [
        {
          data: { values: [{ x: 0 }, { x: 10 }] },
          mark: 'point',
          encoding: { x: { field: 'x', type: 'quantitative', scale: { type: 'log' } } },
        },
      ],
    };
    await expect(renderSvg(log)).rejects.toThrow(/chart:/);
  });
});
