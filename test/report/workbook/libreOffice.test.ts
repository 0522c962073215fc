import type { CellValue } from 'hucre/xlsx';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import type { FlowPlan } from '../../../src/cost/cashflow/monthlyFlow.ts';
import { parseTrend } from '../../../src/cost/cashflow/trendText.ts';
import type { Term } from '../../../src/evidence/term.ts';
import { type BreakEvenQuery, breakEven } from '../../../src/plan/breakEven/breakEven.ts';
import type { BreakEvenAnswer } from '../../../src/plan/breakEven/breakEvenAnswer.ts';
import { cost } from '../../../src/plan/cost/cost.ts';
import type { CostQuery } from '../../../src/plan/cost/costQuestion.ts';
import { breakEvenWorkbook, costWorkbook } from '../../../src/report/workbook/answerWorkbook.ts';
import type { CashFlowCase } from '../../../src/report/workbook/cashFlowCase.ts';
import { cashFlowSheet } from '../../../src/report/workbook/cashFlowSheet.ts';
import { writeWorkbook } from '../../../src/report/workbook/writeWorkbook.ts';
import { flowPlan } from '../../support/flowPlans.ts';
import { libreOfficeVersion } from '../../support/libreOffice.ts';
import { editedWorkbook, recalculated, type SheetValues, workbookFormulas, workbookValues } from '../../support/workbookFiles.ts';

const version = libreOfficeVersion();
const catalog = loadCatalog();
/** Place of the sheet of the inputs. */
const INPUTS = 2;

const BASE: BreakEvenQuery = {
  gpu: ['h200'],
  workload: 'kimi-chat',
  tokensPerMonth: 60e9,
  purchases: ['on-demand', 'owned'],
  rampMonths: 2,
  oneOffUsd: 50_000,
  spareReplicas: 1,
  hoursPerDay: 12,
  stopIdle: true,
};

const ANSWERS: Readonly<Record<string, BreakEvenQuery>> = {
  base: BASE,
  sensitivity: { ...BASE, sensitivity: true, solve: 'rent' },
  'no volume': { gpu: ['h200', 'b200'], workload: 'agentic-coding', purchases: ['reserved-3y', 'owned'], solve: 'price' },
  users: {
    gpu: ['h200'],
    workload: 'agentic-coding',
    users: 200,
    lens: 'incremental',
    purchases: ['on-demand', 'owned'],
    solve: 'utilisation',
  },
  assumed: { gpu: ['a100'], workload: 'kimi-chat', tokensPerSecond: 20_000, tokensPerMonth: 60e9, solve: 'reuse' },
  idle: { gpu: ['h200'], workload: 'kimi-chat', tokensPerMonth: 0 },
};
const COSTS: Readonly<Record<string, CostQuery>> = {
  'cost users': { gpu: ['h200'], workload: 'agentic-coding', users: 200, purchases: ['on-demand', 'owned'] },
  'cost tokens': { gpu: ['b200'], workload: 'kimi-chat', tokensPerMonth: 20e9, against: ['claude-opus-4-8'] },
};

/** A change of inputs in the workbook of `base`, and the question that says the same. */
const CHANGES: Readonly<Record<string, { readonly edits: Readonly<Record<string, number>>; readonly query: BreakEvenQuery }>> = {
  'price of a machine': { edits: { h200_sxm_owned_capexUsd: 420_000 }, query: { ...BASE, capexUsd: 420_000 } },
  volume: { edits: { tokensPerMonth: 250e9 }, query: { ...BASE, tokensPerMonth: 250e9 } },
  'cost of capital and life': {
    edits: { h200_sxm_owned_costOfCapital: 0.15, h200_sxm_owned_lifeYears: 3 },
    query: { ...BASE, costOfCapital: 0.15, lifeYears: 3 },
  },
  'spare, ramp and moving': {
    edits: { spareReplicas: 3, rampMonths: 0, oneOffUsd: 10_000 },
    query: { ...BASE, spareReplicas: 3, rampMonths: 0, oneOffUsd: 10_000 },
  },
  'hours and people': {
    edits: { ftePerEightGpus: 1, usdPerFteMonth: 9_000, h200_sxm_owned_usdPerKwh: 0.3 },
    query: { ...BASE, fte: 1, usdPerFteMonth: 9_000, usdPerKwh: 0.3 } as BreakEvenQuery,
  },
};

