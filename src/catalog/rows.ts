import { z } from 'zod';
import { alias, checkpointFormat, isoDate, isoDay, sourceKey, text } from './fields.ts';

/** Rows of the CSV files, by column. A cell is text; an empty one is null where the column allows it. */

const NUMBER = /^\d+(\.\d+)?$/;
const aNumber = { error: 'a plain number such as 1234.5, without separators or unit' };

const amount = z.string().regex(NUMBER, aNumber).transform(Number);
const optionalAmount = z
  .string()
  .regex(/^(\d+(\.\d+)?)?$/, aNumber)
  .transform((cell) => (cell === '' ? null : Number(cell)));
const whole = z
  .string()
  .regex(/^[1-9]\d*$/, { error: 'a whole number from 1' })
  .transform(Number);
const optionalWhole = z
  .string()
  .regex(/^([1-9]\d*)?$/, { error: 'a whole number from 1, or nothing' })
  .transform((cell) => (cell === '' ? null : Number(cell)));
const reuse = z
  .string()
  .regex(/^(0(\.\d+)?|1)$/, { error: 'a share from 0 to 1' })
  .transform(Number);
const note = z.string();

const optionalDay = z
  .string()
  .regex(/^(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?$/, { error: 'an ISO date such as 2026-08-21, or nothing' })
  .transform((cell) => (cell === '' ? null : cell));
const currency = z.string().regex(/^[A-Z]{3}$/, { error: 'a currency such as USD' });

const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
const hoursUtc = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)( |$))*$/, {
    error: 'hours such as 01:00-04:00 06:00-10:00, or nothing',
  })
  .transform((cell) =>
    cell.split(' ').flatMap((span) => {
      const [from, to] = span.split('-');
      return from && to ? [{ fromMinute: minutes(from), toMinute: minutes(to) }] : [];
    }),
  );

/** Prices per million tokens, in the currency of the tariff. */
const prices = {
  input_per_mtok: amount,
  cache_read_per_mtok: optionalAmount,
  cache_write_per_mtok: optionalAmount,
  cache_write_1h_per_mtok: optionalAmount,
  output_per_mtok: amount,
  thinking_per_mtok: optionalAmount,
};

export const tariffRow = z.strictObject({
  id: text,
  provider: text,
  model: text,
  tier: text,
  currency,
  ...prices,
  from: optionalDay,
  until: optionalDay,
  date: isoDate,
  source: sourceKey,
});

/** Prices that replace those of a tariff above an input length or in some hours. */
export const conditionRow = z.strictObject({ tariff: text, above_input_tokens: optionalWhole, hours_utc: hoursUtc, ...prices });

/** What one euro was worth on a day. */
export const exchangeRow = z.strictObject({ date: isoDay, currency, units_per_eur: amount, source: sourceKey });

export const offerRow = z.strictObject({
  id: text,
  provider: alias,
  gpu: text,
  gpus_per_instance: optionalWhole,
  instance: z.string(),
  region: z.string(),
  pricing: z.enum(['on-demand', 'spot', 'reserved', 'ownership-model']),
  term_months: optionalWhole,
  usd_per_gpu_hour: amount,
  date: isoDate,
  source: sourceKey,
  note,
});

export const measurementRow = z.strictObject({
  id: text,
  model: text,
  format: checkpointFormat,
  kv_cache_dtype: z.string(),
  engine: text,
  engine_version: text,
  gpu: text,
  gpus: whole,
  tp: whole,
  pp: whole,
  ep: whole,
  attention_dp: whole,
  dcp: whole,
  prefill_gpus: z.string().regex(/^\d+$/, { error: 'a whole number from 0' }).transform(Number),
  speculation: text,
  input_tokens: amount,
  output_tokens: amount,
  concurrency: z
    .string()
    .regex(NUMBER, aNumber)
    .transform(Number)
    .refine((n) => n >= 1, { error: 'at least 1' }),
  reuse,
  output_tokens_per_second: optionalAmount,
  ttft_ms: optionalAmount,
  tpot_ms: optionalAmount,
  statistic: z.enum(['median', 'mean']),
  date: isoDate,
  source: sourceKey,
  note,
});

/** A measurement of the user's own: its source is a file and a tool, in words. */
export const ownMeasurementRow = measurementRow.extend({ source: z.string() });

export const exclusionRow = z.strictObject({ id: text, reason: text, contaminated: z.enum(['yes', 'no']) });
