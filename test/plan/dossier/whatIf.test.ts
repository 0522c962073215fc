import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { breakEven } from '../../../src/plan/breakEven/breakEven.ts';
import type { DossierQuery } from '../../../src/plan/dossier/dossierQuery.ts';
import { neededFacts } from '../../../src/plan/dossier/neededFacts.ts';
import { plainQuery } from '../../../src/plan/dossier/plainQuery.ts';
import { changedFacts, changedQuery, focused, layoutChoices, type WhatIfState, whatIf } from '../../../src/plan/dossier/whatIf.ts';

const catalog = loadCatalog();
const money = { gpu: ['h200:8'], workload: 'agentic-coding', users: 40, months: 12 };
const { months: _, ...service } = money;
const team: DossierQuery = {
  audience: 'all',
  money,
  size: { ...service, levels: [{ metric: 'ttft', percentile: 95, limitMs: 5000 }] },
  hybrid: null,
};
const facts = neededFacts(team, catalog);
const choices = layoutChoices(team, facts);
const at = (state: WhatIfState) => whatIf(team, facts, state, choices);
const figureOf = (state: WhatIfState, code: string) => at(state).figures.find((one) => one.code === code)?.value?.value;

describe('what if', () => {
  it('nothing changes: the closed forms of the report', () => {
    const { months: __, ...closed } = money;
    expect(at({}).breakEven).toEqual(breakEven(closed, catalog));
    expect(at({}).size?.fleets[0]?.simulation).toBeNull();
  });

  it.each<[WhatIfState, Record<string, number>]>([
    [{ rent: 2.5 }, { usdPerGpuHour: 2.5 }],
    [{ reuse: 0.9 }, { reuse: 0.9 }],
    [{ load: 0.5 }, { maxLoad: 0.5 }],
    [{ users: 400 }, { users: 400 }],
    [{ context: 262_144 }, { contextTokens: 262_144 }],
  ])('%j is the same question with %j', (state, fields) => {
    const { months: __, ...closed } = money;
    expect(at(state).breakEven).toEqual(breakEven({ ...closed, ...fields }, catalog));
  });

  it('dearer prices make the API dearer by as much, and hosting no dearer', () => {
    const [api, own] = [figureOf({}, 'api-cost') ?? 0, figureOf({}, 'cost')];
    expect(figureOf({ price: 2 }, 'api-cost')).toBeCloseTo(2 * api, 1);
    expect(figureOf({ price: 2 }, 'cost')).toBe(own);
    expect(changedFacts(facts, {})).toBe(facts);
  });

  it('layouts that fit can be chosen, and are then used', () => {
    expect(choices.map(({ name }) => name)).toContain('TP8');
    const other = choices.find(({ name }) => name !== at({}).fit?.results[0]?.key && name !== 'TP8');
    expect(other).toBeDefined();
    expect(at({ layout: other?.name ?? '' }).breakEven.offers[0]?.layout).toMatchObject(other?.words ?? {});
  });

  it('what was changed is no longer uncertain', () => {
    const inputs = { usdPerGpuHour: { kind: 'uniform', low: 2, high: 3 }, reuse: { kind: 'uniform', low: 0.5, high: 0.7 } } as const;
    const unsure: DossierQuery = { ...team, money: { ...money, uncertainty: { inputs, derived: {} } } };
    expect(changedQuery(unsure, { rent: 4 }, choices).money.uncertainty?.inputs).toEqual({ reuse: inputs.reuse });
  });

  it('is asked of some GPUs alone', () => {
    expect(focused({ ...team, money: { ...money, gpus: 8, gpu: ['all'] } }, ['h200-sxm:8']).money).toEqual({
      ...money,
      gpu: ['h200-sxm:8'],
    });
  });
});

describe('a question without formulas', () => {
  it('keeps what is given and draws what follows', () => {
    const inputs = { developers: { kind: 'uniform', low: 100, high: 200 }, reuse: { kind: 'uniform', low: 0.5, high: 0.7 } } as const;
    const derived = { users: ({ developers = 0 }: Readonly<Record<string, number>>) => 2 * developers };
    const plain = plainQuery({ ...team, money: { ...money, uncertainty: { inputs, derived } } }).money.uncertainty;
    expect(plain?.derived).toEqual({});
    expect(plain?.inputs['reuse']).toEqual(inputs.reuse);
    const users = plain?.inputs['users'];
    if (users?.kind !== 'estimate') throw new Error('users are no estimate');
    expect(users.low).toBeCloseTo(220, -1);
    expect(users.value).toBeCloseTo(300, -1);
    expect(users.high).toBeCloseTo(380, -1);
    expect(plainQuery(team)).toEqual(team);
    expect(JSON.parse(JSON.stringify(plain))).toEqual(plain);
  });
});
