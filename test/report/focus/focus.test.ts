import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { type BreakEvenQuery, breakEven } from '../../../src/plan/breakEven/breakEven.ts';
import { cost } from '../../../src/plan/cost/cost.ts';
import { csvTable } from '../../../src/report/csvTable.ts';
import { breakEvenFocus } from '../../../src/report/focus/breakEvenFocus.ts';
import { costFocus } from '../../../src/report/focus/costFocus.ts';
import { FOCUS_COLUMNS, FOCUS_MARK } from '../../../src/report/focus/focusRow.ts';
import { isMarked } from '../../../src/report/mark.ts';
import type { Table } from '../../../src/report/table.ts';

const catalog = loadCatalog();
const QUERY: BreakEvenQuery = {
  gpu: ['h200'],
  workload: 'kimi-chat',
  tokensPerMonth: 60e9,
  purchases: ['on-demand', 'owned'],
  rampMonths: 2,
  oneOffUsd: 50_000,
  terms: true,
};
/** Columns that FOCUS 1.2 wants in every dataset. */
const MANDATORY = [
  'BilledCost',
  'BillingAccountId',
  'BillingAccountName',
  'BillingCurrency',
  'BillingPeriodEnd',
  'BillingPeriodStart',
  'ChargeCategory',
  'ChargeClass',
  'ChargeDescription',
  'ChargePeriodEnd',
  'ChargePeriodStart',
  'ContractedCost',
  'EffectiveCost',
  'InvoiceIssuerName',
  'ListCost',
  'PricingQuantity',
  'PricingUnit',
  'ProviderName',
  'PublisherName',
  'ServiceCategory',
  'ServiceName',
];

type Record = { readonly [column in (typeof FOCUS_COLUMNS)[number]]: string };

function recordsOf(table: Table): Record[] {
  return parse(csvTable(table, 'kplan/breakeven@1', FOCUS_MARK), { columns: true }) as Record[];
}

function costOf(records: readonly Record[]): number {
  return records.reduce((sum, { EffectiveCost }) => sum + Number(EffectiveCost), 0);
}

describe('FOCUS 1.2 rows', () => {
  it('have the mandatory columns, and custom ones behind x_', () => {
    expect(FOCUS_COLUMNS).toEqual(expect.arrayContaining(MANDATORY));
    const custom = FOCUS_COLUMNS.filter((column) => column.startsWith('x_'));
    expect(custom).toEqual(['x_Alternative']);
    expect(FOCUS_MARK.startsWith('x_')).toBe(true);
    expect(isMarked(`${FOCUS_MARK},BilledCost\r\nkplan/cost@1,\r\n`)).toBe(true);
  });

  it('of a month: each meter of each API with its list price, each cost of each fleet, adding up to the answer', async () => {
    const answer = breakEven(QUERY, catalog);
    const records = recordsOf(await breakEvenFocus(answer));
    const [month] = answer.monthly;
    const [tariff] = answer.tariffs;
    const ofApi = records.filter(({ x_Alternative: of }) => of === tariff?.id);
    expect(costOf(ofApi)).toBeCloseTo(month?.apiUsd[tariff?.id ?? '']?.value ?? 0, 1);
    expect(ofApi.map(({ SkuMeter, ListUnitPrice }) => [SkuMeter, Number(ListUnitPrice)])).toEqual([
      ['Input Tokens', 0.95],
      ['Cached Input Tokens', 0.19],
      ['Output Tokens', 4],
    ]);
    expect(ofApi.reduce((sum, { ConsumedQuantity }) => sum + Number(ConsumedQuantity), 0)).toBeCloseTo(60e9, -1);
    for (const row of answer.monthly)
      expect(costOf(records.filter(({ x_Alternative: of }) => of === row.offer)), row.offer).toBeCloseTo(row.selfHostUsd.value, 1);
    const rent = records.find(({ SkuMeter }) => SkuMeter === 'GPU Hours');
    expect(rent?.ConsumedUnit).toBe('GPU-Hours');
    expect(Number(rent?.ConsumedQuantity)).toBeCloseTo(2 * 8 * 730, 6);
    for (const row of records) {
      expect(row.BilledCost).toBe('');
      expect(row.BillingCurrency).toBe('USD');
      expect([row.ChargePeriodStart, row.ChargePeriodEnd]).toEqual(['2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z']);
      expect(['AI and Machine Learning', 'Compute']).toContain(row.ServiceCategory);
      expect(['Usage', 'Purchase', 'Credit']).toContain(row.ChargeCategory);
      expect(['Standard', 'Dynamic', 'Committed', 'Other']).toContain(row.PricingCategory);
    }
  });

  it('of a cash flow: all its months, adding up to both sides', async () => {
    const answer = breakEven(
      { ...QUERY, months: 14, apiTrend: '-30%/year', rentTrend: '-10%/year', demandTrend: 'ramp 3 months, 20%/year', start: '2027-11' },
      catalog,
    );
    const records = recordsOf(await breakEvenFocus(answer));
    expect(new Set(records.map(({ ChargePeriodStart }) => ChargePeriodStart)).size).toBe(14);
    expect(records.some(({ ChargePeriodStart }) => ChargePeriodStart === '2028-12-01T00:00:00Z')).toBe(true);
    for (const { offer, tariff, totalApiUsd, totalHostUsd } of answer.cashFlows) {
      expect(costOf(records.filter(({ x_Alternative: of }) => of === tariff))).toBeCloseTo(totalApiUsd, 2);
      expect(costOf(records.filter(({ x_Alternative: of }) => of === `${offer} instead of ${tariff}`)), offer).toBeCloseTo(totalHostUsd, 2);
    }
  });

  it('of a cost answer: the lines of each bill', () => {
    const answer = cost({ gpu: ['h200'], workload: 'kimi-chat', tokensPerMonth: 60e9, oneOffUsd: 36_000 }, catalog);
    const records = recordsOf(costFocus(answer));
    for (const row of answer.rows)
      expect(costOf(records.filter(({ x_Alternative: of }) => of === row.id)), row.id).toBeCloseTo(row.usdPerMonth.value, 2);
  });

  it('want a volume', async () => {
    const answer = breakEven({ gpu: ['h200'], workload: 'kimi-chat' }, catalog);
    await expect(breakEvenFocus(answer)).rejects.toThrow('a forecast depends on the volume');
  });
});
