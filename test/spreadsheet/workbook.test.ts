import type { CellValue } from 'hucre/xlsx';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import type { FlowPlan } from '../../src/cost/cashflow/monthlyFlow.ts';
import { parseTrend } from '../../src/cost/cashflow/trendText.ts';
import type { Term } from '../../src/evidence/term.ts';
import { type BreakEvenQuery, breakEven } from '../../src/plan/breakEven/breakEven.ts';
import type { BreakEvenAnswer } from '../../src/plan/breakEven/breakEvenAnswer.ts';
import type { Catalog } from '../../src/plan/catalog.ts';
import { cost } from '../../src/plan/cost/cost.ts';
import type { CostQuery } from '../../src/plan/cost/costQuestion.ts';
import { breakEvenWorkbook, costWorkbook } from '../../src/report/workbook/answerWorkbook.ts';
import type { CashFlowCase } from '../../src/report/workbook/cashFlowCase.ts';
import { cashFlowSheet } from '../../src/report/workbook/cashFlowSheet.ts';
import { writeWorkbook } from '../../src/report/workbook/writeWorkbook.ts';
import { flowPlan } from '../support/flowPlans.ts';
import { libreOfficeVersion } from '../support/libreOffice.ts';
import { type Edits, editedWorkbook, recalculated, type SheetValues, workbookFormulas, workbookValues } from '../support/workbookFiles.ts';

const version = libreOfficeVersion();
const catalog = loadCatalog();
/** Place of the sheet of the inputs. */
const INPUTS = 2;

const KIMI = 'genai-prices:moonshotai:kimi-k2.7-code';

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

const MONTHS: Partial<BreakEvenQuery> = {
  months: 12,
  apiTrend: '-30%/year',
  rentTrend: '-10%/year',
  demandTrend: 'ramp 6 months, 20%/year',
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
  'cash flow': { ...BASE, ...MONTHS, tariffs: [KIMI], sensitivity: true },
  'taxed cash flow': {
    ...BASE,
    purchases: ['owned', 'reserved-1y'],
    months: 36,
    depreciation: 'us-macrs-5',
    taxRate: 0.25,
    lens: 'fully-loaded',
  },
  idle: { gpu: ['h200'], workload: 'kimi-chat', tokensPerMonth: 0 },
};
const COSTS: Readonly<Record<string, CostQuery>> = {
  'cost users': { gpu: ['h200'], workload: 'agentic-coding', users: 200, purchases: ['on-demand', 'owned'] },
  'cost tokens': { gpu: ['b200'], workload: 'kimi-chat', tokensPerMonth: 20e9, against: ['claude-opus-4-8'] },
};

interface Change {
  /** Whether the months are asked too, which takes longer; else a month alone is compared. */
  readonly months?: false;
  /** By term. */
  readonly edits: Readonly<Record<string, number>>;
  readonly query?: Partial<BreakEvenQuery>;
  readonly catalog?: (catalog: Catalog) => Catalog;
}

const MEDIAN = 'h200_sxm_on_demand_usdPerGpuHour';

