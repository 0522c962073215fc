import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { type Distribution, shareBelow } from '../../../src/evidence/distribution.ts';
import type { Fault } from '../../../src/faults/fault.ts';
import { type BreakEvenQuery, breakEven } from '../../../src/plan/breakEven/breakEven.ts';
import { fleetsOf } from '../../../src/plan/hosting/fleets.ts';
import { resolveHostingQuery } from '../../../src/plan/hosting/hostingQuestion.ts';
import { replicaCapacity } from '../../../src/plan/hosting/replicaCapacity.ts';
import { isSized } from '../../../src/plan/hosting/selfHost.ts';
import { capacityOver } from '../../../src/plan/outlook/demandCapacity.ts';
import { turning } from '../../../src/plan/outlook/outlookWords.ts';
import { breakEvenReport } from '../../../src/report/breakEvenReport.ts';
import { cashFlowTable } from '../../../src/report/cashFlowTables.ts';
import { renderText } from '../../../src/report/renderReport.ts';
import { breakEvenSchema } from '../../../src/report/schema/breakEven.ts';

const catalog = loadCatalog();
const TARIFF = 'genai-prices:moonshotai:kimi-k2.7-code';
const uncertain = (
  inputs: Readonly<Record<string, Distribution>>,
  derived: NonNullable<BreakEvenQuery['uncertainty']>['derived'] = {},
): Pick<BreakEvenQuery, 'uncertainty'> => ({ uncertainty: { inputs, derived } });

/** Everything is stated, so that nothing has a band. */
const stated: BreakEvenQuery = {
  gpu: ['h200'],
  inputTokens: 8000,
  outputTokens: 500,
  reuse: 0.5,
  tokensPerMonth: 300e9,
  tokensPerSecond: 50_000,
  usdPerGpuHour: 4,
  lens: 'incremental',
  tariffs: [TARIFF],
  terms: false,
};

describe('sureness with one doubt', () => {
  const rent: Distribution = { kind: 'normal', mean: 4, deviation: 1 };
  const answer = breakEven({ ...stated, ...uncertain({ usdPerGpuHour: rent }) }, catalog);
  const [sure] = answer.sensitivity;

  it('is the share of the distribution on the right side of the flip point', () => {
    const [row] = sure?.rows ?? [];
    expect(row).toMatchObject({ code: 'usdPerGpuHour', unit: 'USD/GPU-hour', now: 4, flips: 1 });
    const solved = breakEven({ ...stated, solve: 'rent' }, catalog).solved[0];
    expect(row?.flipsAt).toBeCloseTo(solved?.value ?? 0, 9);
    expect(sure?.probability.value).toBeCloseTo(shareBelow(rent, row?.flipsAt ?? 0), 3);
  });

  it('is linear in the tornado: a dollar of rent is a dollar of each GPU-hour', () => {
    const [row] = sure?.rows ?? [];
    const [row90, month] = [row?.high ?? 0, answer.monthly[0]];
    expect((row?.savedAtLow ?? 0) - (row?.savedAtHigh ?? 0)).toBeCloseTo((row90 - (row?.low ?? 0)) * 8 * 730 * (month?.instances ?? 0), 3);
    expect(sure?.savedUsdPerMonth.p50).toBeCloseTo(sure?.savedUsdPerMonth.now ?? 0, -1);
  });

  it('asks nothing else', () => {
    expect(sure?.rows.map(({ code }) => code)).toEqual(['usdPerGpuHour', 'volume']);
    expect(breakEven(stated, catalog).sensitivity).toEqual([]);
  });
});

