import { z } from 'zod';
import { Fault } from '../../faults/fault.ts';
import { RUN_SCHEMA, type RunRecords } from '../client/readRecords.ts';
import type { Ladder } from '../ladder/ladder.ts';

/** What a run was asked, as the first line of its records says; a run that is gone on with takes it from there. */
export interface RunAsked {
  /** Address without the path of a call. */
  readonly endpoint: string;
  readonly model: string;
  readonly protocol: string;
  readonly seed: number;
  readonly ladder: Ladder;
}

const count = z.int().min(0);
const tokens = z.int().min(1).max(1e7);

const conversation = z.strictObject({
  turns: z.int().min(1).max(1000),
  systemTokens: tokens,
  taskTokens: tokens,
  resultTokens: tokens,
  outputTokens: tokens,
});

const load = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('concurrency'), concurrency: z.number().positive() }),
  z.strictObject({ kind: z.literal('rate'), requestsPerSecond: z.number().positive() }),
  z.strictObject({ kind: z.literal('share-of-found'), share: z.number().positive() }),
]);

const step = z.strictObject({
  place: count,
  shape: z.strictObject({
    name: z.string().max(200),
    inputTokens: tokens,
    outputTokens: tokens,
    sharedInput: z.number().min(0).max(1),
    conversation: conversation.exactOptional(),
  }),
  load,
  requests: count,
  warmUp: count,
});

const asked: z.ZodType<RunAsked & { readonly schema: typeof RUN_SCHEMA }> = z.strictObject({
  schema: z.literal(RUN_SCHEMA),
  endpoint: z.string(),
  model: z.string(),
  protocol: z.string(),
  seed: count,
  ladder: z.strictObject({ steps: z.array(step), notes: z.array(z.string()) }),
});

/**
 * What a run was asked, of its records.
 *
 * @param path of the file, for messages
 * @throws Fault `invalid` at the first line where it does not say so in full
 */
export function runAsked({ header }: RunRecords, path: string): RunAsked {
  const { success, data, error } = asked.safeParse(header);
  if (success) return data;
  const [issue] = error.issues;
  throw new Fault('invalid', 'the first line does not say what the run was asked', {
    where: `${path}:1${issue && issue.path.length > 0 ? ` ${issue.path.join('.')}` : ''}`,
    allowed: 'a file of records that kplan calibrate began',
  });
}
