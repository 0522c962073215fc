import { z } from 'zod';

/** A whole number of at least one. */
export const count = z.int().min(1);

/** A number that is neither negative nor unbounded. */
export const amount = z.number().min(0);

/** A day or a month. */
export const date = z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?$/);

export const estimate = z
  .strictObject({
    low: z.number(),
    value: z.number(),
    high: z.number(),
    basis: z.enum(['exact', 'measured', 'calibrated', 'modelled', 'assumed']),
  })
  .describe('A number with the band that holds 80 % of real cases, and how it is known.');

export const boundedBand = z
  .strictObject({ low: z.number().nullable(), value: z.number().nullable(), high: z.number().nullable(), code: z.string().exactOptional() })
  .describe('A band; null where unbounded, and the code says why.');

export const layout = z.strictObject({ tp: count, pp: count, dp: count, ep: count, dcp: count, attentionDp: count });

export const query = z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())]));

const source = z.strictObject({
  ref: z.string(),
  date: z.string(),
  kind: z.enum(['spec', 'measured', 'quoted', 'estimated', 'assumed']),
  note: z.string().exactOptional(),
});

/** Sources by the id under which the answer names them. */
export const sources = z.record(z.string(), source);

const verdict = z.enum(['fits', 'marginal', 'does-not-fit', 'invalid']);

/** Whether a deployment holds, why, and what would change it. */
export const judgement = {
  verdict,
  binding: z.strictObject({ code: z.string(), message: z.string(), source: z.string() }),
  remedy: z
    .strictObject({ code: z.string(), message: z.string(), change: z.record(z.string(), z.union([z.string(), z.number()])), verdict })
    .nullable()
    .describe('The smallest change that would help, as options of the same command.'),
};

const assumption = z.strictObject({ code: z.string(), text: z.string(), source: z.string() });

/** What every answer carries beside its result. */
export const evidence = {
  assumptions: z.array(assumption),
  warnings: z.array(z.string()),
  sources,
  dataAge: z.strictObject({ asOf: date, oldestPrice: z.string().nullable(), oldestMeasurement: z.string().nullable() }),
};