/** A change of cells in the workbook of `cash flow`, and the question that says the same. */
const CHANGES: Readonly<Record<string, Change>> = {
  'price of a machine': { edits: { h200_sxm_owned_capexUsd: 420_000 }, query: { capexUsd: 420_000 } },
  'rent of a GPU': {
    months: false,
    edits: { [MEDIAN]: 1.25 },
    catalog: (facts) => ({ ...facts, offers: facts.offers.map((offer) => ({ ...offer, usdPerGpuHour: offer.usdPerGpuHour * 1.25 })) }),
  },
  'price of the API': {
    months: false,
    edits: { asked1_uncachedPrice: 1.9, asked1_cacheReadPrice: 0.38, asked1_answerPrice: 8 },
    catalog: (facts) => ({
      ...facts,
      tariffs: facts.tariffs.map((tariff) =>
        tariff.id === KIMI ? { ...tariff, inputUsdPerMtok: 1.9, cacheReadUsdPerMtok: 0.38, outputUsdPerMtok: 8 } : tariff,
      ),
    }),
  },
  volume: { edits: { tokensPerMonth: 250e9 }, query: { tokensPerMonth: 250e9 } },
  'cost of capital, life and discount': {
    edits: { h200_sxm_owned_costOfCapital: 0.15, h200_sxm_owned_lifeYears: 3 },
    query: { costOfCapital: 0.15, lifeYears: 3 },
  },
  'spare, ramp and moving': {
    months: false,
    edits: { spareReplicas: 3, rampMonths: 0, oneOffUsd: 10_000 },
    query: { spareReplicas: 3, rampMonths: 0, oneOffUsd: 10_000 },
  },
  'power and people': {
    months: false,
    edits: { ftePerEightGpus: 1, usdPerFteMonth: 9_000, h200_sxm_owned_usdPerKwh: 0.3 },
    query: { ftePerEightGpus: 1, usdPerFteMonth: 9_000, usdPerKwh: 0.3 },
  },
  'trends of prices': {
    edits: { time_apiPrice0: -0.5, time_hostPrice0: 0.1 },
    query: { apiTrend: '-50%/year', rentTrend: '10%/year' },
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
  bought: { title: 'bought', firstMonth: '2026-12', plan: BUY, costOfCapital: 0.08, waitMonths: 0, tax: null },
  'bought later': { title: 'bought later', firstMonth: '2026-12', plan: BUY, costOfCapital: 0.12, waitMonths: 7, tax: null },
  rented: { title: 'rented', firstMonth: '2026-12', plan: RENT, costOfCapital: 0.08, waitMonths: 0, tax: null },
  simple: { title: 'simple', firstMonth: '2026-12', plan: flowPlan, costOfCapital: 0.08, waitMonths: 0, tax: null },
  taxed: {
    title: 'taxed',
    firstMonth: '2026-12',
    plan: BUY,
    costOfCapital: 0.08,
    waitMonths: 3,
    tax: { shares: [0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576], rate: 0.25 },
  },
  'taxed rent': {
    title: 'taxed rent',
    firstMonth: '2026-12',
    plan: RENT,
    costOfCapital: 0.08,
    waitMonths: 0,
    tax: { shares: [0.5, 0.5], rate: 0.3 },
  },
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

/** Live columns of the tables of the summary. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  'Both sides in a month': ['B', 'C', 'D', 'G', 'H'],
  'From which volume': ['C', 'F', 'H', 'I'],
  'After how many months': ['C', 'D', 'E', 'F'],
  'Over 12 months': ['C', 'D', 'E'],
};

/** The rows below a title and its header by their first two words. */
function tableOf(sheet: SheetValues, title: string): Map<string, Map<string, CellValue>> {
  const at = [...sheet].find(([name, value]) => name.startsWith('A') && typeof value === 'string' && value.startsWith(title))?.[0];
  const found = new Map<string, Map<string, CellValue>>();
  if (at === undefined) throw new Error(`no table ${title}`);
  for (let row = Number(at.slice(1)) + 2; sheet.get(`A${row}`); row++) {
    if (typeof sheet.get(`C${row}`) !== 'number' && typeof sheet.get(`C${row}`) !== 'string') break;
    const key = `${String(sheet.get(`A${row}`))} | ${typeof sheet.get(`B${row}`) === 'string' ? String(sheet.get(`B${row}`)) : ''}`;
    found.set(key, new Map('CDEFGHIB'.split('').map((column) => [column, sheet.get(`${column}${row}`) ?? null])));
  }
  return found;
}

/** The edits of a change by sheet and cell. The median of the offers is multiplied. */
function editsOf({ edits }: Change, base: ReadonlyMap<string, SheetValues>): Edits {
  const inputs = cellsOf(base, 'Inputs');
  const median = base.get('Inputs')?.get(inputs.get(MEDIAN) ?? '');
  const byCell = Object.entries(edits).map(([id, value]): [string, number] => [
    inputs.get(id) ?? `no cell for ${id}`,
    id === MEDIAN ? Number(median) * value : value,
  ]);
  return { [INPUTS]: Object.fromEntries(byCell) };
}

describe.skipIf(version === null)(`workbooks in ${version ?? 'LibreOffice, which is not installed'}`, () => {
  const written = new Map<string, Uint8Array>();
  let computed: Awaited<ReturnType<typeof recalculated>> = new Map();
  let base: ReadonlyMap<string, SheetValues> = new Map();
  const answers = new Map<string, BreakEvenAnswer>();

  beforeAll(async () => {
    for (const [name, query] of Object.entries(ANSWERS))
      written.set(name, await writeWorkbook(await breakEvenWorkbook(breakEven({ ...query, terms: true }, catalog))));
    for (const [name, query] of Object.entries(COSTS))
      written.set(name, await writeWorkbook(await costWorkbook(cost({ ...query, terms: true }, catalog))));
    const sheets = Object.entries(FLOWS).map(([name, flowCase]) => cashFlowSheet(name, flowCase).sheet);
    written.set('flows', await writeWorkbook({ schema: 'kplan/breakeven@1', title: 'flows', asOf: '2026-11-22', sheets }));
    const files: Record<string, Uint8Array> = {};
    for (const [name, bytes] of written) files[name] = editedWorkbook(bytes);
    const plain = written.get('cash flow') ?? new Uint8Array();
    base = await workbookValues(plain);
    for (const [name, change] of Object.entries(CHANGES)) {
      files[name] = editedWorkbook(plain, editsOf(change, base));
      const query: BreakEvenQuery = { ...BASE, tariffs: [KIMI], ...(change.months === false ? {} : MONTHS), ...change.query, terms: true };
      const answer = breakEven(query, change.catalog?.(catalog) ?? catalog);
      answers.set(name, answer);
      written.set(`${name}, asked`, await writeWorkbook(await breakEvenWorkbook(answer)));
    }
    computed = await recalculated(files);
  }, 300_000);

  it.each([...Object.keys(ANSWERS), ...Object.keys(COSTS), 'flows'])('computes every formula as kplan does: %s', async (name) => {
    const count = await checkFormulas(written.get(name) ?? new Uint8Array(), computed.get(name));
    expect(count).toBeGreaterThan(20);
  });

  it.each(Object.keys(CHANGES))('follows a changed input as kplan does: %s', async (name) => {
    const { terms } = answers.get(name) as BreakEvenAnswer;
    const cells = cellsOf(base, 'Derivation');
    const values = computed.get(name);
    const common = terms.filter((term: Term) => term.kind === 'formula' && cells.has(term.id) && !/crossing\d+/.test(term.id));
    expect(common.length).toBeGreaterThan(60);
    for (const { id, value } of common) same(values?.get('Derivation')?.get(cells.get(id) ?? ''), value, id);
    const asked = await workbookValues(written.get(`${name}, asked`) ?? new Uint8Array());
    let rows = 0;
    for (const [title, columns] of Object.entries(TABLES)) {
      if (title.startsWith('Over') && CHANGES[name]?.months === false) continue;
      const [now, wanted] = [values, asked].map((book) => tableOf(book?.get('Summary') ?? new Map(), title));
      for (const [key, row] of wanted ?? []) {
        for (const column of columns) same(now?.get(key)?.get(column), row.get(column), `${title}, ${key}, ${column}`);
        rows++;
      }
    }
    expect(rows).toBeGreaterThan(4);
  });
});
