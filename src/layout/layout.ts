/**
 * How one deployment is spread over GPUs. One replica is a grid of `pp` stages, each of `tp * attentionDp` ranks.
 * `dp` counts whole independent copies of that replica.
 */
export interface Layout {
  /** Ways in which attention is split by heads. */
  readonly tp: number;
  /** Pipeline stages. */
  readonly pp: number;
  /** Whole copies of the model side by side. */
  readonly dp: number;
  /** Ranks over which whole experts are spread; 1 = every expert is split over all ranks of a stage. */
  readonly ep: number;
  /** Ranks of the TP group that share the KV cache of a sequence between them. */
  readonly dcp: number;
  /** Groups within a replica that run attention for different sequences, each with a KV cache of its own. */
  readonly attentionDp: number;
}

/** The options that fix the members of a layout. */
export const LAYOUT_FLAGS: Readonly<Record<keyof Layout, string>> = {
  tp: '--tp',
  pp: '--pp',
  dp: '--dp',
  ep: '--ep',
  dcp: '--dcp',
  attentionDp: '--attention-dp',
};

/** Ranks of one pipeline stage: `tp * attentionDp`. */
export function stageRanks({ tp, attentionDp }: Layout): number {
  return tp * attentionDp;
}

/** KV caches that hold different sequences: one per attention DP group of each copy. */
export function kvCaches({ attentionDp, dp }: Layout): number {
  return attentionDp * dp;
}

/** GPUs of one replica: `tp * attentionDp * pp`. */
export function replicaGpus(layout: Layout): number {
  return stageRanks(layout) * layout.pp;
}

/** GPUs of all copies: `replicaGpus * dp`. */
export function totalGpus(layout: Layout): number {
  return replicaGpus(layout) * layout.dp;
}

/**
 * The layout in the field's shorthand; ways of one are left out.
 *
 * @example layoutName({ tp: 8, pp: 2, dp: 1, ep: 1, dcp: 1, attentionDp: 1 }) // 'TP8×PP2'
 */
export function layoutName(layout: Layout): string {
  const { tp, pp, dp, ep, dcp, attentionDp } = layout;
  const parts = [attentionDp > 1 && tp === 1 ? '' : `TP${tp}`];
  if (attentionDp > 1) parts.push(`DP-attention${attentionDp}`);
  if (pp > 1) parts.push(`PP${pp}`);
  const grid = parts.filter(Boolean).join('×');
  return `${grid}${ep > 1 ? `+EP${ep}` : ''}${dcp > 1 ? `+DCP${dcp}` : ''}${dp > 1 ? ` ×${dp} copies` : ''}`;
}

/** The layout as a key for ids: `tp8-pp2`, `adp8-ep8`. */
export function layoutKey({ tp, pp, dp, ep, dcp, attentionDp }: Layout): string {
  const ways: readonly [string, number][] = [
    ['adp', attentionDp],
    ['pp', pp],
    ['ep', ep],
    ['dcp', dcp],
    ['dp', dp],
  ];
  return [`tp${tp}`, ...ways.filter(([, n]) => n > 1).map(([name, n]) => `${name}${n}`)].join('-');
}
