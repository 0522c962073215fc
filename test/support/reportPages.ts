import { loadCatalog } from '../../src/catalog/index.ts';
import type { DossierQuery } from '../../src/plan/dossier/dossierQuery.ts';
import { reportPage } from '../../src/report/page/reportPage.ts';

const money = { gpu: ['h200:8'], workload: 'agentic-coding', users: 40 } as const;

/** A question of a team for all audiences, with months to come and a service to size. */
export const TEAM: DossierQuery = {
  audience: 'all',
  money: {
    ...money,
    name: 'A team of 40',
    months: 12,
    uncertainty: { inputs: { users: { kind: 'uniform', low: 30, high: 50 } }, derived: {} },
  },
  size: { ...money },
  hybrid: null,
};

/** A page of the answers to a question. */
export async function pageOf(query: DossierQuery, catalog = loadCatalog()): Promise<string> {
  return reportPage({ query, scenario: null, version: '0.1.0' }, catalog);
}
