import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Offer } from '../../../src/cost/offer.ts';
import { importOffers } from '../../../src/importers/offers/index.ts';
import { usdPerGpuHour } from '../../../src/importers/offers/offerRow.ts';
import { h100Row, imported, LAMBDA, memoryEnvironment, SKYPILOT, table } from './support.ts';

const OWN: Offer = {
  id: 'lambda:h100-sxm:gpu-8x-h100-sxm5:us-east-1:on_demand@2026-11-10',
  provider: 'lambda',
  gpu: 'h100-sxm',
  gpusPerInstance: 8,
  instance: 'gpu_8x_h100_sxm5',
  region: 'us-east-1',
  pricing: 'on-demand',
  termMonths: null,
  usdPerGpuHour: 4.2,
  date: '2026-11-10',
  source: 'user',
};

describe('rows against what is known', () => {
  it('are compared with the newest row of their region up to their day, own or shipped', () => {
    const content = table(SKYPILOT, h100Row());
    expect(imported(content, LAMBDA, [OWN]).rows).toMatchObject([{ status: 'changed', percent: -5, before: { id: OWN.id, own: true } }]);
    expect(imported(content, { ...LAMBDA, date: '2026-11-09' }, [OWN]).rows).toMatchObject([
      { before: { date: '2026-03-16', own: false } },
    ]);
    expect(imported(table(SKYPILOT, h100Row({ region: 'mars' })), LAMBDA, [{ ...OWN, region: '', date: '2026-11-01' }]).rows).toMatchObject(
      [{ before: { usdPerGpuHour: 4.2 } }],
    );
    expect(imported(content, { provider: 'nobody', date: '2026-11-20' }).rows).toMatchObject([
      { status: 'new', percent: null, before: null },
    ]);
  });

  it('are appended once, and a past price never changes', () => {
    const files = { 'a.csv': table(SKYPILOT, h100Row()), 'b.csv': table(SKYPILOT, h100Row({ price: '40' })) };
    const environment = memoryEnvironment(files);
    expect(importOffers(['a.csv'], LAMBDA, environment)).toMatchObject({
      added: 1,
      answer: '1 price added to kplan-catalog/offers.csv (1 changed).',
    });
    expect(importOffers(['a.csv', 'a.csv'], LAMBDA, environment)).toMatchObject({ added: 0, answer: '2 there already.' });
    const changed = importOffers(['b.csv'], LAMBDA, environment);
    expect(changed.refused).toMatchObject([
      { code: 'contradiction', where: 'b.csv:2: Price', value: '5', allowed: expect.stringContaining('3.99') },
    ]);
    expect(importOffers(['b.csv'], { ...LAMBDA, date: '2026-11-21' }, environment).rows).toMatchObject([
      { percent: 25.3, before: { own: true } },
    ]);
    expect(environment.rows).toHaveLength(2);
  });
});

describe('prices far from all others', () => {
  it('are held back, and taken when asked', () => {
    const content = table(
      SKYPILOT,
      h100Row({ region: 'a' }),
      h100Row({ price: '3192', region: 'b' }),
      h100Row({ price: '0.3192', region: 'c' }),
    );
    const result = imported(content);
    expect(result.heldBack.map(({ where, usdPerGpuHour: usd }) => [where, usd])).toEqual([
      ['vms.csv:3: Price', 399],
      ['vms.csv:4: Price', 0.0399],
    ]);
    expect(result.rows).toHaveLength(1);
    expect(imported(content, { ...LAMBDA, keepOutliers: true })).toMatchObject({ heldBack: [], added: 3 });
  });

  it('are judged by the file where nothing else is known of the GPU', () => {
    const row = (price: string, region: string) => `gaudi,Gaudi3,1,8,100,${price},${region},,`;
    const regions = ['a', 'b', 'c', 'd', 'e'];
    const { heldBack } = imported(table(SKYPILOT, ...regions.map((region) => row('2', region)), row('20', 'f')));
    expect(heldBack).toMatchObject([{ usdPerGpuHour: 20, medianUsdPerGpuHour: 2 }]);
    expect(imported(table(SKYPILOT, row('2', 'a'), row('20', 'b'))).heldBack).toEqual([]);
  });
});

describe('price per GPU', () => {
  it('times the GPUs is the price of the instance, to a millionth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), fc.integer({ min: 1, max: 64 }), (tenThousandths, gpus) => {
        const usd = tenThousandths / 1e4;
        const perGpu = usdPerGpuHour(usd, gpus);
        expect(Math.abs(perGpu * gpus - usd)).toBeLessThanOrEqual(0.5e-6 * gpus + 1e-9);
        expect(String(perGpu)).toMatch(/^\d+(\.\d{1,6})?$|^\de-[67]$/);
      }),
    );
  });
});
