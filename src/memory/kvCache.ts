import { stepTokens } from '../engine/batchTokens.ts';
import { type Deployment, draftedTokens } from '../engine/deployment.ts';
import { admittedSequences } from '../engine/maxSequences.ts';
import { kvCaches } from '../layout/layout.ts';
import { blockTokensOf, type KvLayers, kvLayers } from './kvLayers.ts';
import type { Stage } from './stage.ts';

/** How an engine cuts the KV memory of one rank into blocks, and how many of them a sequence of the asked context takes. */
export interface KvPool {
  readonly kinds: readonly KvLayers[];
  /** Tokens of one rank in a block of one layer. */
  readonly blockTokens: number;
  /** Bytes of one block over the layers that share it. */
  readonly blockBytes: number;
  /** The same in mathjs syntax. */
  readonly blockBytesFormula: string;
  readonly blocksPerSequence: number;
  readonly blocksPerSequenceFormula: string;
  /** Windows or states beside whole contexts: tokens then depend on the context. */
  readonly hybrid: boolean;
}

function isHybrid(kinds: readonly KvLayers[]): boolean {
  return kinds.some(({ window, stateBytes }) => window !== null || stateBytes > 0);
}

function uniformPool({ contextTokens, layout }: Deployment, kinds: readonly KvLayers[], blockTokens: number): KvPool {
  const bytesPerToken = kinds.reduce((sum, { layers, bytesPerToken: each }) => sum + layers * each, 0);
  return {
    kinds,
    blockTokens,
    blockBytes: bytesPerToken * blockTokens,
    blockBytesFormula: 'bytesPerTokenOnRank * blockTokens',
    blocksPerSequence: Math.ceil(contextTokens / (blockTokens * layout.dcp)),
    blocksPerSequenceFormula: 'ceil(contextTokens / (blockTokens * dcp))',
    hybrid: false,
  };
}

/**
 * Blocks of one layer that a sequence needs, as vLLM reserves them: a window must hold what one step brings in, and a state is kept before
 * and after each drafted token.
 */
function blocksOfKind({ window, windowKind, stateBytes }: KvLayers, deployment: Deployment, wider: number, blockTokens: number) {
  const { contextTokens } = deployment;
  const inBlocks = (tokens: number) => Math.ceil(tokens / (blockTokens * wider));
  const block = wider === 1 ? 'blockTokens' : `(blockTokens * ${wider})`;
  if (stateBytes > 0) {
    const drafted = draftedTokens(deployment);
    return { value: 1 + drafted, formula: drafted === 0 ? '1' : `(1 + ${drafted})` };
  }
  if (window === null) return { value: inBlocks(contextTokens), formula: `ceil(contextTokens / ${block})` };
  const step = stepTokens(deployment).value;
  const [seen, extra] = windowKind === 'sliding' ? [window - 1, 1] : [window, 0];
  return {
    value: inBlocks(Math.min(seen + step, contextTokens)) + extra,
    formula: `(ceil(min(${seen} token + batchTokens, contextTokens) / ${block}) + ${extra})`,
  };
}

/**
 * vLLM's pool for layers of several kinds: groups of equally many layers share blocks of one size, so that a kind with fewer bytes per
 * token has more tokens in a block.
 */
function groupedPool(deployment: Deployment, kinds: readonly KvLayers[], blockTokens: number): KvPool {
  const counts = kinds.map(({ layers }) => layers);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const group = most < 1.25 * fewest ? most : fewest;
  const perToken = Math.max(...kinds.map(({ bytesPerToken }) => bytesPerToken));
  const parts = kinds.map((kind) => {
    const wider = kind.bytesPerToken === 0 ? 1 : Math.max(1, Math.floor(perToken / kind.bytesPerToken));
    return { groups: Math.ceil(kind.layers / group), ...blocksOfKind(kind, deployment, wider, blockTokens) };
  });
  return {
    kinds,
    blockTokens,
    blockBytes: group * perToken * blockTokens,
    blockBytesFormula: `${group} * ${perToken} B/token * blockTokens`,
    blocksPerSequence: parts.reduce((sum, { groups, value }) => sum + groups * value, 0),
    blocksPerSequenceFormula: parts.map(({ groups, formula }) => `${groups} * ${formula}`).join(' + '),
    hybrid: true,
  };
}

