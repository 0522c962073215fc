import type { z } from 'zod';
import { type ExchangeRate, usdPerUnit } from '../cost/exchange.ts';
import { type ConditionalPrices, hiddenCondition, type Tariff, type TokenPrices } from '../cost/tariff.ts';
import { Fault } from '../faults/fault.ts';
import { type Checked, type DataFolder, readCsvFile } from './dataFolder.ts';
import { checkRowIds } from './names.ts';
import { conditionRow, tariffRow } from './rows.ts';
import type { providersFile } from './sharedFiles.ts';

type PriceCells = Pick<z.output<typeof tariffRow>, Extract<keyof z.output<typeof tariffRow>, `${string}_per_mtok`>>;
type Providers = z.output<typeof providersFile>['providers'];

/** Decimals as written stay decimals: a rate multiplies, USD does not. */
function pricesOf(row: PriceCells, rate: number): TokenPrices {
  const usd = (price: number) => (rate === 1 ? price : Number((price * rate).toPrecision(12)));
  const optional = (price: number | null) => (price === null ? null : usd(price));
  return {
    inputUsdPerMtok: usd(row.input_per_mtok),
    cacheReadUsdPerMtok: optional(row.cache_read_per_mtok),
    cacheWriteUsdPerMtok: optional(row.cache_write_per_mtok),
    cacheWrite1hUsdPerMtok: optional(row.cache_write_1h_per_mtok),
    outputUsdPerMtok: usd(row.output_per_mtok),
    thinkingUsdPerMtok: optional(row.thinking_per_mtok),
  };
}

const asCondition = ({ above_input_tokens: aboveInputTokens, hours_utc: hoursUtc }: z.output<typeof conditionRow>) => ({
  aboveInputTokens,
  hoursUtc,
});

function checkPrices({ content: row, data }: Checked<PriceCells>, faults: Fault[]): void {
  const dearest = row.input_per_mtok;
  if (dearest === 0 && row.output_per_mtok === 0)
    faults.push(
      new Fault('invalid', 'a tariff of zero means "not metered", not "free"', { where: data.where(['input_per_mtok']), value: 0 }),
    );
  if ((row.cache_read_per_mtok ?? 0) > dearest)
    faults.push(
      new Fault('contradiction', 'a cache read costs more than fresh input', {
        where: data.where(['cache_read_per_mtok']),
        value: row.cache_read_per_mtok,
        allowed: `at most ${dearest}`,
      }),
    );
}

function checkInterval({ content: { from, until }, data }: Checked<z.output<typeof tariffRow>>, faults: Fault[]): void {
  if (from === null || until === null || from < until) return;
  faults.push(
    new Fault('contradiction', 'the tariff ends before it begins', {
      where: data.where(['until']),
      value: until,
      allowed: `after ${from}`,
    }),
  );
}

function checkOrder(conditions: readonly Checked<z.output<typeof conditionRow>>[], faults: Fault[]): void {
  const hidden = conditions[hiddenCondition(conditions.map(({ content }) => asCondition(content)))];
  if (!hidden) return;
  faults.push(
    new Fault('contradiction', 'a later condition of the tariff takes its place, so it never holds', {
      where: hidden.data.where(['above_input_tokens']),
      value: hidden.content.above_input_tokens,
      allowed: 'context tiers in rising order',
    }),
  );
}

function attempt(faults: Fault[], rate: () => number): number {
  try {
    return rate();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    faults.push(error);
    return 1;
  }
}

/**
 * The tariffs of a folder: tariffs.csv with the conditional prices of tariff-conditions.csv, in USD at the rate of each row's day.
 *
 * @param providers who is what; a provider that is not among them is a host of its own name
 * @param sourceOf the catalog id of a row's source
 */
export function readTariffs(
  folder: DataFolder,
  rates: readonly ExchangeRate[],
  providers: Providers,
  sourceOf: (file: Checked<z.output<typeof tariffRow>>) => string,
): Tariff[] {
  const before = folder.faults.length;
  const rows = readCsvFile(folder, 'tariffs.csv', tariffRow);
  const whole = folder.faults.length === before;
  const conditions = readCsvFile(folder, 'tariff-conditions.csv', conditionRow);
  checkRowIds(rows, folder.faults);
  const ids = new Set(rows.map(({ content }) => content.id));
  for (const { content, data } of conditions)
    if (whole && !ids.has(content.tariff))
      folder.faults.push(new Fault('unknown', 'no such tariff', { where: data.where(['tariff']), value: content.tariff }));
  return rows.map((file) => {
    const { content: row, data } = file;
    checkPrices(file, folder.faults);
    checkInterval(file, folder.faults);
    const rate = attempt(folder.faults, () => usdPerUnit(rates, row.currency, row.date, data.where(['currency'])));
    const own = conditions.filter(({ content }) => content.tariff === row.id);
    checkOrder(own, folder.faults);
    return {
      id: row.id,
      provider: row.provider,
      providerName: providers[row.provider]?.name ?? row.provider,
      providerKind: providers[row.provider]?.kind ?? 'host',
      model: row.model,
      tier: row.tier,
      ...pricesOf(row, rate),
      conditions: own.map((condition): ConditionalPrices => {
        checkPrices(condition, folder.faults);
        return { ...asCondition(condition.content), ...pricesOf(condition.content, rate) };
      }),
      currency: row.currency,
      from: row.from,
      until: row.until,
      date: row.date,
      source: sourceOf(file),
    };
  });
}
