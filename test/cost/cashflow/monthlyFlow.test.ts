import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterTax, taxedPurchase } from '../../../src/cost/cashflow/afterTax.ts';
import { compareFlows, flowPayback, regrets, waitOptions } from '../../../src/cost/cashflow/flowComparison.ts';
import { type InstanceTerms, resaleUsd } from '../../../src/cost/cashflow/instances.ts';
import { apiFlow, closedFlow, type FlowPlan, type HostTerms, hostFlow } from '../../../src/cost/cashflow/monthlyFlow.ts';
import { netPresentValue } from '../../../src/cost/cashflow/netPresentValue.ts';
import { type Trend, trendFactor } from '../../../src/cost/cashflow/trend.ts';
import { parseTrend } from '../../../src/cost/cashflow/trendText.ts';
import { fleetCounts } from '../../../src/cost/fleet.ts';
import { paybackMonths } from '../../../src/cost/payback.ts';
import { flowPlan } from '../../support/flowPlans.ts';

const trend = (text: string): Trend => parseTrend(text, 'trend', '2026-12');
const total = (values: readonly number[]) => values.reduce((sum, usd) => sum + usd, 0);
const hosted = (host: Partial<HostTerms>, rest: Partial<FlowPlan> = {}): FlowPlan => ({
  ...flowPlan,
  ...rest,
  host: { ...flowPlan.host, ...host },
});
const replicas = (perDemand: number): Pick<HostTerms, 'fleet'> => ({
  fleet: { ...flowPlan.host.fleet, requestsPerReplica: flowPlan.requestsPerMonth / perDemand },
});
const rented = (commitmentMonths: number, price: Trend = []): InstanceTerms => ({
  kind: 'rent',
  usdPerMonth: 10_000,
  price,
  commitmentMonths,
});

const anyTrend = fc
  .record({
    perYear: fc.double({ min: -0.9, max: 2, noNaN: true }),
    month: fc.nat(60),
    change: fc.double({ min: -0.9, max: 1, noNaN: true }),
  })
  .map(
    ({ perYear, month, change }): Trend => [
      { kind: 'rate', perYear },
      { kind: 'step', month, change },
    ],
  );
