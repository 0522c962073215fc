import { Fault } from '../faults/fault.ts';
import { LAYOUT_FLAGS, type Layout, replicaGpus, totalGpus } from './layout.ts';

/** What the user fixed of a layout; the rest is enumerated. */
export type LayoutAsk = Partial<Layout>;

function divisors(n: number): number[] {
  const found = [];
  for (let d = 1; d <= n; d++) if (n % d === 0) found.push(d);
  return found;
}

function choices(asked: number | undefined, available: number): number[] {
  if (asked === undefined) return divisors(available);
  return available % asked === 0 ? [asked] : [];
}

/** Experts go whole to every rank of a stage under attention DP, and stay split otherwise, unless asked. */
function expertWays(ask: LayoutAsk, tp: number, attentionDp: number): number {
  return ask.ep ?? (attentionDp > 1 ? tp * attentionDp : 1);
}

/**
 * Every way to lay one deployment over exactly `gpus` GPUs: all products `tp * attentionDp * pp * dp = gpus` that keep what was asked.
 *
 * @param gpus how many GPUs, all of them used
 * @param ask fixed members; `dp` and `dcp` are 1 unless asked
 * @returns layouts in no particular order; empty where the asked members do not divide `gpus`
 * @example layoutsOver(16, { tp: 8 }).map(layoutName) // ['TP8×PP2', 'TP8×DP-attention2+EP16']
 */
export function layoutsOver(gpus: number, ask: LayoutAsk = {}): Layout[] {
  const dp = ask.dp ?? 1;
  if (gpus % dp !== 0) return [];
  return choices(ask.tp, gpus / dp).flatMap((tp) =>
    choices(ask.attentionDp, gpus / dp / tp).flatMap((attentionDp) =>
      choices(ask.pp, gpus / dp / tp / attentionDp)
        .filter((pp) => tp * attentionDp * pp * dp === gpus)
        .map((pp) => ({ tp, pp, dp, attentionDp, ep: expertWays(ask, tp, attentionDp), dcp: ask.dcp ?? 1 })),
    ),
  );
}

/** The members that multiply to a number of GPUs. */
const GRID = ['tp', 'pp', 'attentionDp', 'dp'] as const;

/** Why no layout over `gpus` keeps what was asked: the ways do not divide it, or all are given and use a part of it. */
function contradiction(ask: LayoutAsk, gpus: number): Fault {
  const given = GRID.filter((name) => ask[name] !== undefined);
  const words = given.map((name) => `${LAYOUT_FLAGS[name]} ${ask[name]}`).join(' × ');
  const used = given.reduce((product, name) => product * (ask[name] ?? 1), 1);
  const details = { where: '--gpus', value: gpus };
  if (gpus % used !== 0)
    return new Fault('contradiction', `${words} does not divide ${gpus} GPUs`, { ...details, allowed: `a multiple of ${used}` });
  const copies = (ask.dp ?? 1) * (gpus / used);
  return new Fault('contradiction', `${words} uses ${used} of ${gpus} GPUs`, {
    ...details,
    allowed: `${used}, ways whose product is ${gpus}, or ${LAYOUT_FLAGS.dp} ${copies}`,
  });
}

/**
 * The one layout that a full set of flags names, members not asked being 1; with a number of GPUs all that keep what was asked.
 *
 * @throws Fault `contradiction` where none uses exactly the GPUs asked
 */
export function layoutAsked(ask: LayoutAsk, gpus?: number): Layout[] {
  if (gpus !== undefined) {
    const layouts = layoutsOver(gpus, ask);
    if (layouts.length > 0) return layouts;
    throw contradiction(ask, gpus);
  }
  const tp = ask.tp ?? 1;
  const attentionDp = ask.attentionDp ?? 1;
  return [{ tp, attentionDp, pp: ask.pp ?? 1, dp: ask.dp ?? 1, dcp: ask.dcp ?? 1, ep: expertWays(ask, tp, attentionDp) }];
}

/** Fleet sizes worth asking for: powers of two within a node, then whole nodes. */
export function fleetSizes(gpusPerNode: number, maxNodes: number): number[] {
  const sizes = [];
  for (let n = 1; n < gpusPerNode; n *= 2) sizes.push(n);
  for (let nodes = 1; nodes <= maxNodes; nodes++) sizes.push(nodes * gpusPerNode);
  return sizes;
}

/** Nodes that one replica fills, at least one. */
function replicaNodes(layout: Layout, gpusPerNode: number): number {
  return Math.max(1, replicaGpus(layout) / gpusPerNode);
}

/** Whether TP × attention DP fills the nodes of a replica, so that it has no more pipeline stages than nodes. */
export function fillsNodes(layout: Layout, gpusPerNode: number): boolean {
  return layout.pp <= replicaNodes(layout, gpusPerNode);
}

/** How natural a layout is on nodes of this size: stages on nodes, then TP across nodes, then wide EP, then the rest. */
function kind(layout: Layout, gpusPerNode: number): number {
  const { tp, pp, attentionDp, dp } = layout;
  const nodes = replicaNodes(layout, gpusPerNode);
  if (dp > 1) return 4;
  if (attentionDp === 1) return pp === nodes ? 0 : pp < nodes ? 1 : 3;
  return tp === 1 && pp === 1 ? 2 : 4;
}

/**
 * Order of preference among layouts: fewer GPUs first, then TP inside a node with pipeline stages across nodes, then TP across nodes,
 * then attention DP with wide EP, then everything else with few stages before many.
 *
 * @returns negative where `a` is offered first
 */
export function preference(a: Layout, b: Layout, gpusPerNode: number): number {
  const rank = (layout: Layout) => [totalGpus(layout), kind(layout, gpusPerNode), layout.attentionDp, layout.pp, layout.tp];
  const left = rank(a);
  const right = rank(b);
  const differing = left.findIndex((value, index) => value !== right[index]);
  return differing < 0 ? 0 : (left[differing] ?? 0) - (right[differing] ?? 0);
}
