import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../src/faults/fault.ts';
import type { BreakEvenAnswer } from '../../../src/plan/breakEven/breakEvenAnswer.ts';
import { breakEvenChart } from '../../../src/report/charts/breakEvenChart.ts';
import { renderSvg, renderVegaLite, type VegaLiteSpec } from '../../../src/report/charts/chart.ts';
import { apart, frameOf, PLOT } from '../../../src/report/charts/chartFrame.ts';
import { placeLabels } from '../../../src/report/charts/chartLabels.ts';
import { type MeasuredFleet, staircase } from '../../../src/report/charts/staircase.ts';
import { isMarked } from '../../../src/report/mark.ts';
import { breakEvenAnswer, h200, idleAnswer, manyAnswer, neverAnswer, openAnswer, unmeasuredAnswer } from '../../support/breakEvenAnswer.ts';

const fleet = h200 as MeasuredFleet;

function title({ title: words }: VegaLiteSpec): { text: string[]; subtitle: string[] } {
  return words as { text: string[]; subtitle: string[] };
}

/** The layers of a chart that have a mark. */
function layers({ layer }: VegaLiteSpec, mark: string): { data: { values: Record<string, unknown>[] } }[] {
  return (layer as { mark: { type: string }; data: { values: Record<string, unknown>[] } }[]).filter(({ mark: { type } }) => type === mark);
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
    expect(staircase({ ...fleet, plannedTokensPerReplica: { low: 1, value: 2, high: 4, basis: 'assumed' } }, 1e9).length).toBeLessThan(
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

describe('labels', () => {
  const frame = { lastTokens: 720, lastUsd: 400 };
  const gap = (dot: { tokens: number; usd: number }, label: { tokens: number; usd: number; text: string }) =>
    Math.hypot(
      Math.max(0, Math.abs(dot.tokens - label.tokens) - (label.text.length * 6.3) / 2),
      Math.max(0, Math.abs(dot.usd - label.usd) - 8),
    );

  it('stand nearer to their own dot than to another, or have a line to it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ tokens: fc.integer({ min: 0, max: 720 }), usd: fc.integer({ min: 0, max: 400 }) }), { maxLength: 8 }),
        (dots) => {
          const points = dots.map((dot, index) => ({ ...dot, text: `${index}.5B, for good` }));
          for (const label of placeLabels(points, dots, frame)) {
            const own = points.find(({ text }) => text === label.text);
            if (own === undefined) throw new Error(`no dot for ${label.text}`);
            if (label.leader !== null) expect(label.leader).toEqual({ tokens: own.tokens, usd: own.usd });
            else for (const dot of dots) expect(gap(own, label)).toBeLessThanOrEqual(gap(dot, label) + 1e-6);
          }
        },
      ),
    );
  });

  it('goes beside the dot where there is room (the review saw 94B beside the dot of 51.5B)', () => {
    const dots = [
      { tokens: 100, usd: 50 },
      { tokens: 182, usd: 50 },
    ];
    const points = dots.map((dot, index) => ({ ...dot, text: ['51.5B', '94B'][index] ?? '' }));
    const placed = placeLabels(points, dots, frame);
    expect(placed.map(({ text, tokens, leader }) => [text, Math.round(tokens), leader])).toEqual([
      ['51.5B', 78, null],
      ['94B', 167, null],
    ]);
  });
});

describe('breakEvenChart', () => {
  const TITLES: readonly [BreakEvenAnswer, string][] = [
    [
      breakEvenAnswer,
      '8× H200 SXM 141GB cost less than the list price from 34.7B tokens a month, for good from 139B; less than the cheapest host from 43.2B tokens a month, for good from 821B',
    ],
    [
      openAnswer,
      '8× H200 SXM 141GB cost less than the list price from 34.7B tokens a month, for good from 139B; open against the cheapest host (42 % likely)',
    ],
    [neverAnswer, '8× H200 SXM 141GB never cost less than the list price or the cheapest host'],
    [idleAnswer, 'At 0 tokens a month 8× H200 SXM 141GB cost $26,280 and the API nothing'],
    [{ ...openAnswer, tariffs: openAnswer.tariffs.slice(1) }, '8× H200 SXM 141GB: open against the cheapest host (42 % likely)'],
  ];

  it.each(TITLES)('has the finding as title, in lines of at most 100 characters (%#)', (answer, words) => {
    const { text } = title(breakEvenChart(answer));
    expect(text.join(' ')).toBe(words);
    for (const line of text) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('draws no crossing where there is no traffic, none, and all of a break-even', () => {
    expect(layers(breakEvenChart(idleAnswer), 'point')).toHaveLength(1);
    expect(layers(breakEvenChart(neverAnswer), 'point')).toHaveLength(1);
    expect(layers(breakEvenChart(breakEvenAnswer), 'point').at(-1)?.data.values.length).toBeGreaterThan(2);
  });

  it('explains the shades and dots that are there, and no others', () => {
    const legend = (answer: BreakEvenAnswer) => title(breakEvenChart(answer)).subtitle.join(' ');
    expect(legend(breakEvenAnswer)).toContain(
      'dark shade: costs of instances from low to high · light shade: speeds as well · ● own GPUs cheaper beyond · ○ API',
    );
    expect(legend(neverAnswer)).not.toMatch(/[●○]/);
    const exact = { low: 1, value: 1, high: 1, basis: 'assumed' as const };
    const fixed = { ...h200, usdPerInstanceMonth: exact, plannedTokensPerReplica: { ...exact, low: 1e9, value: 1e9, high: 1e9 } };
    expect(legend({ ...breakEvenAnswer, offers: [fixed] })).not.toContain('shade');
    expect(legend({ ...breakEvenAnswer, offers: [{ ...h200, usdPerInstanceMonth: exact }] })).toContain(
      'light shade: speeds from low to high',
    );
  });

  it('of several fleets: the best three with the shades of costs, the title on the best', async () => {
    const spec = breakEvenChart(manyAnswer);
    expect(title(spec).text.join(' ')).toMatch(/^8× G1 cost less/);
    expect(title(spec).subtitle.join(' ')).toContain('own GPUs in whole instances (the best 3 of 5): G1 at');
    expect(title(spec).subtitle.join(' ')).toContain('shade: costs of instances from low to high; speeds at their middle');
    expect(layers(spec, 'area')).toHaveLength(3);
    const svg = await renderSvg(spec);
    expect(svg).toContain('own 8× G3');
    expect(svg).not.toContain('own 8× G4');
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
