import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { type BreakEvenQuery, breakEven } from '../../../src/plan/breakEven/breakEven.ts';
import { breakEvenReport } from '../../../src/report/breakEvenReport.ts';
import { renderText } from '../../../src/report/renderReport.ts';
import { breakEvenSchema } from '../../../src/report/schema/breakEven.ts';
import { cliRun } from '../../support/cliRun.ts';

const catalog = loadCatalog();
const query: BreakEvenQuery = { gpu: ['h200'], workload: 'kimi-chat', tokensPerMonth: 100e9, terms: false, sensitivity: true };
const answer = breakEven(query, catalog);
const [first] = answer.sensitivity;
const rowOf = (code: string) => first?.rows.find((row) => row.code === code);

describe('how sure breakeven is at a volume', () => {
  it('saves at the middle values what the month says', () => {
    for (const { tariff, offer, savedUsdPerMonth } of answer.sensitivity) {
      const month = answer.monthly.find((row) => row.offer === offer && Math.abs(row.tokensPerMonth - 100e9) < 1);
      expect(savedUsdPerMonth.now).toBeCloseTo((month?.apiUsd[tariff]?.value ?? 0) - (month?.selfHostUsd.value ?? 0), 1);
    }
  });

  it('turns where --solve finds both sides equal', () => {
    const solved = (unknown: 'price' | 'rent') =>
      breakEven({ ...query, sensitivity: false, solve: unknown }, catalog).solved.find(({ tariff }) => tariff === first?.tariff);
    expect(rowOf('apiPrice')?.flipsAt).toBeCloseTo(solved('price')?.value ?? 0, 6);
    const { flipsAt, now } = rowOf('usdPerGpuHour') ?? {};
    expect(flipsAt).toBeCloseTo(solved('rent')?.value ?? 0, 6);
    expect(now).toBeCloseTo(solved('rent')?.now ?? 0, 6);
  });

  it('is a coin weighted by its percentiles', () => {
    for (const {
      probability,
      savedUsdPerMonth: { p10, p50, p90 },
    } of answer.sensitivity) {
      expect(p10 <= p50 && p50 <= p90).toBe(true);
      expect(probability.low <= probability.value && probability.value <= probability.high).toBe(true);
      expect(probability.value > 0.5).toBe(p50 > 0);
      expect(probability.value < 0.1).toBe(p90 < 0);
    }
  });

  it('moves as it must: a dearer API and a faster replica save more, a dearer instance less', () => {
    const rises = (code: string) => (rowOf(code)?.savedAtHigh ?? 0) - (rowOf(code)?.savedAtLow ?? 0);
    expect(rises('apiPrice')).toBeGreaterThan(0);
    expect(rises('capacity')).toBeGreaterThan(0);
    expect(rises('usdPerGpuHour')).toBeLessThan(0);
    expect(rowOf('volume')).toMatchObject({ low: null, savedAtLow: null, probabilityBeyond: null });
  });

  it('fulfils its schema, is the same again, and stands in tables', () => {
    expect(breakEvenSchema.safeParse(JSON.parse(JSON.stringify(answer))).error).toBeUndefined();
    expect(JSON.stringify(breakEven(query, catalog))).toBe(JSON.stringify(answer));
    const text = renderText(breakEvenReport(answer), { width: 120 });
    expect(text).toContain('How sure at this volume');
    expect(text).toContain('What moves it');
    expect(breakEven({ ...query, sensitivity: false }, catalog).sensitivity).toEqual([]);
  });

  it('takes a volume', async () => {
    const { code, stderr } = await cliRun(['breakeven', '--gpu', 'h200', '--workload', 'kimi-chat', '--sensitivity']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--sensitivity: how sure an answer is depends on the volume/);
  });
});
