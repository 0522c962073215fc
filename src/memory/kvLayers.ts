import { attentionBackend } from '../engine/attentionBackend.ts';
import { type Deployment, draftedTokens, type KvCacheDtype } from '../engine/deployment.ts';
import { kvLayout } from '../engine/kvLayout.ts';
import { mixerNamed } from '../model/layers.ts';
import { type GqaAttention, type Indexer, isAttention, type LinearMixer, type Mixer, type MlaAttention } from '../model/mixer.ts';
import type { Stage } from './stage.ts';

const ELEMENT_BYTES: Readonly<Record<KvCacheDtype, number>> = { bf16: 2, fp8: 1, fp8_ds_mla: 1 };

/** Bytes of one element of the KV cache. */
export function kvElementBytes(dtype: KvCacheDtype): number {
  return ELEMENT_BYTES[dtype];
}

/** What one kind of layer keeps of a sequence on one rank. */
export interface KvLayers {
  readonly name: string;
  readonly layers: number;
  /** Bytes of one token in one layer; 0 for a state of fixed size. */
  readonly bytesPerToken: number;
  /** The same in mathjs syntax, in bytes. */
  readonly formula: string;
  /** Tokens of context that the layer keeps; null for all. */
  readonly window: number | null;
  readonly windowKind: 'sliding' | 'chunked';
  /** Bytes that one sequence keeps in one layer whatever its length: a state, or the window of compressed attention. */
  readonly stateBytes: number;
}

/** An indexer keeps an FP8 key and one fp32 scale to each 128 of its elements. */
function indexerBytes({ headDim }: Indexer): number {
  return headDim + 4 * Math.ceil(headDim / 128);
}

/** Bytes of one entry of compressed attention: FP8 with a scale to each 64 elements and a 16-bit rotary part, padded, or 16 bits throughout. */
function entryBytes({ kvLoraRank, qkRopeHeadDim }: MlaAttention, dtype: KvCacheDtype): number {
  if (dtype === 'bf16') return 2 * (kvLoraRank + qkRopeHeadDim);
  return Math.ceil((kvLoraRank + kvLoraRank / 64) / 8) * 8 + 2 * qkRopeHeadDim;
}

/** Attention over a context compressed in time: an entry to each few tokens for good, and the latest tokens one by one. */
function compressed(mixer: MlaAttention, dtype: KvCacheDtype): Pick<KvLayers, 'bytesPerToken' | 'formula' | 'stateBytes'> {
  const { window = 0, ratio = null } = mixer.compression ?? {};
  const entry = entryBytes(mixer, dtype);
  const index = mixer.indexer ? indexerBytes(mixer.indexer) : 0;
  return {
    bytesPerToken: ratio === null ? 0 : (entry + index) / ratio,
    formula: ratio === null ? '0' : `(${entry} + ${index}) / ${ratio}`,
    stateBytes: window * entry,
  };
}

function latent({ kvLoraRank, qkRopeHeadDim, indexer }: MlaAttention, dtype: KvCacheDtype): { bytes: number; formula: string } {
  const index = indexer ? indexerBytes(indexer) : 0;
  const own =
    dtype === 'fp8_ds_mla'
      ? { bytes: kvLoraRank + kvLoraRank / 32 + 2 * qkRopeHeadDim, formula: `${kvLoraRank} + ${kvLoraRank} / 32 + 2 * ${qkRopeHeadDim}` }
      : {
          bytes: (kvLoraRank + qkRopeHeadDim) * ELEMENT_BYTES[dtype],
          formula: `(${kvLoraRank} + ${qkRopeHeadDim}) * ${ELEMENT_BYTES[dtype]}`,
        };
  return index === 0 ? own : { bytes: own.bytes + index, formula: `${own.formula} + ${index}` };
}

function keysAndValues({ kvHeads, headDim }: GqaAttention, dtype: KvCacheDtype, tp: number): { bytes: number; formula: string } {
  const perRank = kvHeads / Math.min(tp, kvHeads);
  const element = ELEMENT_BYTES[dtype];
  return { bytes: 2 * perRank * headDim * element, formula: `2 * ${kvHeads} / min(tp, ${kvHeads}) * ${headDim} * ${element}` };
}

/**
 * Bytes of the convolution tail (16 bits) and the recurrent state of one sequence in one layer, over all heads; the tail is as much longer
 * as tokens are drafted.
 */
