import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { judgeClaims } from '../../src/plan/claims/claims.ts';
import { leavesBeyondJson } from '../support/walk.ts';

const catalog = loadCatalog();
const answer = judgeClaims(catalog);
const byId = new Map(answer.claims.map((claim) => [claim.id, claim]));

/** Verdicts of facts/engines.md section 12 on what others published. */
const KNOWN: readonly [id: string, judgement: string, computed: string][] = [
  ['deploy.8xh200', 'right', 'fits'],
  ['deploy.4xh200', 'right', 'does-not-fit'],
  ['deploy.8xb200', 'right', 'fits'],
  ['deploy.8xb300', 'right', 'fits'],
  ['deploy.4xgb200', 'right', 'fits'],
  ['deploy.8xmi300x', 'right', 'fits'],
  ['deploy.16xa100', 'right', 'fits'],
  ['deploy.16xh800-pp2', 'right', 'fits'],
  ['deploy.4xrtxpro', 'right', 'does-not-fit'],
  ['deploy.8xh100-8k', 'depends', 'marginal'],
  ['deploy.8xh100-256k-fp8', 'right', 'does-not-fit'],
  ['hw.4xh100', 'wrong', 'does-not-fit'],
  ['hw.8xh100', 'wrong', 'does-not-fit'],
  ['hw.8xa100', 'wrong', 'does-not-fit'],
  ['hw.sgl-gb300', 'right', 'fits'],
  ['hw.sgl-mi300x', 'depends', 'does-not-fit'],
  ['hw.amd-tp4', 'depends', 'fits'],
  ['hw.amd-tp4-later', 'wrong', 'fits'],
  ['set.dp', 'depends', 'does-not-fit'],
];

/** Figures of facts/model-bytes.md sections 2, 3 and 9. */
const SIZES: readonly [id: string, judgement: string, computed: string][] = [
  ['size.595', 'right', '595,148,192,736 B'],
  ['size.1.06T', 'wrong', '1,026,879,376,368 parameters'],
  ['size.1.06T-page', 'right', '1,058,588,452,848 parameters'],
  ['size.active', 'right', '32,861,500,928 parameters'],
  ['size.k25-nvfp4', 'right', '590,779,957,656 B'],
  ['size.k2-fp8', 'right', '1,029,173,249,888 B'],
  ['size.640', 'wrong', '611,780,935,424 B'],
];

describe('published claims, recomputed', () => {
  it.each([...KNOWN, ...SIZES])('%s is %s: %s', (id, judgement, computed) => {
    expect(byId.get(id)).toMatchObject({ judgement, computed });
  });

  it('a condition is said beside the arithmetic, and stands on no claim that is simply right', () => {
    for (const { id, condition } of catalog.claims) {
      if (condition === undefined) continue;
      expect(byId.get(id)?.judgement, id).toBe('depends');
      expect(byId.get(id)?.arithmetic, id).toContain(condition);
    }
  });

  it('every claim of the catalog is judged, with its arithmetic, who said it, when and where', () => {
    expect(answer.claims.map(({ id }) => id)).toEqual(catalog.claims.map(({ id }) => id));
    for (const { id, arithmetic, who, date, source } of answer.claims) {
      expect(
        [arithmetic, who].every((text) => text.length > 0),
        id,
      ).toBe(true);
      expect(date, id).toMatch(/^\d{4}-\d{2}/);
      expect(answer.sources[source], id).toBeDefined();
    }
  });

  it('the counts of the sentence are those of the list', () => {
    const [all, right, wrong, depends] = (answer.answer.match(/\d+/g) ?? []).map(Number);
    expect((right ?? 0) + (wrong ?? 0) + (depends ?? 0)).toBe(all);
    expect(all).toBe(answer.claims.length);
    expect(wrong).toBe(answer.claims.filter(({ judgement }) => judgement === 'wrong').length);
  });

  it('is one document that JSON carries without loss', () => {
    expect(leavesBeyondJson(answer)).toEqual([]);
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
  });

  it('a claim is never a fact: another claim changes no verdict', () => {
    const others = catalog.claims.slice(1);
    const without = judgeClaims({ ...catalog, claims: others });
    expect(without.claims).toEqual(answer.claims.slice(1));
  });
});
