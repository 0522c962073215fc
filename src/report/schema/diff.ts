import { z } from 'zod';
import { evidence } from './common.ts';

const of = z.enum([
  'kplan/advise@1',
  'kplan/breakeven@1',
  'kplan/cost@1',
  'kplan/fit@1',
  'kplan/hybrid@1',
  'kplan/reuse@1',
  'kplan/size@1',
  'kplan/speed@1',
]);
const unit = z.enum(['USD', 'months', 'USD/month', 'USD/Mtok', 'tokens/month', 'tokens', 'tokens/s', 'ms', 'bytes', 'share', 'count']);
const openBand = z
  .strictObject({ low: z.number().nullable(), value: z.number().nullable(), high: z.number().nullable() })
  .describe('A band that holds 80 % of real cases; null where unbounded.');
const side = openBand.nullable().describe('null: the answer has none.');

const figure = z.strictObject({
  of,
  code: z.string(),
  subject: z.string(),
  subjectBefore: z.string(),
  label: z.string(),
  unit,
  before: side,
  after: side,
  kinship: z.enum(['same', 'load', 'layout', 'other']).describe('What both sides have in common, and with it which doubts cancel.'),
  absolute: openBand.nullable().describe('After less before, in the unit; the band is of the doubts that do not cancel.'),
  relative: openBand.nullable().describe('Change over what it was; null where that was not above 0.'),
  real: z.boolean().describe('Whether the band of the change leaves no doubt about its direction.'),
});

/** The document of `kplan diff --json`. */
export const diffSchema = z.strictObject({
  schema: z.literal('kplan/diff@1'),
  before: z.string(),
  after: z.string(),
  answer: z.string(),
  inputs: z.array(
    z.strictObject({
      name: z.string(),
      before: z.string().nullable(),
      after: z.string().nullable(),
      beforeAt: z.string().nullable(),
      afterAt: z.string().nullable(),
    }),
  ),
  verdicts: z.array(z.strictObject({ of, subject: z.string(), before: z.string(), after: z.string() })),
  figures: z.array(figure),
  lone: z.array(
    z.strictObject({
      of,
      side: z.enum(['before', 'after']),
      code: z.string(),
      subject: z.string(),
      label: z.string(),
      unit,
      value: side,
    }),
  ),
  unchanged: z.int().min(0),
  conditions: z.array(
    z.strictObject({ condition: z.string(), failed: z.boolean(), by: z.array(z.string()), passedOver: z.array(z.string()) }),
  ),
  facts: z.strictObject({
    before: evidence.dataAge.nullable(),
    after: evidence.dataAge.nullable(),
    same: z.boolean(),
    changed: z.array(z.string()),
  }),
  assumptions: evidence.assumptions,
  warnings: evidence.warnings,
});
