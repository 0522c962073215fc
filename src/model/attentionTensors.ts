import type { Compression, GqaAttention, MlaAttention } from './mixer.ts';
import { matrix, norms, type Part, vector } from './part.ts';

/** What compresses the context in time: projections of values and gates, a bias per position, a norm. */
function compressorParts(id: string, label: string, { ratio, overlap }: Compression, width: number, hiddenSize: number): Part[] {
  if (ratio === null) return [];
  const read = overlap ? 2 * width : width;
  return [
    matrix(`${id}Input`, `${label}, values and gates`, 'attention', 'replicated', [read, hiddenSize, 2], { encoding: 'bf16' }),
    vector(`${id}Positions`, `${label}, position bias`, 'attention', 'replicated', ratio * read, { encoding: 'fp32' }),
    norms(`${id}Norm`, `${label}, norm`, width),
  ];
}

function indexerParts({ indexer, queryLoraRank, compression }: MlaAttention, hiddenSize: number): Part[] {
  if (!indexer) return [];
  const { heads, headDim } = indexer;
  return [
    matrix('indexerQuery', 'indexer query', 'indexer', 'replicated', [heads * headDim, queryLoraRank ?? hiddenSize]),
    matrix('indexerWeights', 'indexer head weights', 'indexer', 'replicated', [heads, hiddenSize], { encoding: 'bf16' }),
    ...(compression
      ? compressorParts('indexerCompressor', 'indexer compressor', compression, headDim, hiddenSize)
      : [
          matrix('indexerKey', 'indexer key', 'indexer', 'replicated', [headDim, hiddenSize]),
          norms('indexerNorm', 'indexer key norm', 2 * headDim),
        ]),
  ];
}

function queryParts({ heads, queryLoraRank, qkNopeHeadDim, qkRopeHeadDim }: MlaAttention, hiddenSize: number): Part[] {
  const queries = heads * (qkNopeHeadDim + qkRopeHeadDim);
  if (queryLoraRank === null) return [matrix('query', 'query projection (q)', 'attention', 'heads', [queries, hiddenSize])];
  return [
    matrix('queryDown', 'query down-projection (q_a)', 'attention', 'replicated', [queryLoraRank, hiddenSize]),
    matrix('queryUp', 'query up-projection (q_b)', 'attention', 'heads', [queries, queryLoraRank]),
  ];
}

function outputParts({ heads, valueHeadDim, compression, outputGate }: MlaAttention, hiddenSize: number): Part[] {
  const values = heads * valueHeadDim;
  if (compression) {
    const { outputGroups, outputLoraRank } = compression;
    const low = outputGroups * outputLoraRank;
    return [
      matrix('attentionOutputDown', 'attention output, down (o_a)', 'attention-output', 'heads', [low, values / outputGroups]),
      matrix('attentionOutput', 'attention output, up (o_b)', 'attention-output', 'heads', [hiddenSize, low]),
    ];
  }
  return [
    matrix('attentionOutput', 'attention output (o)', 'attention-output', 'heads', [hiddenSize, values]),
    ...(outputGate ? [matrix('attentionGate', 'attention output gate', 'attention', 'heads', [values, hiddenSize])] : []),
  ];
}

/** Tensors of one layer of multi-head latent attention; down-projections are held whole by every GPU. */
export function mlaParts(mixer: MlaAttention, hiddenSize: number): Part[] {
  const { heads, queryLoraRank, kvLoraRank, qkNopeHeadDim, qkRopeHeadDim, valueHeadDim, compression, sinks } = mixer;
  const kept = kvLoraRank + qkRopeHeadDim;
  const expanded = heads * (qkNopeHeadDim + valueHeadDim);
  return [
    ...queryParts(mixer, hiddenSize),
    matrix('kvDown', 'KV down-projection (kv_a)', 'attention', 'replicated', [kept, hiddenSize]),
    ...(compression ? [] : [matrix('kvUp', 'KV up-projection (kv_b)', 'kv-up', 'heads', [expanded, kvLoraRank])]),
    ...outputParts(mixer, hiddenSize),
    norms('latentNorms', 'latent norms', (queryLoraRank ?? 0) + (compression ? kept : kvLoraRank)),
    ...(sinks ? [vector('attentionSinks', 'attention sinks', 'attention', 'heads', heads, { encoding: 'fp32' })] : []),
    ...(compression ? compressorParts('compressor', 'compressor', compression, kept, hiddenSize) : []),
    ...indexerParts(mixer, hiddenSize),
  ];
}

function biasParts({ bias, kvHeads }: GqaAttention, queries: number, keys: number, hiddenSize: number): Part[] {
  if (bias === undefined) return [];
  return [
    vector('queryBias', 'query bias', 'attention', 'heads', queries),
    { ...vector('keyValueBias', 'key and value biases', 'attention', 'kv-heads', keys, { tensors: 2 }), kvHeads },
    ...(bias === 'qkvo' ? [vector('attentionOutputBias', 'attention output bias', 'attention', 'replicated', hiddenSize)] : []),
  ];
}

/** Tensors of one layer of multi-head attention whose query heads share key-value heads. */
export function gqaParts(mixer: GqaAttention, hiddenSize: number): Part[] {
  const { heads, kvHeads, headDim, qkNorm } = mixer;
  const values = heads * headDim;
  const queries = mixer.outputGate ? 2 * values : values;
  const keys = kvHeads * headDim;
  const projections = mixer.keysAreValues ? 1 : 2;
  return [
    matrix('query', mixer.outputGate ? 'query and output gate (q)' : 'query (q)', 'attention', 'heads', [queries, hiddenSize]),
    matrix('keyValue', mixer.keysAreValues ? 'key (k)' : 'key and value (k, v)', 'attention', 'kv-heads', [keys, hiddenSize, projections], {
      kvHeads,
    }),
    matrix('attentionOutput', 'attention output (o)', 'attention-output', 'heads', [hiddenSize, values]),
    ...biasParts(mixer, queries, keys, hiddenSize),
    ...(qkNorm ? [norms('queryKeyNorms', 'query and key norms', qkNorm === 'head' ? 2 * headDim : values + keys)] : []),
    ...(mixer.sinks ? [vector('attentionSinks', 'attention sinks', 'attention', 'heads', heads)] : []),
  ];
}
