import { describe, expect, it, vi } from 'vitest';
import { Fault } from '../../../src/faults/fault.ts';
import type { SizeAnswer } from '../../../src/plan/size/sizeAnswer.ts';
import { renderSvg, renderVegaLite, type VegaLiteSpec } from '../../../src/report/charts/chart.ts';
import { dayChart, loadChart } from '../../../src/report/charts/sizeChart.ts';
import { isMarked } from '../../../src/report/mark.ts';
import { sizeAnswer as answer } from '../../support/chartAnswers.ts';

interface DrawnLayer {
  readonly mark: { readonly type: string; readonly strokeDash?: number[] };
  readonly data: { readonly values: readonly Record<string, unknown>[] };
}

/** The layers with a mark of one of the two panels: TTFT, then TPOT. */
function layers({ hconcat }: VegaLiteSpec, panel: 0 | 1, mark: string): DrawnLayer[] {
  return (hconcat as { layer: DrawnLayer[] }[])[panel]?.layer.filter((layer) => layer.mark.type === mark) ?? [];
}

function texts(spec: VegaLiteSpec, panel: 0 | 1): unknown[] {
  return layers(spec, panel, 'text').flatMap(({ data }) => data.values.map(({ text }) => text));
}

const title = ({ title: words }: VegaLiteSpec) => words as { text: string[]; subtitle: string[] };

describe('loadChart', () => {
  const spec = loadChart(answer);

  it('has the waits at the asked and at the highest load as title, and the question under it', () => {
    expect(title(spec).text.join(' ')).toMatch(
      /^At the asked 1 requests\/s 95 % wait less than .* for the first token; at [\d.]+\/s it is /,
    );
    for (const line of title(spec).text) expect(line.length).toBeLessThanOrEqual(100);
    const under = title(spec).subtitle.join(' ');
    expect(under).toContain(`${answer.replicas?.value} × 8× H200`);
    expect(under).toContain('kimi-chat');
    expect(under).toContain('95 % interval of each percentile');
  });

  it('draws three percentiles with their intervals in each panel, through all points', () => {
    for (const panel of [0, 1] as const) {
      const [bands, lines] = [layers(spec, panel, 'area'), layers(spec, panel, 'line')];
      expect([bands.length, lines.length]).toEqual([3, 3]);
      for (const { data } of [...bands, ...lines]) {
        expect(data.values).toHaveLength(answer.loadCurve?.length ?? 0);
        for (const { low, wait, high } of data.values as Record<string, number>[])
          expect((low ?? 0) <= (wait ?? 0) && (wait ?? 0) <= (high ?? 0) && (low ?? 0) > 0).toBe(true);
      }
      expect(texts(spec, panel).slice(-3)).toEqual(['p99', 'p95', 'p50']);
    }
    const [first] = answer.loadCurve ?? [];
    expect(layers(spec, 0, 'line')[1]?.data.values[0]?.['wait']).toBeCloseTo((first?.percentiles.ttft.p95.value ?? 0) / 1000, 9);
    expect(layers(spec, 1, 'line')[1]?.data.values[0]?.['wait']).toBeCloseTo(first?.percentiles.tpot.p95.value ?? 0, 9);
  });

  it('draws what is promised in its own panel alone, and the asked load in both', () => {
    expect(texts(spec, 1)).toContain('promised: p95 under 200 ms');
    expect(texts(spec, 0).join()).not.toContain('promised');
    for (const panel of [0, 1] as const) expect(texts(spec, panel)).toContain('asked');
  });
});

describe('dayChart', () => {
  const spec = dayChart(answer);

  it('names the busiest and the calmest hour, which it finds wherever they are', () => {
    const by = (answer.day ?? []).toSorted((a, b) => a.requestsPerSecond - b.requestsPerSecond);
    const words = title(spec).text.join(' ');
    expect(words).toMatch(
      new RegExp(`^The busiest hour is ${by.at(-1)?.hour}:00 UTC \\(1 requests/s, 95 % within .*\\), the calmest ${by[0]?.hour}:00 `),
    );
    const turned = dayChart({ ...answer, day: (answer.day ?? []).toReversed() });
    expect(title(turned).text).toEqual(title(spec).text);
  });

  it('has 24 hours and no asked load', () => {
    expect(layers(spec, 0, 'line')[0]?.data.values.map(({ hour }) => hour)).toEqual(Array.from({ length: 24 }, (_, hour) => hour));
    expect(texts(spec, 0)).not.toContain('asked');
  });
});

describe('both', () => {
  it.each([
    ['load', loadChart],
    ['day', dayChart],
  ] as const)('%s is the same SVG twice, marked, of known words, and draws without a warning', async (_, chart) => {
    const warned = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')];
    const spec = chart(answer);
    const svg = await renderSvg(spec);
    expect(await renderSvg(chart(answer))).toBe(svg);
    expect(isMarked(svg)).toBe(true);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    for (const words of [
      'Wait for the first token (TTFT), seconds',
      'Time per token (TPOT), milliseconds',
      'p99',
      'promised: p95 under 200 ms',
    ])
      expect(svg).toContain(words);
    expect(renderVegaLite(spec)).not.toContain('"url"');
    for (const spy of warned) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });

  it('take names as words, whatever they hold', async () => {
    const evil = `<script>alert(1)</script>" & \u001b[31m`;
    const named: SizeAnswer = { ...answer, query: { ...answer.query, model: evil, workload: evil, engine: evil } };
    for (const chart of [loadChart, dayChart]) {
      const svg = await renderSvg(chart(named));
      expect(svg).not.toContain('<script>');
      expect(svg).not.toContain('\u001b');
    }
  });

  it('refuse where nothing was simulated, or one point alone', () => {
    expect(() => loadChart({ ...answer, loadCurve: null })).toThrow(Fault);
    expect(() => dayChart({ ...answer, day: [] })).toThrow('no chart to draw');
    expect(() => loadChart({ ...answer, loadCurve: (answer.loadCurve ?? []).slice(0, 1) })).toThrow('--chart');
  });
});
