import { describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { type DataCheckAnswer, dataCheck } from '../../../src/plan/facts/dataCheck.ts';
import { AGE_LIMITS, type AgedFacts, standingFacts } from '../../../src/plan/facts/factAges.ts';
import { dataCheckSchema } from '../../../src/report/schema/dataCheck.ts';
import { offer, tariff } from './support.ts';

/** A type without readonly, all the way down. */
type Plain<T> = T extends readonly (infer Item)[] ? Plain<Item>[] : T extends object ? { -readonly [Key in keyof T]: Plain<T[Key]> } : T;

const catalog = loadCatalog();
const none = { tariffs: [], offers: [], workloads: [], servers: [], ownership: [], accounts: [], trends: [], depreciation: [] };

function facts(changes: Partial<AgedFacts>): AgedFacts {
  return { ...catalog, ...none, speed: { ...catalog.speed, measurements: [] }, ...changes };
}

describe('facts that count', () => {
  it('are the newest of each product up to the day', () => {
    const offers = [
      offer(),
      offer({ id: 'newer', date: '2026-09-20' }),
      offer({ id: 'later', date: '2026-11-23' }),
      offer({ id: 'spot', pricing: 'spot' }),
    ];
    expect(standingFacts(facts({ offers }), 'offers', '2026-11-22')).toEqual([
      { kind: 'offers', id: 'newer', date: '2026-09-20', days: 63 },
      { kind: 'offers', id: 'spot', date: '2026-03-16', days: 251 },
    ]);
    const tariffs = [tariff(), tariff({ id: 'portkey:together:k', date: '2026-08-21' })];
    expect(standingFacts(facts({ tariffs }), 'tariffs', '2026-11-22').map(({ id }) => id)).toEqual(['portkey:together:k']);
  });

  it('of a month exist from its end and age from its first day', () => {
    const offers = [offer({ date: '2026-10' })];
    expect(standingFacts(facts({ offers }), 'offers', '2026-10-30')).toEqual([]);
    expect(standingFacts(facts({ offers }), 'offers', '2026-10-31')).toMatchObject([{ days: 30 }]);
  });

  it('take the date of their source, a set of inputs that of the oldest which somebody stated', () => {
    const [preset] = standingFacts(catalog, 'ownership', '2026-11-22').filter(({ id }) => id === 'default');
    expect(preset?.date).toBe('2026-02-04');
    expect(standingFacts(catalog, 'accounts', '2026-11-22')).toMatchObject([{ id: 'moonshotai', date: '2026-11-22', days: 0 }]);
    expect(standingFacts(catalog, 'measurements', '2026-11-22').some(({ id }) => id === 'kimi-k2.5 on h200-sxm, vllm')).toBe(true);
  });
});

describe('kplan data check', () => {
  it('has a schema that is the type of its answer', () => {
    expectTypeOf<Plain<z.infer<typeof dataCheckSchema>>>().toEqualTypeOf<Plain<DataCheckAnswer>>();
    const answer = dataCheck(catalog, { asOf: '2026-11-22' });
    expect(dataCheckSchema.parse(answer)).toEqual(answer);
  });

  it('holds every kind against its limit, or against one for all', () => {
    const offers = [offer({ date: '2026-08-24' }), offer({ id: 'old', region: 'b', date: '2026-08-23' })];
    const answer = dataCheck(facts({ offers }), { asOf: '2026-11-22' });
    expect(answer.kinds.find(({ kind }) => kind === 'offers')).toMatchObject({
      limitDays: 90,
      facts: 2,
      overLimit: 1,
      oldest: { id: 'old', days: 91 },
    });
    expect(answer.overLimit).toEqual([{ kind: 'offers', id: 'old', date: '2026-08-23', days: 91, limitDays: 90 }]);
    expect(answer.answer).toBe('1 of the 2 facts that count on 2026-11-22 are over the limit of their age: 1 of 2 offers (90 days).');
    expect(dataCheck(facts({ offers }), { asOf: '2026-11-22', maxAgeDays: 91 }).overLimit).toEqual([]);
    expect(dataCheck(facts({ offers }), { asOf: '2026-11-22', maxAgeDays: 0 }).overLimit.map(({ id }) => id)).toEqual(['old', offer().id]);
    expect(dataCheck(facts({}), { asOf: '2026-11-22' }).kinds.map(({ oldest }) => oldest)).toEqual(Object.keys(AGE_LIMITS).map(() => null));
  });

  it('names what is furthest beyond its limit first', () => {
    const { overLimit } = dataCheck(catalog, { asOf: '2026-11-22' });
    const beyond = overLimit.map(({ days, limitDays }) => days - limitDays);
    expect(beyond).toEqual(beyond.toSorted((a, b) => b - a));
  });

  it.each([
    [{ asOf: 'today' }, '--as-of'],
    [{ asOf: '2026-11-22', maxAgeDays: -1 }, '--max-age'],
    [{ asOf: '2026-11-22', maxAgeDays: 1.5 }, '--max-age'],
    [{ asOf: '2026-11-22', maxAgeDays: Number.POSITIVE_INFINITY }, '--max-age'],
  ])('refuses %j', (query, where) => {
    expect(() => dataCheck(catalog, query)).toThrow(where);
  });
});
