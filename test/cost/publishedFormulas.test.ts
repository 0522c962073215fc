import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blendedUsdPerMtok } from '../../src/cost/apiBill.ts';
import { costCrossings } from '../../src/cost/crossings.ts';
import { fleetFor, packing, staircase } from '../../src/cost/fleet.ts';
import { ownershipLines, staffUsdPerMonth } from '../../src/cost/ownership.ts';
import { paybackHours, paybackMonths } from '../../src/cost/payback.ts';
import { instanceCost } from '../../src/cost/purchase.ts';
import { requestLeaves } from '../../src/cost/tokenLeaves.ts';
import { OUTPUT_WEIGHT, splitPrice, usdPerMtok } from '../../src/cost/tokenSplit.ts';
import { breakEvenMtok, tokensOver } from '../../src/cost/volume.ts';
import { kimiList, machine, tariffOf } from '../support/tariffs.ts';

const rate = fc.double({ min: 0.01, max: 1e5, noNaN: true });

describe('GKE recommender: one GPU bill split between input and output', () => {
  it('an output token counts as four of input, and the parts make up the bill', () => {
    expect(OUTPUT_WEIGHT).toBe(4);
    fc.assert(
      fc.property(rate, rate, rate, fc.double({ min: 0.5, max: 20, noNaN: true }), (usdPerSecond, input, output, weight) => {
        const { inputUsdPerMtok, outputUsdPerMtok } = splitPrice(usdPerSecond, input, output, weight);
        expect(outputUsdPerMtok / inputUsdPerMtok).toBeCloseTo(weight, 9);
        expect((input * inputUsdPerMtok + output * outputUsdPerMtok) / 1e6 / usdPerSecond).toBeCloseTo(1, 9);
      }),
    );
  });

  it('a machine that only writes costs per output token what InferenceX says', () => {
    expect(splitPrice(36 / 3600, 0, 10_000).outputUsdPerMtok).toBeCloseTo(usdPerMtok(36, 10_000, 1), 12);
  });
});

// InferenceX: USD per GPU-hour of an H200, SemiAnalysis constants of 2026-04-03; tokens/s per GPU as in a run of 4,000 in and 1,000 out.
describe('InferenceX: three cost books times three denominators', () => {
  it.each([
    ['owned by a hyperscaler', 1.41, [0.07833, 0.09792, 0.39167]],
    ['owned by a neocloud', 1.74, [0.09667, 0.12083, 0.48333]],
    ['rented for 3 years', 1.6, [0.08889, 0.11111, 0.44444]],
  ])('%s, per total, input and output token', (_, usdPerGpuHour, expected) => {
    const tokensPerSecond = [5000, 4000, 1000];
    expect(tokensPerSecond.map((each) => Number(usdPerMtok(usdPerGpuHour, each, 1).toFixed(5)))).toEqual(expected);
  });
});

describe('formulas of a break-even', () => {
  const shares = (reuse: number) => requestLeaves(84, 1, { reuse, writeShare: 0, thinkingShare: 0 });

  it('self-host price: rises as utilisation falls, by its reciprocal', () => {
    fc.assert(
      fc.property(rate, rate, fc.double({ min: 0.01, max: 1, noNaN: true }), (usdPerHour, tokensPerSecond, utilisation) => {
        const [full, part] = [usdPerMtok(usdPerHour, tokensPerSecond, 1), usdPerMtok(usdPerHour, tokensPerSecond, utilisation)];
        expect((part * utilisation) / full).toBeCloseTo(1, 9);
        expect(part).toBeGreaterThanOrEqual(full);
      }),
    );
  });

  it('rented: every instance is paid for all hours, idle ones included', () => {
    const stairs = staircase(1e6, 8 * 3.59 * 730, packing(8, 8));
    expect(fleetFor(1, stairs).usdPerMonth).toBeCloseTo(20_965.6, 6);
    expect(fleetFor(1e6, stairs).usdPerMonth).toBe(fleetFor(1, stairs).usdPerMonth);
  });

  it('owned: depreciation, cost of capital, power, colocation, maintenance and staff of an hour', () => {
    const inputs = { lifeYears: 4, residualShare: 0.2, costOfCapital: 0.08, maintenanceShare: 0.05, pue: 1.4, usdPerKwh: 0.12 };
    const lines = ownershipLines({ ...machine, ...inputs, capexUsd: 277_897.75, kilowatts: 10.2 }, 730);
    const staff = { code: 'staff', usdPerMonth: staffUsdPerMonth(8, 0.25, 18_000) } as const;
    expect(lines.map(({ code, usdPerMonth }) => [code, Number((usdPerMonth / 730).toFixed(4))])).toEqual([
      ['depreciation', 6.3447],
      ['cost-of-capital', 2.5379],
      ['maintenance', 1.5862],
      ['energy', 1.7136],
      ['colocation', 2.0548],
      ['network', 0],
    ]);
    expect(instanceCost([...lines, staff], 'fully-loaded') / 730).toBeCloseTo(20.4016, 3);
    expect(instanceCost([...lines, staff], 'incremental') / 730).toBeCloseTo(1.5862 + 1.7136 + 2.0548, 3);
  });

  it('blended API price: by the shares of input and output and the hit rate', () => {
    expect(blendedUsdPerMtok(kimiList, shares(71 / 84))).toBeCloseTo(0.3511, 4);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (hit) => {
        const [input, output] = [84 / 85, 1 / 85];
        const expected = input * (hit * 0.19 + (1 - hit) * 0.95) + output * 4;
        expect(blendedUsdPerMtok(kimiList, shares(hit))).toBeCloseTo(expected, 12);
      }),
    );
  });

  it('break-even volume: where the line of the API meets what machines cost that are never full', () => {
    const price = blendedUsdPerMtok(kimiList, shares(0));
    const endless = staircase(1e15, 4613.6, packing(8, 8));
    expect(costCrossings(price / 1e6, endless).finalRequests).toBeCloseTo(breakEvenMtok(4613.6, price) * 1e6, 3);
    expect(breakEvenMtok(4613.6, 0)).toBe(Number.POSITIVE_INFINITY);
  });

  it('break-even months and hours: never where running costs as much as is avoided', () => {
    expect(paybackMonths(240_000, 10_000, 2000)).toBe(30);
    expect(paybackMonths(240_000, 2000, 2000)).toBeNull();
    expect(paybackMonths(240_000, 1999, 2000)).toBeNull();
    expect(paybackHours(240_000, 2, 1)).toBeCloseTo(240_000, 6);
    expect(paybackHours(240_000, 1, 2)).toBeNull();
  });

  it('break-even utilisation: there the machine costs per token what the API takes', () => {
    const api = blendedUsdPerMtok(tariffOf({ inputUsdPerMtok: 1, outputUsdPerMtok: 1 }), shares(0));
    const utilisation = usdPerMtok(28.72, 20_000, 1) / api;
    expect(utilisation).toBeCloseTo(0.3989, 4);
    expect(usdPerMtok(28.72, 20_000, utilisation)).toBeCloseTo(api, 12);
    expect(breakEvenMtok(28.72 * 730, api) * 1e6).toBeCloseTo(tokensOver(20_000 * utilisation, 730), 3);
  });
});
