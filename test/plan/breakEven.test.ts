import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { Fault } from '../../src/faults/fault.ts';
import { type BreakEvenQuery, breakEven } from '../../src/plan/breakEven/breakEven.ts';
import type { BreakEvenAnswer } from '../../src/plan/breakEven/breakEvenAnswer.ts';
import type { Catalog } from '../../src/plan/catalog.ts';

const catalog = loadCatalog();
const ask = (query: Partial<BreakEvenQuery>, facts: Catalog = catalog) =>
  breakEven({ gpu: ['h200'], workload: 'kimi-chat', ...query }, facts);

/** Every number of an answer is finite. */
function expectFinite(value: unknown, path = 'answer'): void {
  if (typeof value === 'number') expect(Number.isFinite(value), `${path} = ${value}`).toBe(true);
  if (typeof value === 'string') expect(value, path).not.toMatch(/\bNaN\b|Infinity|undefined/);
  if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) expectFinite(inner, `${path}.${key}`);
}

/** What both sides cost at a volume, from the lines of the answer alone. */
function sides(answer: BreakEvenAnswer, tariff: string, requests: number): { api: number; selfHost: number } {
  const line = answer.tariffs.find(({ id }) => id === tariff);
  const [fleet] = answer.offers;
  if (!line || !fleet?.requestsPerSecond) throw new Error('no pair');
  const perStep = fleet.requestsPerSecond.value * 3600 * 730 * fleet.replicasPerInstance;
  const steps = Math.ceil((requests / perStep) * (1 - 1e-12));
  return { api: requests * line.usdPerRequest, selfHost: steps * fleet.instancesPerReplica * fleet.usdPerInstanceMonth.value };
}

