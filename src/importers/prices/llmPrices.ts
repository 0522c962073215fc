import { PriceFields } from './priceFields.ts';
import { type DecimalCondition, type DecimalPrices, PLAIN_SET, type PriceSet, type RegistryEntry } from './priceSet.ts';
import { isGroup, kindByName, type Registry } from './registry.ts';
import { flawedOr, RowFlaw } from './rowFlaw.ts';

/** A model whose prices hold above the length that its id ends in. */
const LONG = /^(.{1,190})-([1-9]\d{0,4})k$/;

/** A row of a model, wherever the file keeps it. */
interface ListedPrice {
  readonly vendor: string;
  readonly id: string;
  readonly fields: PriceFields;
}

/** All prices of one id at one vendor. */
interface ListedModel {
  readonly vendor: string;
  readonly id: string;
  readonly rows: PriceFields[];
}

function pricesOf(row: PriceFields): DecimalPrices {
  return {
    input: row.neededPrice(['input'], 'perMtok'),
    cacheRead: row.partPrice(['input_cached'], 'perMtok'),
    cacheWrite: null,
    cacheWrite1h: null,
    output: row.neededPrice(['output'], 'perMtok'),
    thinking: null,
  };
}

function named(fields: PriceFields, name: string): string {
  const text = fields.text(name);
  if (text === null) throw fields.flaw(name, 'it is missing', 'a name');
  return text;
}

/** Rows of the one list of a built file, or of the histories of a vendor's file. */
function rowsOf(document: PriceFields): (ListedPrice | RowFlaw)[] {
  if (document.has('prices'))
    return document
      .groups('prices')
      .map((fields) => flawedOr(() => ({ vendor: named(fields, 'vendor'), id: named(fields, 'id'), fields })));
  const vendor = named(document, 'vendor');
  return document.groups('models').flatMap((model): (ListedPrice | RowFlaw)[] => {
    const rows = flawedOr(() => model.groups('price_history').map((fields) => ({ vendor, id: named(model, 'id'), fields })));
    return rows instanceof RowFlaw ? [rows] : rows;
  });
}

function byModel(rows: readonly ListedPrice[]): Map<string, ListedModel> {
  const models = new Map<string, ListedModel>();
  for (const { vendor, id, fields } of rows) {
    const key = `${vendor}/${id}`;
    const model = models.get(key) ?? { vendor, id, rows: [] };
    model.rows.push(fields);
    models.set(key, model);
  }
  return models;
}

interface Interval {
  readonly from: string | null;
  readonly until: string | null;
}

function intervalOf(row: PriceFields): Interval {
  const [from, until] = [row.day('from_date'), row.day('to_date')];
  if (from !== null && until !== null && until <= from) throw row.flaw('to_date', 'the price ends before it begins', `a day after ${from}`);
  return { from, until };
}

/** The prices above a length that hold on the same days. */
function conditionsOf({ from, until }: Interval, long: readonly ListedModel[]): DecimalCondition[] {
  return long
    .flatMap(({ id, rows }) => {
      const tokens = Number(LONG.exec(id)?.[2] ?? 0) * 1000;
      const same = rows.find((row) => row.day('from_date') === from && row.day('to_date') === until);
      return same ? [{ ...pricesOf(same), aboveInputTokens: tokens, hoursUtc: [] }] : [];
    })
    .sort((a, b) => a.aboveInputTokens - b.aboveInputTokens);
}

function read({ rows }: ListedModel, long: readonly ListedModel[], date: string | null): (PriceSet | RowFlaw)[] {
  const sets = rows.map((row) =>
    flawedOr((): PriceSet => {
      const interval = intervalOf(row);
      return { ...PLAIN_SET, ...interval, path: row.path, prices: pricesOf(row), conditions: conditionsOf(interval, long), date };
    }),
  );
  const good = sets.filter((set): set is PriceSet => !(set instanceof RowFlaw)).sort((a, b) => (a.from ?? '').localeCompare(b.from ?? ''));
  return [
    ...good.map((set, index) => ({ ...set, set: rows.length === 1 ? null : index + 1 })),
    ...sets.filter((set) => set instanceof RowFlaw),
  ];
}

function entries(document: unknown): (RegistryEntry | RowFlaw)[] {
  const fields = PriceFields.of(document, []);
  const date = flawedOr(() => fields.day('updated_at'));
  const rows = flawedOr(() => rowsOf(fields));
  if (rows instanceof RowFlaw) return [rows];
  const models = byModel(rows.filter((row): row is ListedPrice => !(row instanceof RowFlaw)));
  const baseOf = ({ vendor, id }: ListedModel) => models.get(`${vendor}/${LONG.exec(id)?.[1] ?? ''}`);
  const listed = [...models.values()];
  return [
    ...[date, ...rows].filter((row) => row instanceof RowFlaw),
    ...listed
      .filter((model) => !baseOf(model))
      .map((model): RegistryEntry => {
        const long = listed.filter((other) => baseOf(other) === model);
        return {
          path: model.rows[0]?.path ?? [],
          provider: model.vendor,
          name: model.id,
          kind: kindByName(model.id),
          read: () => read(model, long, date instanceof RowFlaw ? null : date),
        };
      }),
  ];
}

function hasList(document: unknown, list: string, isRow: (row: Readonly<Record<string, unknown>>) => boolean): boolean {
  const rows = isGroup(document) ? document[list] : undefined;
  return Array.isArray(rows) && rows.some((row) => isGroup(row) && isRow(row));
}

/** simonw/llm-prices: a vendor's file, or those built of all, USD per million. */
export const llmPrices: Registry = {
  id: 'llm-prices',
  file: 'a file of llm-prices (data/VENDOR.json, current-v1.json, historical-v1.json)',
  recognises: (document) =>
    hasList(document, 'models', (row) => Object.hasOwn(row, 'price_history')) ||
    hasList(document, 'prices', (row) => Object.hasOwn(row, 'vendor') && Object.hasOwn(row, 'input')),
  entries,
};
