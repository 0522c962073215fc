import { describe, expect, it } from 'vitest';
import { Fault } from '../../../src/faults/fault.ts';
import { breakEvenChart } from '../../../src/report/charts/breakEvenChart.ts';
import { cashFlowChart } from '../../../src/report/charts/cashFlowChart.ts';
import type { VegaLiteSpec } from '../../../src/report/charts/chart.ts';
import { chartTable } from '../../../src/report/charts/chartData.ts';
import { costChart } from '../../../src/report/charts/costChart.ts';
import { briefUsd } from '../../../src/report/charts/figures.ts';
import { fitMapChart } from '../../../src/report/charts/fitMapChart.ts';
import { hybridChart } from '../../../src/report/charts/hybridChart.ts';
import { memoryChart } from '../../../src/report/charts/memoryChart.ts';
import { PALETTE } from '../../../src/report/charts/palette.ts';
import { PHONE, powersIn } from '../../../src/report/charts/sheet.ts';
import { tornadoChart } from '../../../src/report/charts/tornadoChart.ts';
import { unitCostChart } from '../../../src/report/charts/unitCostChart.ts';
import { GIB } from '../../../src/units/bytes.ts';
import { breakEvenAnswer, neverAnswer, unmeasuredAnswer } from '../../support/breakEvenAnswer.ts';
import { costAnswer, fitAnswer, hybridAnswer, ownedAnswer } from '../../support/chartAnswers.ts';

type Values = Readonly<Record<string, unknown>>;

/** The data of a chart as objects. */
function data(spec: VegaLiteSpec): Values[] {
  const { columns, rows } = chartTable(spec);
  return rows.map(({ cells }) => Object.fromEntries(columns.map(({ title }, at) => [title, cells[at]])));
}

function titleOf({ title }: VegaLiteSpec): string {
  return (title as { text: string[] }).text.join(' ');
}

function under({ title }: VegaLiteSpec): string {
  return (title as { subtitle: string[] }).subtitle.join(' ');
}

function texts({ layer }: VegaLiteSpec): unknown[] {
  return (layer as { data: { values: Values[] } }[]).flatMap(({ data: { values } }) => values.map(({ text }) => text));
}

const near = (value: unknown, wanted: number) => expect(Number(value)).toBeCloseTo(wanted, 6);