describe('breakEven', () => {
  it('compares 8×H200 with the list price and the cheapest host by default', () => {
    const answer = ask({});
    expect(answer.tariffs.map(({ role }) => role)).toEqual(['list', 'cheapest-host']);
    expect(answer.tariffs[0]).toMatchObject({ inputUsdPerMtok: 0.95, cacheReadUsdPerMtok: 0.19, outputUsdPerMtok: 4 });
    expect(answer.offers[0]).toMatchObject({ gpu: 'h200-sxm', gpusPerReplica: 8, gpusPerInstance: 8, layout: { tp: 8, pp: 1 } });
    expect(answer.offers[0]?.requestsPerSecond?.basis).toBe('modelled');
    expect(answer.verdicts).toHaveLength(2);
    expectFinite(answer);
  });

  it('satisfies both sides at every crossing', () => {
    const answer = ask({ inputTokens: 8192, outputTokens: 1024, reuse: 0 });
    expect(answer.crossings.length).toBeGreaterThan(0);
    for (const { tariff, requestsPerMonth, cheaperBeyond, final } of answer.crossings) {
      const at = sides(answer, tariff, requestsPerMonth);
      const beyond = sides(answer, tariff, requestsPerMonth * (1 + 1e-6));
      if (cheaperBeyond === 'self-host') expect(at.api / at.selfHost).toBeCloseTo(1, 9);
      expect(beyond.selfHost < beyond.api).toBe(cheaperBeyond === 'self-host');
      if (final)
        for (let factor = 1; factor < 20; factor += 0.013)
          expect(sides(answer, tariff, requestsPerMonth * factor).selfHost).toBeLessThanOrEqual(
            sides(answer, tariff, requestsPerMonth * factor).api * (1 + 1e-9),
          );
    }
  });

  it('never breaks even earlier on dearer GPUs', () => {
    const at = (factor: number) =>
      ask({}, { ...catalog, offers: catalog.offers.map((offer) => ({ ...offer, usdPerGpuHour: offer.usdPerGpuHour * factor })) });
    const volumes = [0.5, 0.75, 1, 1.25, 1.5, 2, 4].map(
      (factor) => at(factor).crossings.find(({ final }) => final)?.requestsPerMonth ?? Number.MAX_VALUE,
    );
    expect(volumes).toEqual([...volumes].sort((a, b) => a - b));
  });

  it('does not depend on the currency unit: all prices times ten give the same volumes', () => {
    const { staffing } = catalog.planning;
    const { low, value, high } = staffing.usdPerFteMonth;
    const tenfoldStaff = { ...staffing, usdPerFteMonth: { ...staffing.usdPerFteMonth, low: low * 10, value: value * 10, high: high * 10 } };
    const tenfold: Catalog = {
      ...catalog,
      offers: catalog.offers.map((offer) => ({ ...offer, usdPerGpuHour: offer.usdPerGpuHour * 10 })),
      planning: { ...catalog.planning, staffing: tenfoldStaff },
      tariffs: catalog.tariffs.map((tariff) => ({
        ...tariff,
        inputUsdPerMtok: tariff.inputUsdPerMtok * 10,
        cacheReadUsdPerMtok: tariff.cacheReadUsdPerMtok === null ? null : tariff.cacheReadUsdPerMtok * 10,
        outputUsdPerMtok: tariff.outputUsdPerMtok * 10,
      })),
    };
    const [plain, scaled] = [ask({}), ask({}, tenfold)];
    expect(scaled.crossings).toHaveLength(plain.crossings.length);
    for (const [index, { requestsPerMonth }] of plain.crossings.entries())
      expect((scaled.crossings[index]?.requestsPerMonth ?? 0) / requestsPerMonth).toBeCloseTo(1, 9);
  });

  it('leaves an end of the band open where a tenth of the samples never break even', () => {
    const [first] = ask({}).crossings;
    const [verdict] = ask({}).verdicts;
    expect(verdict?.probability).toBeGreaterThan(0);
    if ((verdict?.probability ?? 1) < 0.9) expect(first?.tokensPerMonth).toMatchObject({ high: null, code: 'never-at-full-use' });
  });

  it('prices both sides at the asked volume, in cents', () => {
    const [row, ...others] = ask({ tokensPerMonth: 20e9 }).monthly;
    expect(others).toEqual([]);
    expect(row).toMatchObject({ tokensPerMonth: 20e9, replicas: 1, instances: 1 });
    expect(row?.selfHostUsd.value).toBe(Math.round((row?.selfHostUsd.value ?? 0) * 100) / 100);
  });

  it('has no break-even without traffic, and stays finite for absurd traffic', () => {
    const idle = ask({ tokensPerMonth: 0 });
    expect(idle.verdicts.map(({ code }) => code)).toEqual(['no-traffic', 'no-traffic']);
    expect(idle.crossings).toEqual([]);
    expect(idle.monthly[0]).toMatchObject({ replicas: 0, utilisation: 0, selfHostUsd: { low: 0, value: 0, high: 0 } });
    expectFinite(idle);
    expectFinite(ask({ tokensPerMonth: 1e18 }));
  });

  it('models A100, where nothing was measured, in a band that says so, and takes the speed that the user states', () => {
    const silent = ask({ gpu: ['a100'] });
    expect(silent.offers[0]).toMatchObject({ layout: { tp: 8, pp: 2 }, instancesPerReplica: 2, requestsPerSecond: { basis: 'modelled' } });
    expect(silent.offers[0]?.capacityMethod).toContain('measured on other GPUs of the vendor only');
    expect(silent.warnings.join()).toContain('is modelled, not measured');
    const stated = ask({ gpu: ['a100'], tokensPerSecond: 20_000 });
    expect(stated.offers[0]?.requestsPerSecond?.basis).toBe('assumed');
    expect(stated.verdicts[0]?.code).toBe('break-even');
    expectFinite(silent);
    expectFinite(stated);
  });

  it('says does-not-fit where no fleet holds the model, and no-offer where nobody sells it', () => {
    expect(ask({ gpu: ['h200:4'] }).verdicts[0]).toMatchObject({ code: 'does-not-fit', offer: 'h200-sxm' });
    expect(ask({}, { ...catalog, offers: [] }).verdicts[0]).toMatchObject({ code: 'no-offer' });
  });

  it('never breaks even where both sides cost the same', () => {
    const offer = catalog.offers.find(({ gpu, pricing }) => gpu === 'h200-sxm' && pricing === 'on-demand')?.id ?? '';
    const [fleet] = ask({ tokensPerSecond: 10_000, ftePerEightGpus: 0, offers: [offer] }).offers;
    const full = (fleet?.requestsPerSecond?.value ?? 0) * 3600 * 730;
    const usdPerMtok = (((fleet?.usdPerInstanceMonth.value ?? 0) * (fleet?.instancesPerReplica ?? 0)) / full / (12_035 + 343)) * 1e6;
    const flat = {
      id: 'flat',
      provider: 'p',
      providerName: 'P',
      providerKind: 'host',
      model: 'kimi-k2.7-code',
      tier: 'standard',
      cacheReadUsdPerMtok: null,
      cacheWriteUsdPerMtok: null,
      cacheWrite1hUsdPerMtok: null,
      thinkingUsdPerMtok: null,
      conditions: [],
      currency: 'USD',
      from: null,
      until: null,
      date: '2026-01-01',
      source: catalog.tariffs[0]?.source ?? '',
    } as const;
    const priced = (usd: number): Catalog => ({ ...catalog, tariffs: [{ ...flat, inputUsdPerMtok: usd, outputUsdPerMtok: usd }] });
    expect(
      ask({ tokensPerSecond: 10_000, ftePerEightGpus: 0, offers: [offer], tariffs: ['flat'] }, priced(usdPerMtok * 0.999999)).verdicts[0]
        ?.code,
    ).toBe('never');
    expect(ask({ tokensPerSecond: 10_000, ftePerEightGpus: 0, offers: [offer], tariffs: ['flat'] }, priced(0)).verdicts[0]?.code).toBe(
      'never',
    );
    expect(
      ask({ tokensPerSecond: 10_000, ftePerEightGpus: 0, offers: [offer], tariffs: ['flat'] }, priced(usdPerMtok * 1.01)).crossings.length,
    ).toBeGreaterThan(60);
  });

  it('takes an offer and tariffs by id, and knows nothing later than the day', () => {
    const offer = catalog.offers.find(({ gpu, pricing }) => gpu === 'h200-sxm' && pricing === 'on-demand');
    const tariff = catalog.tariffs.find(({ model }) => model === 'kimi-k2.7-code');
    if (!offer || !tariff) throw new Error('the catalog lacks an offer or a tariff');
    const answer = ask({ offers: [offer.id], tariffs: [tariff.id] });
    expect(answer.offers[0]).toMatchObject({ id: offer.id, usdPerGpuHour: { low: offer.usdPerGpuHour, high: offer.usdPerGpuHour } });
    expect(answer.tariffs).toMatchObject([{ id: tariff.id, role: 'asked' }]);
    expect(ask({ asOf: '2026-06-01' }).verdicts.every(({ code }) => code !== 'break-even')).toBe(true);
    expect(() => ask({ gpu: ['b200'], offers: [offer.id] })).toThrow(/contradiction --offer/);
  });

  it('says why there is no cheapest host, and that prices have aged', () => {
    const { tariffs, warnings } = ask({ asOf: '2030-01-01' });
    expect(tariffs.map(({ role }) => role)).toEqual(['list']);
    expect(warnings.join()).toMatch(/no host price of at most 180 days is known on 2030-01-01; the newest is of 2026-/);
  });

  it('says never only where hardly any sample breaks even, and offers what makes it likelier', () => {
    const { verdicts } = ask({ workload: 'agentic-coding' });
    expect(verdicts).not.toHaveLength(0);
    for (const { code, probability, remedy } of verdicts) {
      if (code === 'never') expect(probability).toBeLessThan(0.1);
      if (code === 'open') expect(probability).toBeGreaterThanOrEqual(0.1);
      if (remedy) expect(remedy.probability).toBeGreaterThanOrEqual((probability ?? 0) + 0.05);
    }
    expect(verdicts.some(({ remedy }) => remedy !== null)).toBe(true);
  });

  it('puts the best fleet first, in the sentence and in the list', () => {
    const { offers, answer } = ask({ gpu: ['b200', 'h200', 'a100'] });
    expect(offers.at(-1)?.gpu).toBe('a100-80-sxm');
    expect(answer).toContain(offers[0]?.gpuName);
  });

  it.each<[string, Partial<BreakEvenQuery>]>([
    ['unknown --gpu', { gpu: ['h20O'] }],
    ['unknown --workload', { workload: 'kimi-chta' }],
    ['unknown --offer', { offers: ['nobody'] }],
    ['unknown --tariff', { tariffs: ['nobody'] }],
    ['invalid --tokens-per-month', { tokensPerMonth: -1 }],
    ['invalid --tokens-per-month', { tokensPerMonth: Number.NaN }],
    ['invalid --tokens-per-month', { tokensPerMonth: Number('1e309') }],
    ['invalid --tokens-per-second', { tokensPerSecond: 0 }],
    ['invalid --tokens-per-second', { tokensPerSecond: { low: 3, value: 2, high: 4 } }],
    ['invalid --hours-per-month', { hoursPerMonth: 0 }],
    ['invalid --max-load', { maxLoad: 0 }],
    ['invalid --max-load', { maxLoad: 1.1 }],
    ['invalid --reuse', { reuse: 1.5 }],
    ['invalid --reuse', { reuse: -0.1 }],
    ['invalid --input-tokens', { inputTokens: 0 }],
    ['invalid --input-tokens', { inputTokens: 300_000 }],
    ['invalid --output-tokens', { outputTokens: Number.POSITIVE_INFINITY }],
    ['invalid --utilization', { utilization: 0 }],
    ['invalid --as-of', { asOf: '2026-02-30' }],
  ])('refuses bad input: %s', (message, query) => {
    expect(() => ask(query)).toThrow(Fault);
    expect(() => ask(query)).toThrow(message);
  });
});