const anyInstances: fc.Arbitrary<InstanceTerms> = fc.oneof(
  fc.record({
    kind: fc.constant('rent' as const),
    usdPerMonth: fc.nat(90_000),
    price: anyTrend,
    commitmentMonths: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({
    kind: fc.constant('buy' as const),
    usd: fc.nat(500_000),
    price: anyTrend,
    lifeMonths: fc.integer({ min: 1, max: 60 }),
    residualShare: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
);
const anyPlan: fc.Arbitrary<FlowPlan> = fc.record({
  months: fc.integer({ min: 1, max: 60 }),
  requestsPerMonth: fc.nat(1_000),
  demand: anyTrend,
  api: fc.record({ usdPerRequest: fc.nat(100), price: anyTrend }),
  host: fc.record({
    fleet: fc.record({
      requestsPerReplica: fc.integer({ min: 100, max: 3_000 }),
      replicasPerStep: fc.integer({ min: 1, max: 2 }),
      instancesPerStep: fc.integer({ min: 1, max: 2 }),
      spareReplicas: fc.nat(2),
    }),
    instances: anyInstances,
    runningUsdPerMonth: fc.nat(9_000),
    oneOffUsd: fc.nat(50_000),
    overlapMonths: fc.nat(4),
  }),
});

describe('the flow of hosting', () => {
  it('begun after no months is hosting now, after all of them the API', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        expect(hostFlow(plan, 0)).toEqual(hostFlow(plan));
        expect(closedFlow(hostFlow(plan, plan.months))).toEqual(closedFlow(apiFlow(plan)));
      }),
    );
  });

  it('always pays enough instances, and to the start what the API takes', () => {
    fc.assert(
      fc.property(anyPlan, fc.nat(60), (plan, wait) => {
        const waitMonths = Math.min(wait, plan.months);
        const { usd, instances } = hostFlow(plan, waitMonths);
        expect(usd.length).toBe(plan.months + 1);
        expect(usd.slice(0, waitMonths)).toEqual(apiFlow(plan).usd.slice(0, waitMonths));
        for (const [month, count] of instances.entries()) {
          const requests = plan.requestsPerMonth * trendFactor(plan.demand, month);
          expect(count).toBeGreaterThanOrEqual(month < waitMonths ? 0 : fleetCounts(requests, plan.host.fleet).instances);
        }
      }),
    );
  });

  it('binds the rent for the length of a contract, then takes that of the market', () => {
    const plan = hosted({ instances: rented(12, trend('-50%/year')), runningUsdPerMonth: 0 }, { months: 24 });
    const { usd, committedUsd } = hostFlow(plan);
    expect(usd.slice(0, 3)).toEqual([0, 10_000, 10_000]);
    expect(usd.slice(12, 14)).toEqual([10_000, 5_000]);
    expect(committedUsd).toBe(0);
    expect(total(hostFlow(hosted({ ...plan.host, instances: rented(1, trend('-50%/year')) }, plan)).usd)).toBeLessThan(total(usd));
    expect(hostFlow(plan, 6).committedUsd).toBeCloseTo(6 * 10_000 * 0.5 ** 1.5, 6);
  });

  it('keeps what was contracted when demand falls, and lets go after', () => {
    const falling: Partial<FlowPlan> = { months: 12, demand: trend('2027-02:-50%') };
    const perDemand = replicas(2);
    expect(hostFlow(hosted({ ...perDemand, instances: rented(6) }, falling)).instances).toEqual([2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1]);
    expect(hostFlow(hosted({ ...perDemand, instances: rented(1) }, falling)).instances.slice(0, 4)).toEqual([2, 2, 1, 1]);
  });

  it('sells a machine at the end of its life and buys the next at the price of then', () => {
    const machine = { kind: 'buy', usd: 100_000, price: trend('-20%/year'), lifeMonths: 24, residualShare: 0.1 } as const;
    const { usd, endUsd, purchases } = hostFlow(hosted({ instances: machine, runningUsdPerMonth: 0 }, { months: 36 }));
    expect(purchases.map(({ from, until }) => [from, until])).toEqual([
      [0, 24],
      [24, 36],
    ]);
    expect(usd[0]).toBe(100_000);
    expect(usd[24]).toBeCloseTo(64_000 - 10_000, 6);
    expect(endUsd).toBeCloseTo(64_000 * 0.55, 6);
    expect(resaleUsd(64_000, machine, 12)).toBeCloseTo(endUsd, 6);
  });

  it('pays the API through the overlap, and one-off sums when it starts', () => {
    const plan = hosted({ overlapMonths: 2, oneOffUsd: 20_000 });
    expect(hostFlow(plan).usd.slice(0, 4)).toEqual([260_000, 18_000, 18_000, 3_000]);
    expect(hostFlow(plan, 1).usd.slice(0, 5)).toEqual([0, 275_000, 18_000, 18_000, 3_000]);
  });

  it('grows with a ramp of demand', () => {
    const plan = hosted({ ...replicas(4), instances: rented(12) }, { months: 8, demand: trend('ramp 6 months') });
    expect(hostFlow(plan).instances).toEqual([1, 1, 2, 3, 3, 4, 4, 4]);
    expect(total(apiFlow(plan).usd)).toBeCloseTo(5 * 15_000, 6);
  });

  it.each<[FlowPlan, string]>([
    [{ ...flowPlan, months: 0 }, 'months'],
    [{ ...flowPlan, months: 1.5 }, 'months'],
    [{ ...flowPlan, api: { usdPerRequest: -1, price: [] } }, 'api.usdPerRequest'],
    [{ ...flowPlan, demand: [{ kind: 'rate', perYear: -1 }] }, 'demand[0].perYear'],
    [{ ...flowPlan, api: { usdPerRequest: 1, price: [{ kind: 'step', month: -1, change: 0 }] } }, 'api.price[0].month'],
    [{ ...flowPlan, demand: [{ kind: 'ramp', shape: 's', months: 0, from: 0 }] }, 'demand[0].months'],
    [hosted({ instances: rented(1, [{ kind: 'step', month: 1, change: -2 }]) }), 'instances.price[0].change'],
    [{ ...flowPlan, requestsPerMonth: -1 }, 'requestsPerMonth'],
    [hosted({ fleet: { ...flowPlan.host.fleet, requestsPerReplica: 0 } }), 'host.fleet.requestsPerReplica'],
    [hosted({ runningUsdPerMonth: Number.NaN }), 'host.runningUsdPerMonth'],
    [hosted({ overlapMonths: -1 }), 'host.overlapMonths'],
    [hosted(replicas(1e12)), 'demand'],
    [hosted({ instances: rented(0) }), 'instances.commitmentMonths'],
    [hosted({ instances: { kind: 'buy', usd: 1, price: [], lifeMonths: 12, residualShare: 1.2 } }), 'instances.residualShare'],
  ])('names what is wrong, case %#', (plan, where) => {
    expect(() => hostFlow(plan)).toThrow(where);
  });

  it('cannot wait longer than the plan', () => {
    expect(() => hostFlow(flowPlan, 49)).toThrow('waitMonths');
  });
});

