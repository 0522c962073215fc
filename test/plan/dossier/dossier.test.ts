import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { Fault } from '../../../src/faults/fault.ts';
import { type BreakEvenQuery, breakEven } from '../../../src/plan/breakEven/breakEven.ts';
import { dossier } from '../../../src/plan/dossier/dossier.ts';
import type { Audience, DossierQuery } from '../../../src/plan/dossier/dossierQuery.ts';
import { neededFacts } from '../../../src/plan/dossier/neededFacts.ts';

const catalog = loadCatalog();

const asked: BreakEvenQuery = { gpu: ['h200:8'], dcp: 8, workload: 'agentic-coding', users: 40, months: 12 };
const { months: _, ...service } = asked;
const team: DossierQuery = { audience: 'all', money: asked, size: service, hybrid: null };
const about = (audience: Audience, money: BreakEvenQuery): DossierQuery => ({ audience, money, size: null, hybrid: null });

const answers = dossier(team, catalog);

describe('the answers of a report', () => {
  const { breakEven: money, cost, size, speed, fit, hybrid, missing } = answers;

  it('are those of the commands', () => {
    expect(money).toEqual(breakEven({ ...asked, terms: true, sensitivity: true }, catalog));
    expect(cost?.rows.length).toBeGreaterThan(2);
    expect(size?.fleets[0]?.id).toBe(money.offers[0]?.id);
    expect(missing).toEqual([]);
  });

  it('are of the best fleets', () => {
    expect(speed?.replicas.map(({ gpu }) => gpu)).toEqual(['h200-sxm']);
    expect(new Set(fit?.contextMap?.map(({ contextTokens }) => contextTokens))).toEqual(new Set([32, 64, 128, 256].map((k) => k * 1024)));
    expect(fit?.results.every(({ terms = [] }) => terms.length > 0)).toBe(true);
  });

  it('buy no floor where no demand by hour is given', () => {
    expect(size?.day).toHaveLength(8);
    expect(hybrid).toBeNull();
  });

  it('leave out what nobody reads or can say', () => {
    const cfo = dossier({ ...team, audience: 'cfo' }, catalog);
    expect([cfo.size, cfo.speed, cfo.fit]).toEqual([null, null, null]);
    const noLoad = dossier({ ...team, audience: 'sre', size: { gpu: ['h200:8'], inputTokens: 1024, outputTokens: 256 } }, catalog);
    expect(noLoad.size).toBeNull();
    expect(noLoad.missing).toEqual([{ part: 'size', reason: expect.stringContaining('busiest hour') }]);
  });

  it('refuse a question that cannot be meant', () => {
    expect(() => dossier(about('all', { ...asked, gpu: ['h2000'] }), catalog)).toThrow(Fault);
  });
});

describe('the facts that a report carries', () => {
  it.each<[string, DossierQuery]>([
    ['a team', team],
    [
      'owned machines',
      about('cfo', { gpu: ['h200:8'], workload: 'agentic-coding', tokensPerMonth: 2e10, purchases: ['owned'], months: 24 }),
    ],
    ['several GPU types', about('ml', { gpu: ['h200', 'b200', 'mi355x'], workload: 'kimi-chat' })],
    [
      'a price that is named',
      about('cfo', { gpu: ['h200'], workload: 'kimi-chat', requestsPerMonth: 3e6, tariffs: ['genai-prices:moonshotai:kimi-k2.7-code'] }),
    ],
  ])('answer the same: %s', (__, query) => {
    const part = neededFacts(query, catalog);
    expect(dossier(query, part)).toEqual(query === team ? answers : dossier(query, catalog));
    expect(JSON.stringify(part).length).toBeLessThan(JSON.stringify(catalog).length / 3);
  });
});
