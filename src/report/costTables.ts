import type { CostAnswer, CostBillLine, CostRow } from '../plan/cost/costAnswer.ts';
import { formatDerivedPrice, formatUsd } from '../units/money.ts';
import { formatTokens } from '../units/tokens.ts';
import { PURCHASE_WORDS } from './breakEvenTables.ts';
import { formatShare } from './format.ts';
import { COST_WORDS, centsColumn } from './moneyTables.ts';
import type { Cell, Column, Row, Table } from './table.ts';

const ROLE_WORDS: Readonly<Record<string, string>> = { list: 'list price', 'cheapest-host': 'cheapest host', asked: 'as asked', other: '' };
const KIND_WORDS: Readonly<Record<CostRow['kind'], string>> = { vendor: 'vendor', host: 'host', router: 'router', own: 'own GPUs' };

/** The lines of a bill in words. */
const BILL_WORDS: Readonly<Record<CostBillLine['code'], string>> = {
  uncached: 'input',
  cacheRead: 'cache read',
  cacheWrite: 'cache write',
  cacheWrite1h: 'cache write, 1 h',
  answer: 'output',
  thinking: 'thinking',
  'one-off': 'moving',
  ...COST_WORDS,
};

const usd = (title: string, unit?: string): Column => ({
  title,
  ...(unit === undefined ? {} : { unit }),
  align: 'right',
  format: formatUsd,
});

const price = (title: string, unit: string): Column => ({ ...usd(title, unit), format: formatDerivedPrice });

/** Who is paid: `Moonshot AI (list price)`, with the model where it is another. */
function rowName({ name, role, model, kind }: CostRow, asked: unknown): string {
  const words = kind === 'own' ? '' : (ROLE_WORDS[role] ?? '');
  const other = model === asked ? '' : `${model} at `;
  return `${other}${name}${words === '' ? '' : ` (${words})`}`;
}

/** How it is sold. */
function termsOf({ tier, kind, role, modelled }: CostRow): string {
  if (modelled) return 'cost model, no offer';
  return kind === 'own' ? (PURCHASE_WORDS[role as keyof typeof PURCHASE_WORDS] ?? role) : (tier ?? '');
}

/** Constraints that stand beside every row and so tell nothing apart. */
export function everywhere(rows: readonly CostRow[]): ReadonlySet<string> {
  const [first, ...others] = rows;
  return new Set(first?.constraints.filter((id) => others.every(({ constraints }) => constraints.includes(id))));
}

/** What the month costs in each place, and what decides beside money. */
export function costTable({ rows, query, constraints, month }: CostAnswer, shown: readonly CostRow[] = rows): Table {
  const labels = new Map(constraints.filter(({ id }) => !everywhere(rows).has(id)).map(({ id, label }) => [id, label]));
  const beside = ({ constraints: ids, account }: CostRow) =>
    [...ids.flatMap((id) => labels.get(id) ?? []), ...(account && !account.tier ? [`needs ${account.accounts} accounts`] : [])].join(', ');
  return {
    columns: [
      { title: 'where' },
      { title: 'kind' },
      { title: 'terms' },
      usd('a month', 'USD'),
      usd('incremental', 'USD'),
      ...(month.users === null ? [] : [usd('a user', 'USD/month')]),
      ...(month.task === null ? [] : [usd(`a finished ${month.task}`, 'USD')]),
      { title: 'instances', align: 'right' },
      { title: 'used', unit: 'of hours paid', align: 'right', format: formatShare },
      { title: 'beside money' },
    ],
    rows: shown.map(
      (row): Row => ({
        cells: [
          rowName(row, query['model']),
          KIND_WORDS[row.kind],
          termsOf(row),
          row.usdPerMonth,
          row.incrementalUsd,
          ...(month.users === null ? [] : [row.usdPerUser]),
          ...(month.task === null ? [] : [row.usdPerTask]),
          row.instances,
          row.utilisation,
          beside(row),
        ],
      }),
    ),
  };
}

/** What a token and a request cost in each place. */
export function unitPriceTable({ rows, query }: CostAnswer, shown: readonly CostRow[] = rows): Table {
  return {
    columns: [
      { title: 'where' },
      { title: 'terms' },
      price('input', 'USD/Mtok'),
      price('output', 'USD/Mtok'),
      price('all tokens', 'USD/Mtok'),
      price('a request', 'USD'),
      usd('thinking', 'USD/month'),
      { title: 'price of' },
    ],
    rows: shown.map((row) => ({
      cells: [
        rowName(row, query['model']),
        termsOf(row),
        row.inputUsdPerMtok,
        row.outputUsdPerMtok,
        row.usdPerMtok,
        row.usdPerRequest,
        row.thinkingUsd,
        row.date,
      ],
    })),
  };
}

/** The bills of the month, line by line to the cent, of APIs or of own GPUs. */
export function billTable({ query }: CostAnswer, rows: readonly CostRow[]): Table {
  const codes = [...new Set(rows.flatMap(({ bill }) => bill.map(({ code }) => code)))];
  const line = (row: CostRow, code: CostBillLine['code']): Cell => row.bill.find((one) => one.code === code)?.usdPerMonth ?? null;
  return {
    columns: [{ title: 'where' }, { title: 'terms' }, ...codes.map((code) => centsColumn(BILL_WORDS[code])), centsColumn('together')],
    rows: rows.map((row) => ({
      cells: [rowName(row, query['model']), termsOf(row), ...codes.map((code) => line(row, code)), row.usdPerMonth.value],
    })),
  };
}

/** What the month consists of. */
export function monthTable({ month }: CostAnswer): Table {
  const tokens: Pick<Column, 'align' | 'format'> = { align: 'right', format: formatTokens };
  return {
    columns: [
      { title: 'requests', ...tokens },
      { title: 'input tokens', ...tokens },
      { title: 'output tokens', ...tokens },
      { title: 'tokens', ...tokens },
      ...(month.task === null ? [] : [{ title: `finished ${month.task}s`, ...tokens }]),
    ],
    rows: [
      {
        cells: [month.requests, month.inputTokens, month.outputTokens, month.tokens, ...(month.task === null ? [] : [month.finishedTasks])],
      },
    ],
  };
}

/** All rows with unrounded numbers under the names of the JSON, for CSV. */
export function costRawTable({ rows }: CostAnswer): Table {
  const numbers = ['fullyLoadedUsd', 'incrementalUsd', 'inputUsdPerMtok', 'outputUsdPerMtok', 'usdPerMtok', 'usdPerRequest'] as const;
  const optional = ['usdPerUser', 'usdPerTask', 'thinkingUsd', 'replicas', 'instances', 'utilisation'] as const;
  return {
    columns: [
      ...['id', 'kind', 'role', 'name', 'model', 'tier'].map((title) => ({ title })),
      { title: 'usdPerMonth', banded: true },
      ...[...numbers, ...optional, 'date', 'constraints'].map((title) => ({ title })),
    ],
    rows: rows.map((row) => ({
      cells: [
        row.id,
        row.kind,
        row.role,
        row.name,
        row.model,
        row.tier,
        row.usdPerMonth,
        ...numbers.map((name) => row[name]),
        ...optional.map((name) => row[name]),
        row.date,
        row.constraints.join(' '),
      ],
    })),
  };
}

/** Rows worth a first look: own GPUs, who runs the weights in the standard tier, of other models list price and cheapest host. */
export function isPlain({ kind, tier, role, model }: CostRow, asked: unknown): boolean {
  if (kind === 'own' || role === 'asked' || role === 'list' || role === 'cheapest-host') return true;
  return kind !== 'router' && tier === 'standard' && model === asked;
}
