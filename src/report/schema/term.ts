import { z } from 'zod';

const UNITS = [
  '',
  'B',
  'B/token',
  'token',
  'sequence',
  'request',
  'token/request',
  'token/Mtoken',
  'token/s',
  'request/s',
  'token/month',
  'request/month',
  'GPU',
  'GPU/instance',
  'instance',
  'USD',
  'USD/hour',
  'USD/GPU/hour',
  'USD/month',
  'USD/instance/month',
  'USD/Mtoken',
  'USD/request',
  'hour/month',
  's/hour',
  's',
  's/request',
  'B/s',
  'flop',
  'flop/s',
  'flop/s/GPU',
  'flop/token',
  'flop/request',
  'flop request/token^2',
] as const;

const base = {
  id: z.string().describe('A mathjs symbol, unique within its sheet.'),
  label: z.string(),
  unit: z.enum(UNITS),
  value: z.number(),
  low: z.number().exactOptional(),
  high: z.number().exactOptional(),
};

/** Where a number comes from: one of the five kinds of term. */
export const term = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('input'), ...base, source: z.string() }),
  z.strictObject({ kind: z.literal('lookup'), ...base, method: z.string(), source: z.string() }),
  z.strictObject({ kind: z.literal('formula'), ...base, formula: z.string() }),
  z.strictObject({ kind: z.literal('solved'), ...base, method: z.string(), residual: z.string() }),
  z.strictObject({ kind: z.literal('sampled'), ...base, method: z.string() }),
]);