describe('inputs of every kind', () => {
  it('follow from variables as from their own distribution', () => {
    const people = { kind: 'uniform', low: 100, high: 300 } as const;
    const base: BreakEvenQuery = { gpu: ['h200'], workload: 'agentic-coding', users: 200, terms: false, tariffs: [TARIFF] };
    const [direct] = breakEven({ ...base, ...uncertain({ users: people }) }, catalog).sensitivity;
    const derived = { users: ({ 'variables.developers': developers = 0 }: Readonly<Record<string, number>>) => developers / 2 };
    const developers = { kind: 'uniform', low: 200, high: 600 } as const;
    const [indirect] = breakEven({ ...base, ...uncertain({ 'variables.developers': developers }, derived) }, catalog).sensitivity;
    expect(indirect?.savedUsdPerMonth.p10).toBeCloseTo(direct?.savedUsdPerMonth.p10 ?? 0, 6);
    expect(indirect?.probability).toEqual(direct?.probability);
    expect(indirect?.rows.find(({ code }) => code === 'variables.developers')).toMatchObject({ label: 'developers', now: 400 });
  });

  it('move what they touch', () => {
    const base: BreakEvenQuery = { gpu: ['h200'], workload: 'agentic-coding', users: 200, dcp: 8, terms: false, tariffs: [TARIFF] };
    const rowOf = (inputs: Readonly<Record<string, Distribution>>, more: Partial<BreakEvenQuery> = {}) => {
      const [code = ''] = Object.keys(inputs);
      return breakEven({ ...base, ...more, ...uncertain(inputs) }, catalog).sensitivity[0]?.rows.find((row) => row.code === code);
    };
    const reuse = rowOf({ reuse: { kind: 'uniform', low: 0.8, high: 0.95 } }, { reuse: 0.875 });
    expect(reuse?.savedAtHigh).not.toBe(reuse?.savedAtLow);
    const power = rowOf({ usdPerKwh: { kind: 'uniform', low: 0.05, high: 0.3 } }, { purchases: ['owned'], usdPerKwh: 0.175 });
    expect(power?.savedAtHigh ?? 0).toBeLessThan(power?.savedAtLow ?? 0);
    const residual = rowOf({ residualShare: { kind: 'uniform', low: 0, high: 0.4 } }, { purchases: ['owned'], residualShare: 0.2 });
    expect(residual?.savedAtHigh ?? 0).toBeGreaterThan(residual?.savedAtLow ?? 0);
    const length = rowOf({ outputTokens: { kind: 'uniform', low: 300, high: 900 } }, { outputTokens: 600 });
    expect(length?.low).toBeCloseTo(360, 6);
  });

  it('are cut where they may not be, and refused before', () => {
    const wide = { ...stated, ...uncertain({ reuse: { kind: 'uniform', low: 0.5, high: 1.2 } }) };
    expect(() => breakEven(wide, catalog)).toThrow(/--reuse: number out of range at an end of 0.5..1.2 \(got 1.1999/);
    expect(() => breakEven({ ...stated, ...uncertain({ usdPerGpuHour: { kind: 'normal', mean: 1, deviation: 2 } }) }, catalog)).toThrow(
      /--rent: number out of range at an end of normal\(1, 2\)/,
    );
  });
});

describe('the table of capacities', () => {
  it('agrees with the capacity asked anew within 3 %', () => {
    const query: BreakEvenQuery = { gpu: ['h200'], inputTokens: 20_000, outputTokens: 600, reuse: 0.8 };
    const question = resolveHostingQuery(query, catalog);
    const { sides, knowledge } = fleetsOf(query, question, catalog);
    const side = sides.find(isSized);
    if (!side) throw new Error('no fleet');
    const demandAt = (inputTokens: number, outputTokens: number, askedReuse: number) => ({
      ...question.demand,
      inputTokens,
      outputTokens,
      askedReuse,
    });
    const ends = [demandAt(15_000, 400, 0.7), demandAt(30_000, 900, 0.95)];
    const table = capacityOver(side, question, knowledge, ends);
    fc.assert(
      fc.property(
        fc.integer({ min: 15_000, max: 30_000 }),
        fc.integer({ min: 400, max: 900 }),
        fc.integer({ min: 70, max: 95 }),
        (i, o, r) => {
          const demand = demandAt(i, o, r / 100);
          const { capacity } = replicaCapacity({ ...question, demand }, side.judged, knowledge);
          const exact = capacity.kind === 'no-measurement' ? 0 : capacity.requestsPerSecond.value;
          expect(Math.abs(table(demand) / exact - 1)).toBeLessThan(0.03);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('the months to come', () => {
  const plan: BreakEvenQuery = { ...stated, months: 24, apiTrend: 'constant', rentTrend: 'constant', discount: 0.1 };
  const answer = breakEven(plan, catalog);
  const [flow] = answer.cashFlows;
  const [month] = answer.monthly;

  it('pay what the month says where nothing changes', () => {
    expect(flow?.rows.length).toBe(25);
    for (const row of flow?.rows.slice(1) ?? []) {
      expect(row.apiUsd).toBeCloseTo(month?.apiUsd[TARIFF]?.value ?? 0, 1);
      expect(row.hostUsd).toBeCloseTo(month?.selfHostUsd.value ?? 0, 1);
      expect(row.instances).toBe(month?.instances);
    }
    expect(flow?.rows[0]).toMatchObject({ month: null, hostUsd: 0, apiUsd: 0 });
    expect(flow?.rows[1]?.month).toBe('2026-12');
    expect(flow?.rows[24]?.month).toBe('2028-11');
  });

  it('are worth an annuity today', () => {
    const rate = 1.1 ** (1 / 12) - 1;
    const saved = flow?.rows[1]?.savedUsd ?? 0;
    expect(flow?.savedPresentUsd).toBeCloseTo((saved * (1 - (1 + rate) ** -24)) / rate, 4);
    expect(flow?.totalApiUsd).toBeCloseTo(24 * (flow?.rows[1]?.apiUsd ?? 0), 4);
  });

  it('tell ways to go apart: the longer the wait, the nearer to staying on the API', () => {
    const [all] = breakEven({ ...plan, waitMonths: [12, 6] }, catalog).cashFlows;
    const cost = (option: string) => all?.options.find((one) => one.option === option)?.presentUsd ?? Number.NaN;
    expect(all?.options.map(({ option }) => option)).toEqual(['host', 'api', 'wait-6', 'wait-12']);
    const between = [cost('host'), cost('wait-6'), cost('wait-12'), cost('api')];
    expect(between).toEqual([...between].sort((a, b) => (cost('host') < cost('api') ? a - b : b - a)));
    expect(Math.min(...(all?.options.map(({ regretUsd }) => regretUsd) ?? []))).toBe(0);
  });

  it('have published trends with their doubt where none is given, and none where one is', () => {
    const { sensitivity, time, assumptions, sources } = breakEven({ ...stated, months: 24 }, catalog);
    const codes = sensitivity[0]?.rows.map(({ code }) => code) ?? [];
    expect(codes).toEqual(expect.arrayContaining(['apiTrend', 'rentTrend']));
    expect(time).toMatchObject({ months: 24, firstMonth: '2026-12', apiTrend: '0%/year', demandTrend: 'constant' });
    expect(assumptions.find(({ code }) => code === 'rent-trend')?.text).toContain('estimate(-31 %, 0 %, 34 %)');
    expect(Object.keys(sources)).toEqual(expect.arrayContaining([expect.stringMatching(/trends#rents$/)]));
    expect(answer.sensitivity[0]?.rows.map(({ code }) => code)).toEqual(['volume']);
    const ranged = breakEven({ ...plan, apiTrend: '-30..-10%/year' }, catalog);
    expect(ranged.time?.apiTrend).toBe('-20%/year');
    expect(ranged.sensitivity[0]?.rows[0]).toMatchObject({ code: 'apiTrend', unit: 'share/year', now: expect.closeTo(-0.2, 9) });
    expect(breakEven({ ...plan, apiTrend: 'api-equal-quality' }, catalog).time?.apiTrend).toBe('-97.5%/year');
  });

  it('take a doubt about demand', () => {
    const { sensitivity, time } = breakEven({ ...plan, demandTrend: '-30..30%/year' }, catalog);
    expect(time?.demandTrend).toBe('0%/year');
    expect(sensitivity[0]?.rows[0]).toMatchObject({ code: 'demandTrend', unit: 'share/year', now: 0 });
  });

  it('say what is bound beyond them, and what machines are taken to be there', () => {
    const bound = breakEven({ ...stated, months: 6, purchases: ['reserved-3y'] }, catalog);
    expect(bound.cashFlows[0]?.committedUsd).toBeGreaterThan(0);
    expect(bound.warnings.join()).toContain('stay bound by contracts beyond the last month');
    expect(bound.answer).toContain('stay bound by contracts beyond the plan and are in no sum');
    const { usdPerGpuHour: _, ...own } = stated;
    const grown = breakEven({ ...own, months: 24, purchases: ['owned'], capexUsd: 3e5, kilowatts: 8, demandTrend: '200%/year' }, catalog);
    expect(grown.warnings.join()).toMatch(/machines that growth adds to the first \d+ are taken to be there too/);
  });

  it('hold every month in rows of quarters and years', () => {
    for (const [months, title] of [
      [40, 'Quarter by quarter'],
      [120, 'Quarter by quarter'],
      [36, 'Month by month'],
    ] as const) {
      const long = breakEven({ ...plan, months, discount: 0 }, catalog);
      const [fleet] = long.offers;
      if (!fleet) throw new Error('no fleet');
      const { rows } = cashFlowTable(long, fleet);
      const paid = rows.reduce((sum, { cells }) => sum + Number(cells[3]), 0);
      expect(paid).toBeCloseTo(long.cashFlows[0]?.totalHostUsd ?? 0, 2);
      expect(renderText(breakEvenReport(long), { width: 120 })).toContain(title);
    }
  });

  it('buy machines, deduct them and pay them back', () => {
    const owned: BreakEvenQuery = {
      ...stated,
      months: 48,
      lens: 'fully-loaded',
      purchases: ['owned'],
      capexUsd: 300_000,
      kilowatts: 8,
      tokensPerMonth: 100e9,
      apiTrend: 'constant',
      rentTrend: 'constant',
    };
    delete (owned as { usdPerGpuHour?: number }).usdPerGpuHour;
    const [before] = breakEven(owned, catalog).cashFlows;
    const [after] = breakEven({ ...owned, depreciation: 'us-macrs-5', taxRate: 0.25 }, catalog).cashFlows;
    expect(before?.rows[0]?.hostUsd).toBeCloseTo(300_000 * (before?.rows[1]?.instances ?? 0), 6);
    expect(before?.endUsd).toBeGreaterThan(0);
    expect(before?.internalRate.code).toBe('one');
    expect(before?.payback.finalMonth).toBeGreaterThan(0);
    expect(after?.totalApiUsd).toBeCloseTo(0.75 * (before?.totalApiUsd ?? 0), 4);
    expect(after?.totalHostUsd).toBeCloseTo(0.75 * (before?.totalHostUsd ?? 0), 4);
    expect(after?.savedPresentUsd).not.toBeCloseTo(0.75 * (before?.savedPresentUsd ?? 0), 0);
  });

  it('bind, ramp up, and start when asked', () => {
    const growing = breakEven({ ...plan, demandTrend: 'ramp 6 months', commitmentMonths: 12, start: '2027-03' }, catalog).cashFlows[0];
    expect(growing?.rows[1]).toMatchObject({ month: '2027-03', instances: 1 });
    expect(growing?.plan.host.instances).toMatchObject({ kind: 'rent', commitmentMonths: 12 });
    expect(growing?.rows.map(({ instances }) => instances)).toEqual(
      [...(growing?.rows.map(({ instances }) => instances) ?? [])].sort((a, b) => a - b),
    );
    const ramped = breakEven({ ...plan, lens: 'fully-loaded', rampMonths: 2, oneOffUsd: 10_000 }, catalog).cashFlows[0];
    expect(ramped?.rows[0]?.hostUsd).toBe(10_000);
    expect((ramped?.rows[1]?.hostUsd ?? 0) - (ramped?.rows[4]?.hostUsd ?? 0)).toBeCloseTo(ramped?.rows[1]?.apiUsd ?? 0, 6);
  });

  it('regret nothing where the best way is always the same', () => {
    const [certain] = answer.sensitivity;
    expect(certain?.options.map(({ cheapest }) => cheapest).sort()).toEqual([0, 0, 1]);
    expect(certain?.probability.value).toBe((flow?.savedPresentUsd ?? 0) > 0 ? 1 : 0);
    const doubtful = breakEven({ ...stated, months: 24 }, catalog).sensitivity[0];
    expect(doubtful?.options.reduce((sum, { cheapest }) => sum + cheapest, 0)).toBeCloseTo(1, 6);
    for (const { meanRegretUsd, p90RegretUsd } of doubtful?.options ?? []) {
      expect(meanRegretUsd).toBeGreaterThanOrEqual(0);
      expect(p90RegretUsd).toBeGreaterThanOrEqual(0);
    }
  });

  it('fulfil their schema, are the same again, and stand in the report', () => {
    const full = breakEven({ ...stated, months: 40 }, catalog);
    expect(breakEvenSchema.safeParse(JSON.parse(JSON.stringify(full))).error).toBeUndefined();
    expect(JSON.stringify(breakEven({ ...stated, months: 40 }, catalog))).toBe(JSON.stringify(full));
    const text = renderText(breakEvenReport(full), { width: 120 });
    for (const title of ['How sure over 40 months', 'What would turn it', 'Quarter by quarter', 'Over all months', 'Now, later or never'])
      expect(text).toContain(title);
    expect(full.answer).toMatch(/hosting is .* likely to be cheaper over 40 months/);
    expect(text).not.toContain('price changes after today');
    expect(turning({ rows: full.sensitivity[0]?.rows ?? [] }).length).toBeLessThanOrEqual(3);
  });

  it.each<[Partial<BreakEvenQuery>, string, RegExp]>([
    [{ months: 0 }, 'invalid', /--months/],
    [{ months: 121 }, 'invalid', /--months/],
    [{ apiTrend: 'ramp 6 months' }, 'invalid', /--api-trend: a price does not ramp up/],
    [{ start: '2020-01' }, 'invalid', /--start: a plan begins with facts that are known/],
    [{ start: '2027-13' }, 'invalid', /--start: not a month of the calendar/],
    [{ apiTrend: 'fast' }, 'unknown', /--api-trend.*kplan data trends/],
    [{ apiTrend: 'gpu-rent' }, 'unknown', /--api-trend/],
    [{ apiTrend: '10..-10%/year' }, 'invalid', /--api-trend: the low end is above the high end/],
    [{ apiTrend: '-120..0%/year' }, 'invalid', /--api-trend/],
    [{ rentTrend: '-10%/year, -20%/year' }, 'contradiction', /--rent-trend/],
    [{ demandTrend: 'ramp' }, 'invalid', /--demand-trend/],
    [{ commitmentMonths: 0 }, 'invalid', /--commitment/],
    [{ discount: -0.1 }, 'invalid', /--discount/],
    [{ months: 12, waitMonths: [12] }, 'invalid', /--wait/],
    [{ taxRate: 0.25 }, 'missing', /--depreciation/],
    [{ depreciation: 'us-macrs-5' }, 'missing', /--tax-rate/],
    [{ depreciation: 'macrs', taxRate: 0.2 }, 'unknown', /--depreciation/],
    [{ offers: ['any'] }, 'contradiction', /--rent: the rent is said twice/],
  ])('refuse %j', (more, code, message) => {
    const ask = () => breakEven({ ...stated, months: 24, ...more }, catalog);
    expect(ask).toThrow(message);
    try {
      ask();
    } catch (error) {
      expect((error as Fault).code).toBe(code);
    }
  });

  it('take a volume', () => {
    const { tokensPerMonth: _, ...without } = { ...stated, months: 24 };
    expect(() => breakEven(without, catalog)).toThrow(/--months: a cash flow depends on the volume/);
  });
});
