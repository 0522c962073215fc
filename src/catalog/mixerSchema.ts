import { z } from 'zod';
import { count } from './fields.ts';

const set = z.literal(true).exactOptional();

const indexer = z.strictObject({ heads: count, headDim: count });

const compression = z.strictObject({
  window: count,
  ratio: count.nullable(),
  overlap: set,
  outputGroups: count,
  outputLoraRank: count,
});

const mla = z.strictObject({
  kind: z.literal('mla'),
  heads: count,
  queryLoraRank: count.nullable(),
  kvLoraRank: count,
  qkNopeHeadDim: count,
  qkRopeHeadDim: z.int().min(0),
  valueHeadDim: count,
  indexer: indexer.exactOptional(),
  sharedIndexer: set,
  sparseTokens: count.exactOptional(),
  outputGate: set,
  sinks: set,
  compression: compression.exactOptional(),
});

const gqa = z.strictObject({
  kind: z.literal('gqa'),
  heads: count,
  kvHeads: count,
  headDim: count,
  window: count.exactOptional(),
  windowKind: z.enum(['sliding', 'chunked']).exactOptional(),
  bias: z.enum(['qkv', 'qkvo']).exactOptional(),
  qkNorm: z.enum(['head', 'layer']).exactOptional(),
  outputGate: set,
  sinks: set,
  keysAreValues: set,
});

/** What every linear mixer says of its state. */
const state = {
  convKernel: count,
  stateStorage: z.literal('fp32').exactOptional(),
  fp32Tensors: z.array(z.enum(['convolution', 'decay', 'time-step', 'norm'])).exactOptional(),
};

const gatedDelta = z.strictObject({
  kind: z.literal('gated-delta'),
  keyHeads: count,
  valueHeads: count,
  keyHeadDim: count,
  valueHeadDim: count,
  ...state,
});

const kimiDelta = z.strictObject({ kind: z.literal('kimi-delta'), heads: count, headDim: count, fullRankGate: set, ...state });

const mamba2 = z.strictObject({
  kind: z.literal('mamba2'),
  heads: count,
  headDim: count,
  stateSize: count,
  groups: count,
  ...state,
});

const KINDS = [mla, gqa, gatedDelta, kimiDelta, mamba2] as const;

/** The name of a mixer: tensor groups are named after it, and `draft` is taken. */
export const mixerName = z
  .string()
  .regex(/^(?!draft$)[a-z][a-zA-Z0-9]*$/, { error: 'a name of letters and digits that begins with a lower-case letter, but not draft' });

/** The mixers of a whole model, by name. */
export const mixers = z.record(
  mixerName,
  z.discriminatedUnion('kind', KINDS, { error: 'a kind: mla, gqa, gated-delta, kimi-delta or mamba2' }),
);

const anyPart = z
  .strictObject({
    ...mamba2.shape,
    ...kimiDelta.shape,
    ...gatedDelta.shape,
    ...gqa.shape,
    ...mla.shape,
    kind: z.enum(['mla', 'gqa', 'gated-delta', 'kimi-delta', 'mamba2']),
  })
  .partial();

/** Mixers of a file that extends another: any part of each. */
export const mixerParts = z.record(mixerName, anyPart);