/** Share of the whole-context tokens for which SGLang keeps the windowed layers too. */
const WINDOW_SHARE = 0.8;

/** Pools in tokens of the whole-context layers, as in SGLang: windowed layers hold a share of them, states count as the tokens they displace. */
function tokenPool({ contextTokens }: Deployment, kinds: readonly KvLayers[], blockTokens: number): KvPool {
  const whole = kinds.filter(({ window }) => window === null);
  const full = whole.reduce((sum, { layers, bytesPerToken }) => sum + layers * bytesPerToken, 0);
  const windowed = kinds.filter(({ window }) => window !== null).reduce((sum, kind) => sum + kind.layers * kind.bytesPerToken, 0);
  const state = kinds.reduce((sum, { layers, stateBytes }) => sum + layers * stateBytes, 0);
  const bytes = full + WINDOW_SHARE * windowed;
  return {
    kinds,
    blockTokens,
    blockBytes: bytes * blockTokens,
    blockBytesFormula: `(${full} + ${WINDOW_SHARE} * ${windowed}) B/token * blockTokens`,
    blocksPerSequence: Math.ceil((contextTokens + state / bytes) / blockTokens),
    blocksPerSequenceFormula: `ceil((contextTokens + ${state} B / (${bytes} B/token)) / blockTokens)`,
    hybrid: true,
  };
}

/**
 * The KV pool of one rank of a stage.
 *
 * @returns blocks and what one sequence of the asked context takes of them
 */
export function kvPool(deployment: Deployment, stage: Stage): KvPool {
  const kinds = kvLayers(deployment, stage);
  const blockTokens = blockTokensOf(deployment, kinds);
  if (!isHybrid(kinds)) return uniformPool(deployment, kinds, blockTokens);
  const compressed = Object.values(deployment.model.architecture.mixers).some((mixer) => mixer.kind === 'mla' && mixer.compression);
  const grouped = deployment.release.engine.id === 'vllm' && !compressed;
  return grouped ? groupedPool(deployment, kinds, blockTokens) : tokenPool(deployment, kinds, blockTokens);
}

/** Bytes that one token of the asked context takes on one GPU of the pool, on average over the context. */
export function poolBytesPerToken(
  { blockBytes, blockTokens, blocksPerSequence, hybrid }: KvPool,
  { contextTokens, layout }: Deployment,
): number {
  return hybrid ? (blockBytes * blocksPerSequence) / contextTokens : blockBytes / (blockTokens * layout.dcp);
}

/** What one KV cache memory per GPU amounts to over the whole deployment. */
export interface KvCapacity {
  readonly tokens: number;
  readonly sequences: number;
}

/**
 * Capacity of the KV caches for a given memory per GPU: `blocks = floor(memory / blockBytes)`, a block holding `blockTokens * dcp`
 * tokens of a sequence; each attention DP group of each copy has such a cache, and a sequence lives in one of them. Where layers keep
 * windows or states, tokens are `blocks / blocksPerSequence * context`, as engines print them.
 *
 * @param memoryBytes KV memory of one GPU; negative counts as none
 * @returns tokens and sequences of all caches together
 */
export function kvCapacity(deployment: Deployment, pool: KvPool, memoryBytes: number): KvCapacity {
  const { layout, contextTokens } = deployment;
  const blocks = Math.max(0, Math.floor(memoryBytes / pool.blockBytes));
  const caches = kvCaches(layout);
  const tokens = pool.hybrid ? Math.floor((blocks / pool.blocksPerSequence) * contextTokens) : blocks * pool.blockTokens * layout.dcp;
  return {
    tokens: tokens * caches,
    sequences: Math.min(admittedSequences(deployment).value, Math.floor(blocks / pool.blocksPerSequence)) * caches,
  };
}