describe('unitCostChart', () => {
  const spec = unitCostChart(breakEvenAnswer);

  it('is the cost of a month by its tokens, on both sides of every step, within its band', () => {
    const own = data(spec).filter(({ series }) => String(series).startsWith('own '));
    const at = (tokens: number) => own.filter(({ tokensPerMonth }) => tokensPerMonth === tokens).map(({ usdPerMtok }) => usdPerMtok);
    const [before, after] = at(45.5e9);
    near(before, 26_280 / 45_500);
    near(after, (2 * 26_280) / 45_500);
    for (const { low, usdPerMtok, high } of own) {
      expect(Number(low)).toBeLessThanOrEqual(Number(usdPerMtok));
      expect(Number(usdPerMtok)).toBeLessThanOrEqual(Number(high));
    }
  });

  it('has the break-even volumes on the lines of the tariffs, and none of a pair that never breaks even', () => {
    const dots = data(spec).filter(({ series }) => series === 'break-even');
    expect(dots.map(({ tokensPerMonth }) => tokensPerMonth)).toContain(34.7e9);
    expect(dots.find(({ tokensPerMonth }) => tokensPerMonth === 43.2e9)?.['usdPerMtok']).toBe(0.608);
    const never = unitCostChart(neverAnswer);
    expect(data(never).filter(({ series }) => series === 'break-even')).toEqual([]);
    expect(under(never)).not.toMatch(/[●○]/);
  });

  it('reaches above the first tooth, with spare replicas too, and tells where the line leaves it', () => {
    const [best] = breakEvenAnswer.offers;
    for (const spareReplicas of [0, 1, 3]) {
      const chart = unitCostChart({ ...breakEvenAnswer, offers: best ? [{ ...best, spareReplicas }] : [] });
      const [axes] = chart['layer'] as { encoding: { y: { scale: { domain: number[] } } } }[];
      const top = axes?.encoding.y.scale.domain[1] ?? 0;
      expect(top).toBeGreaterThan(((spareReplicas + 1) * 26_280) / 45_500);
      expect(top).toBeLessThan(7 * 0.758);
      const [, tokens, unit, price] =
        /^below ([\d.]+)([BM]) tokens a month the own GPUs cost more than \$([\d.]+), above/m.exec(
          (chart['title'] as { subtitle: string[] }).subtitle.join('\n'),
        ) ?? [];
      expect(unit).toBe('B');
      expect((Number(tokens) * 1e3 * Number(price)) / ((spareReplicas + 1) * 26_280)).toBeCloseTo(1, 1);
    }
  });

  it('says in the title what a full fleet costs and the APIs ask', () => {
    expect(titleOf(spec)).toBe(
      'Full, 8× H200 SXM 141GB cost $0.578 ($0.359 to $1.01) per million tokens; the list price asks $0.758, the cheapest host asks $0.608',
    );
  });

  it('refuses where nothing is measured', () => {
    expect(() => unitCostChart(unmeasuredAnswer)).toThrow(/no chart to draw \(nothing measured/);
  });
});

describe('tornadoChart', () => {
  const spec = tornadoChart(ownedAnswer);
  const [sensitivity] = ownedAnswer.sensitivity;

  it('has both ends of the assumptions that move most, the widest first', () => {
    const ends = data(spec);
    const names = [...new Set(ends.map(({ series }) => series))];
    const widths = names.map((name) => {
      const [a, b] = ends.filter(({ series }) => series === name).map(({ savedUsd }) => Number(savedUsd));
      return Math.abs((a ?? 0) - (b ?? 0));
    });
    expect(widths).toEqual([...widths].sort((a, b) => b - a));
    const [row] = sensitivity?.rows.filter(({ label }) => label === names[0]) ?? [];
    expect(ends.filter(({ series }) => series === names[0]).map(({ savedUsd }) => savedUsd)).toEqual(
      [row?.savedAtLow, row?.savedAtHigh].sort((a, b) => Number(a) - Number(b)),
    );
  });

  it('colours each side of zero by who is cheaper there', () => {
    const row = { label: 'x', unit: '' as const, now: 1, low: 1, high: 2, flipsAt: 1, flips: 1, probabilityBeyond: 0.5, code: 'x' };
    if (!sensitivity) throw new Error('no sensitivity');
    const both = tornadoChart(ownedAnswer, undefined, { ...sensitivity, rows: [{ ...row, savedAtLow: -100, savedAtHigh: 300 }] });
    const bars = (both['layer'] as { mark: { type: string }; data: { values: Values[] } }[]).find(({ mark }) => mark.type === 'rect');
    expect(bars?.data.values.map(({ savedUsd, to, colour }) => [savedUsd, to, colour])).toEqual([
      [-100, 0, PALETTE.api],
      [0, 300, PALETTE.own],
    ]);
    expect(texts(both)).toContain('costs the same');
  });

  it('refuses where nothing is doubted', () => {
    expect(() => tornadoChart(breakEvenAnswer)).toThrow(Fault);
  });
});

describe('cashFlowChart', () => {
  const spec = cashFlowChart(ownedAnswer);

  it('has every month of every price, and marks the payback', () => {
    const rows = data(spec);
    expect(rows).toHaveLength(ownedAnswer.cashFlows.reduce((sum, flow) => sum + flow.rows.length, 0));
    expect(rows.map(({ cumulativeUsd }) => cumulativeUsd)).toEqual(
      ownedAnswer.cashFlows.flatMap((flow) => flow.rows.map((row) => row.cumulativeUsd)),
    );
    for (const { payback } of ownedAnswer.cashFlows)
      expect(texts(spec)).toContain(`paid back after ${payback.finalMonth?.toFixed(1)} months`);
    expect(titleOf(spec)).toMatch(/^Over 48 months 8× H200 141GB SXM \(owned\) save \$[\d.]+M against the list price, paid back after /);
  });

  it('refuses where no months are planned', () => {
    expect(() => cashFlowChart(breakEvenAnswer)).toThrow(/no months are planned/);
  });
});

describe('costChart', () => {
  const spec = costChart(costAnswer);

  it('has the amounts and bands of the answer, cheapest first, own fleets one by one', () => {
    const rows = data(spec);
    const amounts = rows.map(({ usdPerMonth }) => Number(usdPerMonth));
    expect(amounts).toEqual([...amounts].sort((a, b) => a - b));
    const own = rows.filter(({ kind }) => kind === 'own');
    expect(own.map(({ low, usdPerMonth, high }) => [low, usdPerMonth, high])).toEqual(
      costAnswer.rows.filter(({ kind }) => kind === 'own').map(({ usdPerMonth: { low, value, high } }) => [low, value, high]),
    );
  });

  it('joins prices that are the same under the best known name', () => {
    expect(data(spec).some(({ series }) => /^Moonshot AI \(list price\) and \d+ more$/.test(String(series)))).toBe(true);
  });
});

describe('hybridChart', () => {
  const spec = hybridChart(hybridAnswer);
  const pair = hybridAnswer.pairs.find(({ code }) => code === 'hybrid');

  it('stacks own and API to the sum of each floor, and marks the least', () => {
    const rows = data(spec);
    for (const floor of pair?.rows ?? []) {
      const parts = rows.filter(({ series, replicas }) => series !== 'band of the sum' && replicas === floor.replicas);
      near(
        parts.reduce((sum, { partUsd }) => sum + Number(partUsd), 0),
        floor.usdPerMonth,
      );
    }
    expect(texts(spec)).toContain(`least\n${briefUsd(pair?.best.usdPerMonth ?? 0)}`);
  });

  it('has the bands of the best floor and of both ends', () => {
    const bands = data(spec).filter(({ series }) => series === 'band of the sum');
    expect(bands.map(({ replicas, usdHigh }) => [replicas, usdHigh])).toEqual([
      [0, pair?.allApiUsdPerMonth.high],
      [pair?.best.replicas, pair?.usdPerMonth.high],
      [pair?.allOwn.replicas, pair?.allOwnUsdPerMonth.high],
    ]);
  });
});

describe('fitMapChart', () => {
  const spec = fitMapChart(fitAnswer);

  it('has a cell for each row of the map, with its verdict in words and its sequences', () => {
    const cells = data(spec);
    expect(cells).toHaveLength(fitAnswer.contextMap?.length ?? 0);
    expect(cells.map(({ verdict, sequences }) => [verdict, sequences])).toEqual(
      expect.arrayContaining((fitAnswer.contextMap ?? []).map(({ verdict, sequences }) => [verdict, sequences?.value ?? null])),
    );
    expect(new Set(cells.map(({ verdict }) => verdict)).size).toBeGreaterThan(1);
  });

  it('refuses a single context', () => {
    const { contextMap: _, ...single } = fitAnswer;
    expect(() => fitMapChart(single)).toThrow(/no range of contexts/);
  });
});

describe('memoryChart', () => {
  it('has the parts of one GPU in GiB, which add up to what the engine sees', () => {
    const [fits] = fitAnswer.results;
    const parts = data(memoryChart(fitAnswer)).filter(({ series }) => series === '8× H200 141GB SXM, TP8');
    const size = (name: string) => Number(parts.find(({ part }) => part === name)?.['sizeGib']);
    near(size('weights') * GIB, fits?.weightBytesPerGpu ?? 0);
    near(size('overhead'), (fits?.overheadBytesPerGpu?.value ?? 0) / GIB);
    near(size('KV cache'), (fits?.kvMemoryBytesPerGpu?.value ?? 0) / GIB);
    const seen = fits?.terms?.find(({ id }) => id === 'engineVisibleBytes')?.value ?? 0;
    near(size('weights') + size('overhead') + size('KV cache') + size('not used'), seen / GIB);
  });

  it('tells what is missing where it does not fit', () => {
    expect(texts(memoryChart(fitAnswer))).toContainEqual(expect.stringMatching(/^does not fit: [\d.]+ GiB short$/));
  });
});

describe('narrow and wide', () => {
  it('hold the same data', () => {
    for (const [wide, narrow] of [
      [unitCostChart(breakEvenAnswer), unitCostChart(breakEvenAnswer, PHONE)],
      [costChart(costAnswer), costChart(costAnswer, PHONE)],
      [memoryChart(fitAnswer), memoryChart(fitAnswer, PHONE)],
    ] as const)
      expect(data(narrow)).toEqual(data(wide));
  });

  it('break a key that is too long for a phone', () => {
    for (const spec of [
      unitCostChart(breakEvenAnswer, { width: 260, height: 300 }),
      breakEvenChart(breakEvenAnswer, { width: 260, height: 300 }),
    ]) {
      const key = (spec['layer'] as { encoding: { text?: { value?: string } } }[]).flatMap(({ encoding: { text } }) => text?.value ?? []);
      expect(key).toContain('own 8× H200 SXM 141GB,\non demand, whole instances');
      expect(Math.max(...key.flatMap((text) => text.split('\n')).map((line) => 6.3 * line.length))).toBeLessThan(60 + 260 + 16 - 42);
    }
    expect(JSON.stringify(unitCostChart(breakEvenAnswer, { width: 500, height: 300 }))).toContain('141GB, on demand, whole');
  });

  it('has round ticks, no fewer than asked', () => {
    expect(powersIn(0.9, 1100, 3)).toEqual([1, 10, 100, 1000]);
    expect(powersIn(4, 60, 4)).toEqual([5, 10, 20, 50]);
  });
});