describe('payback of a flow', () => {
  it('is the closed form where nothing changes', () => {
    const sums = fc.record({ usd: fc.integer({ min: 1, max: 900_000 }), bill: fc.nat(90_000), running: fc.nat(90_000) });
    fc.assert(
      fc.property(sums, ({ usd, bill, running }) => {
        const instances = { kind: 'buy', usd, price: [], lifeMonths: 600, residualShare: 0 } as const;
        const plan = hosted({ instances, runningUsdPerMonth: running }, { requestsPerMonth: 1, api: { usdPerRequest: bill, price: [] } });
        const months = paybackMonths(usd, bill, running);
        const { finalMonth } = compareFlows(hostFlow(plan), apiFlow(plan), 0).payback;
        if (months === null || months > plan.months) expect(finalMonth).toBeNull();
        else expect(finalMonth).toBeCloseTo(months, 8);
      }),
    );
  });

  it('comes again and again where the bill falls below the running cost', () => {
    expect(flowPayback([-10, 10, -10, 10, 10])).toEqual({
      finalMonth: 2.5,
      crossings: [
        { month: 0.5, aheadBeyond: true },
        { month: 1.5, aheadBeyond: false },
        { month: 2.5, aheadBeyond: true },
      ],
    });
    expect(flowPayback([-1, 1, -1]).finalMonth).toBeNull();
    expect(flowPayback([0, 0, 5]).finalMonth).toBe(0);
    expect(flowPayback([-5, 0, 0, 1]).finalMonth).toBe(1);
    expect(() => flowPayback([])).toThrow('no months');
  });

  it('agrees with the sums: in the red before, and never again after the last crossing', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const { cumulativeUsd, payback } = compareFlows(hostFlow(plan), apiFlow(plan), 0.08);
        const { finalMonth, crossings } = payback;
        const noise = 1e-9 * Math.max(...cumulativeUsd.map(Math.abs));
        if (finalMonth === null) expect(cumulativeUsd.at(-1)).toBeLessThan(0);
        else for (const usd of cumulativeUsd.slice(Math.ceil(finalMonth))) expect(usd).toBeGreaterThanOrEqual(-noise);
        for (const [place, { aheadBeyond }] of crossings.entries()) expect(aheadBeyond).not.toBe(crossings[place - 1]?.aheadBeyond);
      }),
    );
  });
});