const BUY: FlowPlan = {
  ...flowPlan,
  months: 60,
  requestsPerMonth: 1_700,
  demand: parseTrend('ramp 6 months from 20%, 40%/year', 'demand', '2026-12'),
  api: { usdPerRequest: 21, price: parseTrend('-30%/year, 2028-01:-10%', 'apiPrice', '2026-12') },
  host: {
    ...flowPlan.host,
    fleet: { requestsPerReplica: 400, replicasPerStep: 2, instancesPerStep: 1, spareReplicas: 1 },
    instances: { kind: 'buy', usd: 240_000, price: parseTrend('-20%/year', 'rent', '2026-12'), lifeMonths: 36, residualShare: 0.2 },
    oneOffUsd: 30_000,
    overlapMonths: 2,
  },
};
const RENT: FlowPlan = {
  ...BUY,
  months: 30,
  demand: parseTrend('s-ramp 8 months', 'demand', '2026-12'),
  host: {
    ...BUY.host,
    instances: { kind: 'rent', usdPerMonth: 9_000, price: parseTrend('-2%/month', 'rent', '2026-12'), commitmentMonths: 12 },
  },
};
const FLOWS: Readonly<Record<string, CashFlowCase>> = {
  bought: { title: 'bought', plan: BUY, costOfCapital: 0.08, waitMonths: 0, tax: null },
  'bought later': { title: 'bought later', plan: BUY, costOfCapital: 0.12, waitMonths: 7, tax: null },
  rented: { title: 'rented', plan: RENT, costOfCapital: 0.08, waitMonths: 0, tax: null },
  simple: { title: 'simple', plan: flowPlan, costOfCapital: 0.08, waitMonths: 0, tax: null },
  taxed: {
    title: 'taxed',
    plan: BUY,
    costOfCapital: 0.08,
    waitMonths: 3,
    tax: { shares: [0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576], rate: 0.25 },
  },
  'taxed rent': { title: 'taxed rent', plan: RENT, costOfCapital: 0.08, waitMonths: 0, tax: { shares: [0.5, 0.5], rate: 0.3 } },
};

function same(actual: CellValue | undefined, wanted: CellValue | undefined, where: string): void {
  if (typeof wanted !== 'number') {
    expect(actual === '' ? null : actual, where).toBe(wanted === '' ? null : wanted);
    return;
  }
  expect(typeof actual, `${where}: ${String(actual)}, kplan ${wanted}`).toBe('number');
  expect(Math.abs((actual as number) - wanted), `${where}: ${String(actual)}, kplan ${wanted}`).toBeLessThanOrEqual(
    1e-9 * Math.max(Math.abs(wanted), 1e-3),
  );
}

/** Every formula cell of a workbook as LibreOffice computes it, against the value that kplan wrote. */
async function checkFormulas(bytes: Uint8Array, computed: ReadonlyMap<string, SheetValues> | undefined): Promise<number> {
  const values = await workbookValues(bytes);
  let count = 0;
  for (const [sheet, cells] of await workbookFormulas(bytes))
    for (const [name, { formula }] of cells) {
      same(computed?.get(sheet)?.get(name), values.get(sheet)?.get(name), `${sheet}!${name} =${formula}`);
      count++;
    }
  return count;
}

/** The cell of each term on the sheets of the terms. */
function cellsOf(values: ReadonlyMap<string, SheetValues>, sheet: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of values.get(sheet) ?? [])
    if (name.startsWith('I') && typeof value === 'string') found.set(value, `B${name.slice(1)}`);
  return found;
}

describe.skipIf(version === null)(`workbooks in ${version ?? 'LibreOffice, which is not installed'}`, () => {
  const written = new Map<string, Uint8Array>();
  let computed: Awaited<ReturnType<typeof recalculated>> = new Map();
  let base: ReadonlyMap<string, SheetValues> = new Map();

  beforeAll(async () => {
    for (const [name, query] of Object.entries(ANSWERS))
      written.set(name, await writeWorkbook(await breakEvenWorkbook(breakEven({ ...query, terms: true }, catalog))));
    for (const [name, query] of Object.entries(COSTS))
      written.set(name, await writeWorkbook(await costWorkbook(cost({ ...query, terms: true }, catalog))));
    const sheets = Object.entries(FLOWS).map(([name, flowCase]) => cashFlowSheet(name, flowCase));
    written.set('flows', await writeWorkbook({ schema: 'kplan/breakeven@1', title: 'flows', asOf: '2026-11-22', sheets }));
    const files: Record<string, Uint8Array> = {};
    for (const [name, bytes] of written) files[name] = editedWorkbook(bytes);
    const plain = written.get('base') ?? new Uint8Array();
    base = await workbookValues(plain);
    const cells = cellsOf(base, 'Inputs');
    for (const [name, { edits }] of Object.entries(CHANGES)) {
      const byCell = Object.fromEntries(Object.entries(edits).map(([id, value]) => [cells.get(id) ?? `no cell for ${id}`, value]));
      files[name] = editedWorkbook(plain, { [INPUTS]: byCell });
    }
    computed = await recalculated(files);
  }, 300_000);

  it.each([...Object.keys(ANSWERS), ...Object.keys(COSTS), 'flows'])('computes every formula as kplan does: %s', async (name) => {
    const count = await checkFormulas(written.get(name) ?? new Uint8Array(), computed.get(name));
    expect(count).toBeGreaterThan(20);
  });

  it.each(Object.keys(CHANGES))('follows a changed input as kplan does: %s', (name) => {
    const { query } = CHANGES[name] as (typeof CHANGES)[string];
    const answer: BreakEvenAnswer = breakEven({ ...query, terms: true }, catalog);
    const cells = cellsOf(base, 'Derivation');
    const values = computed.get(name)?.get('Derivation');
    const common = answer.terms.filter((term: Term) => term.kind === 'formula' && cells.has(term.id) && !/crossing\d+/.test(term.id));
    expect(common.length).toBeGreaterThan(60);
    for (const { id, value } of common) same(values?.get(cells.get(id) ?? ''), value, id);
  });
});
