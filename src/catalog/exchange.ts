import type { ExchangeRate } from '../cost/exchange.ts';
import { type DataFolder, readCsvFile } from './dataFolder.ts';
import { exchangeRow } from './rows.ts';
import type { SourceBook } from './sourceBook.ts';

/** The rates of exchange-rates.csv of a folder. */
export function readExchangeRates(folder: DataFolder, book: SourceBook): ExchangeRate[] {
  return readCsvFile(folder, 'exchange-rates.csv', exchangeRow).map(({ content, data }) => ({
    date: content.date,
    currency: content.currency,
    unitsPerEur: content.units_per_eur,
    source: book.sharedId(content.source, data),
  }));
}
