import { z } from 'zod';

const figure = z.number().nullable();
const count = z.int().min(0);

const line = z.strictObject({
  id: z.string(),
  what: z.string(),
  unit: z.enum(['GiB', 'token', 'B/token', 'sequence']),
  source: z.enum(['kplan', 'log']).describe('log: foretold by other figures of the same log, which says nothing of kplan.'),
  predicted: figure.describe('null where kplan cannot say; the explanation has the reason.'),
  logged: figure.describe('null where the log does not say.'),
  residual: figure.describe('Predicted less logged.'),
  residualShare: figure.describe('Of what is logged.'),
  tolerance: figure,
  within: z.boolean().nullable(),
  explanation: z.string(),
  line: count.nullable().describe('Of the log, counted from 1.'),
});

/** The document of `kplan reconcile --json`. */
export const reconcileSchema = z.strictObject({
  schema: z.literal('kplan/reconcile@1'),
  answer: z.string(),
  log: z.strictObject({
    name: z.string(),
    engine: z.enum(['vllm', 'sglang', 'tensorrt-llm', 'llama.cpp', 'ik_llama.cpp']),
    version: z.string().nullable(),
    model: z.string().nullable(),
    starts: count,
    lines: count,
    cutLines: count,
  }),
  recognised: z.array(z.string()),
  assumed: z.array(z.string()),
  lines: z.array(line),
  verdict: z.strictObject({
    predicted: z.enum(['fits', 'marginal', 'does-not-fit', 'invalid']).nullable(),
    logged: z.enum(['ready', 'refused', 'out-of-memory', 'died']),
    agrees: z.boolean().nullable(),
    explanation: z.string(),
    line: count.nullable(),
  }),
  unread: z
    .array(z.strictObject({ line: count, text: z.string(), times: count }))
    .describe('Lines that look like memory and that no wording takes, those of one shape once.'),
});
