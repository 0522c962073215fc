import { hoursText } from '../cost/hoursText.ts';
import { PRICE_FIELDS, type PriceChange } from '../importers/prices/priceChange.ts';
import type { ImportedPrice, PricesImport } from '../importers/prices/pricesImport.ts';
import { formatCount } from '../units/tokens.ts';
import type { Column, Table } from './table.ts';

type Prices = Pick<ImportedPrice, (typeof PRICE_FIELDS)[number]>;

/** A price to the last digit, with two decimals at least. */
function priceText(usd: number): string {
  return usd.toFixed(9).replace(/(\.\d\d\d*?)0+$/, '$1');
}

function optionalText(usd: number | null): string {
  return usd === null ? '–' : priceText(usd);
}

/** Input, cache read and output as lists of prices are spoken. */
function threeText({ inputUsdPerMtok, cacheReadUsdPerMtok, outputUsdPerMtok }: Prices): string {
  return [inputUsdPerMtok, cacheReadUsdPerMtok, outputUsdPerMtok].map(optionalText).join(' / ');
}

function conditionText({ aboveInputTokens, hoursUtc, ...prices }: ImportedPrice['conditions'][number]): string {
  const when = [
    ...(aboveInputTokens === null ? [] : [`above ${formatCount(aboveInputTokens)} input tokens`]),
    ...(hoursUtc.length === 0 ? [] : [`${hoursText(hoursUtc)} UTC`]),
  ];
  return `${when.join(', ')}: ${threeText(prices)}`;
}

/** The days on which a price holds, and those that set it apart from the one before. */
function daysText({ from, until, date, before }: ImportedPrice): string[] {
  const days = [...(from === null ? [] : [`from ${from}`]), ...(until === null ? [] : [`until ${until}`])].join(' ');
  return [
    ...(days === '' ? [] : [days]),
    ...(before !== null && before.date > date ? [`read on ${date}, earlier than the price beside it`] : []),
  ];
}

const price = (title: string): Column => ({ title, align: 'right', format: priceText });

/** The prices of an import with one kind of change, for reading. */
export function importPricesTable({ rows }: PricesImport, change: PriceChange): Table {
  const asked = rows.filter((row) => row.change === change);
  return {
    columns: [
      { title: 'provider' },
      { title: 'model' },
      { title: 'tier' },
      price('input'),
      price('cache read'),
      price('cache write'),
      price('output'),
      ...(change === 'new' ? [] : [{ title: 'before' }, { title: 'dated' }]),
      { title: 'row' },
    ],
    rows: asked.map((row) => {
      const note = [...daysText(row), ...row.conditions.map(conditionText)].join('; ');
      const before = row.before === null ? [null, null] : [threeText(row.before), row.before.date];
      return {
        cells: [
          row.provider,
          row.model,
          row.tier,
          row.inputUsdPerMtok,
          row.cacheReadUsdPerMtok,
          row.cacheWriteUsdPerMtok,
          row.outputUsdPerMtok,
          ...(change === 'new' ? [] : before),
          row.status,
        ],
        ...(note === '' ? {} : { note }),
      };
    }),
  };
}

/** All prices of an import, one a row. */
export function importPricesRawTable({ rows }: PricesImport): Table {
  const titles = [
    'id',
    'provider',
    'model',
    'tier',
    'currency',
    ...PRICE_FIELDS,
    'conditions',
    'from',
    'until',
    'date',
    'status',
    'change',
  ];
  return {
    columns: [...titles, 'beforeId', 'beforeDate', ...PRICE_FIELDS.map((field) => `before${field[0]?.toUpperCase()}${field.slice(1)}`)].map(
      (title) => ({ title }),
    ),
    rows: rows.map((row) => ({
      cells: [
        row.id,
        row.provider,
        row.model,
        row.tier,
        row.currency,
        ...PRICE_FIELDS.map((field) => row[field]),
        row.conditions.map(conditionText).join('; '),
        row.from,
        row.until,
        row.date,
        row.status,
        row.change,
        row.before?.id ?? null,
        row.before?.date ?? null,
        ...PRICE_FIELDS.map((field) => row.before?.[field] ?? null),
      ],
    })),
  };
}
