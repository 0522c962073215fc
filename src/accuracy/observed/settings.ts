import type { KvCacheDtype } from '../../engine/deployment.ts';
import type { Layout } from '../../layout/layout.ts';
import type { Checkpoint } from '../../model/model.ts';

/** Ways in which a row or a log says that a model was split; what it leaves out is absent or null. */
export interface ObservedWays {
  readonly gpus?: number | null;
  readonly tp?: number | null;
  readonly pp?: number | null;
  readonly dp?: number | null;
  readonly dcp?: number | null;
  /** Ranks of expert parallelism, or true where it is only said to be on. */
  readonly ep?: number | true | null;
  /** Groups of attention data parallelism, or true where it is only said to be on. */
  readonly attentionDp?: number | true | null;
}

/**
 * The layout that was run: TP over the GPUs that pipeline stages and copies leave; expert parallelism spreads experts over all ranks, and
 * the ranks of data parallelism then share them.
 */
export function observedLayout(ways: ObservedWays): Layout {
  const { ep, attentionDp: groups } = ways;
  const [pp, dp] = [ways.pp ?? 1, ways.dp ?? 1];
  const tp = ways.tp ?? Math.max(1, Math.floor((ways.gpus ?? 1) / (pp * dp)));
  const expertParallel = typeof ep === 'number' || ep === true;
  const shared = typeof groups === 'number' || groups === true || (expertParallel && dp > 1);
  const attentionDp = typeof groups === 'number' ? groups : shared ? dp : 1;
  const ranks = expertParallel ? tp * attentionDp : 1;
  return { tp, pp, dp: shared ? 1 : dp, dcp: ways.dcp ?? 1, attentionDp, ep: typeof ep === 'number' ? ep : ranks };
}

const KV_DTYPES: readonly (readonly [RegExp, KvCacheDtype])[] = [
  [/^fp8_ds_mla\b/i, 'fp8_ds_mla'],
  [/^(?:fp8|float8)(?:_e4m3(?:fn)?)?(?:\s|$)/i, 'fp8'],
  [/^(?:|auto|bf16|bfloat16|fp16|f16|float16|half)(?:\s*\(.*\))?$/i, 'bf16'],
];

/** The KV cache dtype that an engine's word stands for; the empty word is its default, and null an unknown one. */
export function kvDtypeNamed(text: string): KvCacheDtype | null {
  return KV_DTYPES.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** The checkpoint as it is loaded without its vision tower. */
export function languageOnly(checkpoint: Checkpoint): Checkpoint {
  return { ...checkpoint, omits: [...(checkpoint.omits ?? []), 'vision'] };
}
