import type { Source, SourceId } from '../../evidence/source.ts';
import type { Catalog } from '../catalog.ts';
import { sourcesUsed } from '../sourcesUsed.ts';
import type { Claim } from './claim.ts';
import { judgeFit } from './fitClaim.ts';
import { judgeMoney } from './judgeMoney.ts';
import { conditional, type Judged, type Judgement } from './judgement.ts';
import { judgeSize } from './sizeClaim.ts';

/** A claim with what kplan makes of it. */
export interface ClaimResult extends Judged {
  readonly id: string;
  readonly statement: string;
  readonly who: string;
  readonly date: string;
  readonly source: SourceId;
}

export interface ClaimsAnswer {
  readonly schema: 'kplan/claims@1';
  readonly answer: string;
  readonly claims: readonly ClaimResult[];
  readonly sources: Readonly<Record<SourceId, Source>>;
}

function judge({ check, date }: Claim, catalog: Catalog): Judged {
  switch (check.kind) {
    case 'fit':
      return judgeFit(check, catalog);
    case 'size':
      return judgeSize(check, catalog);
    default:
      return judgeMoney(check, catalog, date);
  }
}

/**
 * Recomputes every claim of the catalog.
 *
 * @returns each claim with kplan's figure or verdict, the arithmetic and the source; a claim is never an input
 * @example judgeClaims(loadCatalog()).claims.find(({ id }) => id === 'size.595')?.judgement // 'right'
 */
export function judgeClaims(catalog: Catalog): ClaimsAnswer {
  const claims = catalog.claims.map((claim): ClaimResult => {
    const { id, statement, who, condition, date, source } = claim;
    return { id, statement, who, ...conditional(judge(claim, catalog), condition), date, source };
  });
  const count = (judgement: Judgement) => claims.filter((claim) => claim.judgement === judgement).length;
  return {
    schema: 'kplan/claims@1',
    answer: `Of ${claims.length} published claims about size, fit and money ${count('right')} are right, ${count('wrong')} wrong, and ${count('depends')} depend on a condition or on what is not known exactly.`,
    claims,
    sources: sourcesUsed(
      claims.map(({ source }) => source),
      catalog,
    ),
  };
}