function stateBytes(mixer: LinearMixer, drafted: number): number {
  const element = mixer.stateStorage === 'fp32' ? 4 : 2;
  const tail = (channels: number) => channels * (mixer.convKernel - 1 + drafted) * 2;
  switch (mixer.kind) {
    case 'gated-delta': {
      const { keyHeads, keyHeadDim, valueHeads, valueHeadDim } = mixer;
      return tail(2 * keyHeads * keyHeadDim + valueHeads * valueHeadDim) + valueHeads * keyHeadDim * valueHeadDim * element;
    }
    case 'kimi-delta':
      return tail(3 * mixer.heads * mixer.headDim) + mixer.heads * mixer.headDim ** 2 * element;
    case 'mamba2':
      return (
        tail(mixer.heads * mixer.headDim + 2 * mixer.groups * mixer.stateSize) + mixer.heads * mixer.headDim * mixer.stateSize * element
      );
  }
}

function kept(mixer: Mixer, dtype: KvCacheDtype, deployment: Deployment): Pick<KvLayers, 'bytesPerToken' | 'formula' | 'stateBytes'> {
  const { tp } = deployment.layout;
  if (!isAttention(mixer)) return { bytesPerToken: 0, formula: '0', stateBytes: stateBytes(mixer, draftedTokens(deployment)) / tp };
  if (mixer.kind === 'mla' && mixer.compression) return compressed(mixer, dtype);
  const { bytes, formula } = mixer.kind === 'mla' ? latent(mixer, dtype) : keysAndValues(mixer, dtype, tp);
  return { bytesPerToken: bytes, formula, stateBytes: 0 };
}

/** Layers that a draft adds to the last stage, and the mixer whose cache they keep. */
function draftLayers({ model, draft }: Deployment, stage: Stage): { mixer: string; layers: number } | null {
  if (draft === undefined || !stage.last) return null;
  const { draft: own, mixers } = model.architecture;
  if (draft === 'mtp') return own && { mixer: own.mixer, layers: own.layers };
  const mixer = Object.keys(mixers).find((name) => isAttention(mixerNamed(model.architecture, name)));
  return mixer === undefined ? null : { mixer, layers: 1 };
}

function kindsOf(deployment: Deployment, stage: Stage, dtype: KvCacheDtype): readonly KvLayers[] {
  const { model } = deployment;
  const draft = draftLayers(deployment, stage);
  return Object.entries(model.architecture.mixers).flatMap(([name, mixer]) => {
    const own = stage.layers.filter((layer) => layer.mixer === name).length;
    const layers = own + (draft?.mixer === name ? draft.layers : 0);
    if (layers === 0) return [];
    const window = mixer.kind === 'gqa' ? (mixer.window ?? null) : null;
    const windowKind = mixer.kind === 'gqa' ? (mixer.windowKind ?? 'sliding') : 'sliding';
    return [{ name, layers, window, windowKind, ...kept(mixer, dtype, deployment) }];
  });
}

const known = new WeakMap<Stage, Map<string, readonly KvLayers[]>>();

/**
 * What the layers of a stage keep of a sequence on one rank, kind by kind: a latent on every TP rank (MLA), keys and values of its
 * heads (GQA), a window of them, or a state; the layers of a draft count with the attention that they share.
 *
 * @returns kinds that occur on the stage; kept by stage, element layout, TP, draft and drafted tokens
 */
export function kvLayers(deployment: Deployment, stage: Stage): readonly KvLayers[] {
  const dtype = kvLayout(deployment);
  const key = `${dtype} ${deployment.layout.tp} ${deployment.draft ?? ''} ${draftedTokens(deployment)}`;
  const ofStage = known.get(stage) ?? new Map<string, readonly KvLayers[]>();
  known.set(stage, ofStage);
  let kinds = ofStage.get(key);
  if (!kinds) {
    kinds = kindsOf(deployment, stage, dtype);
    ofStage.set(key, kinds);
  }
  return kinds;
}

/** Whether a kind of layer keeps a state and nothing that grows with the context. */
function keepsOnlyState({ bytesPerToken, stateBytes }: KvLayers): boolean {
  return bytesPerToken === 0 && stateBytes > 0;
}

/** Tokens of a block, raised where a state of linear attention must fit in the block of one attention layer (vLLM). */
export function blockTokensOf(deployment: Deployment, kinds: readonly KvLayers[]): number {
  const { blockTokens } = attentionBackend(deployment);
  if (!kinds.some(keepsOnlyState)) return blockTokens;
  const state = Math.max(0, ...kinds.map((kind) => kind.stateBytes));
  const perToken = Math.max(0, ...kinds.map((kind) => kind.bytesPerToken));
  if (perToken === 0 || deployment.release.engine.id !== 'vllm') return blockTokens;
  return Math.max(1, Math.ceil(state / (perToken * blockTokens))) * blockTokens;
}