describe('a comparison of flows', () => {
  it('has the sum as its present value at no rate, and worth 0 at its internal rate', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const { savedUsd, totalUsd, netPresentValueUsd, internal } = compareFlows(hostFlow(plan), apiFlow(plan), 0);
        const size = total(savedUsd.map(Math.abs));
        expect(Math.abs(netPresentValueUsd - totalUsd)).toBeLessThanOrEqual(1e-12 * size);
        for (const { residual } of internal?.rates ?? []) expect(residual).toBeLessThan(1e-9);
      }),
    );
  });

  it('has no internal rate where nothing differs', () => {
    expect(compareFlows(apiFlow(flowPlan), apiFlow(flowPlan), 0.08).internal).toBeNull();
  });

  it('regrets nothing for the cheapest, and the difference for others', () => {
    fc.assert(
      fc.property(anyPlan, fc.double({ min: 0, max: 0.5, noNaN: true }), (plan, rate) => {
        const [api, host] = regrets([apiFlow(plan), hostFlow(plan)], rate);
        expect(Math.min(api?.regretUsd ?? 1, host?.regretUsd ?? 1)).toBe(0);
        const saved = compareFlows(hostFlow(plan), apiFlow(plan), rate).netPresentValueUsd;
        const size = Math.abs(api?.presentUsd ?? 0) + Math.abs(host?.presentUsd ?? 0);
        expect(Math.abs((api?.presentUsd ?? 0) - (host?.presentUsd ?? 0) - saved)).toBeLessThanOrEqual(1e-9 * size + 1e-6);
      }),
    );
  });

  it('waiting pays where machines get cheaper faster than the API is dear', () => {
    const machine = { kind: 'buy', usd: 240_000, price: trend('2027-06:-60%'), lifeMonths: 48, residualShare: 0 } as const;
    const options = waitOptions(hosted({ instances: machine }), [0, 3, 6, 12, 48], 0.08);
    expect(options.filter(({ regretUsd }) => regretUsd === 0).map(({ waitMonths }) => waitMonths)).toEqual([6]);
  });

  it('refuses flows of different lengths, and none', () => {
    const shorter = apiFlow({ ...flowPlan, months: 12 });
    expect(() => compareFlows(shorter, apiFlow(flowPlan), 0)).toThrow('contradiction flow: flows of different lengths');
    expect(() => regrets([apiFlow(flowPlan), shorter], 0)).toThrow('different lengths');
    expect(() => regrets([], 0)).toThrow('no flows');
    expect(() => compareFlows(apiFlow(flowPlan), apiFlow(flowPlan), -1)).toThrow('rate');
  });
});

describe('taxes', () => {
  const macrs5 = { shares: [0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576] };

  it('take their share of the whole whatever the schedule, and only move it in time', () => {
    const schedules = fc.constantFrom({ shares: [1] }, macrs5, { shares: [0.5, 0.5] });
    fc.assert(
      fc.property(anyPlan, schedules, fc.double({ min: 0, max: 0.6, noNaN: true }), (plan, schedule, taxRate) => {
        const flow = hostFlow(plan);
        const before = total(closedFlow(flow));
        const size = total(flow.usd.map(Math.abs)) + flow.purchases.reduce((sum, { usd }) => sum + usd, 0);
        const after = total(closedFlow(afterTax(flow, schedule, taxRate)));
        expect(Math.abs(after - (1 - taxRate) * before)).toBeLessThanOrEqual(1e-10 * size);
      }),
    );
  });

  it('deduct the cost less the sale', () => {
    const purchase = { count: 1, from: 3, until: 30, usd: 100_000, saleUsd: 40_000 };
    const { deductions, gainUsd } = taxedPurchase(purchase, macrs5);
    expect(deductions.map(({ month }) => month)).toEqual([15, 27]);
    expect(total(deductions.map(({ usd }) => usd)) - gainUsd).toBeCloseTo(60_000, 6);
  });

  it('cost less today where more is deducted early', () => {
    const today = (shares: number[]) => netPresentValue(closedFlow(afterTax(hostFlow(flowPlan), { shares }, 0.25)), 0.01);
    expect(today([1])).toBeLessThan(today([0.25, 0.25, 0.25, 0.25]));
  });

  it('without a tax rate change nothing, and beyond 99 % are refused', () => {
    expect(afterTax(hostFlow(flowPlan), macrs5, 0)).toEqual(hostFlow(flowPlan));
    expect(() => afterTax(hostFlow(flowPlan), macrs5, 1)).toThrow('taxRate');
  });
});
