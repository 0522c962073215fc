import { type Layout, replicaGpus } from '../layout/layout.ts';
import type { DeployOptions } from './deployOptions.ts';
import { flagOf, type LaunchRelease } from './launchFlags.ts';
import type { Subject } from './subject.ts';
import type { Constraint, Wish } from './wish.ts';

/** How the nodes of one replica find each other. */
export type Rendezvous = 'none' | 'own' | 'data-parallel' | 'ray';

/** The nodes of one replica, and what each is told beside the rest. */
export interface NodePlan {
  readonly nodes: number;
  readonly gpusPerNode: number;
  readonly rendezvous: Rendezvous;
  /** Of every node, of the first alone, and of the others alone. */
  readonly all: readonly Wish[];
  readonly head: readonly Wish[];
  readonly workers: readonly Wish[];
  readonly constraints: readonly Constraint[];
}

/** Port of the first node on which SGLang's nodes meet, as published lines have it. */
const SGLANG_PORT = 20_000;
/** vLLM's own port for the nodes of a replica. */
const MASTER_PORT = 29_501;
/** vLLM's own port for data-parallel ranks. */
const DP_PORT = 29_550;
/** Port on which Ray's nodes meet. */
export const RAY_PORT = 6379;

/** Ports of the first node that are taken where a replica has several. */
export function portsTaken({ rendezvous, nodes }: NodePlan, engine: string): readonly number[] {
  if (nodes === 1) return [];
  if (rendezvous === 'ray') return [RAY_PORT];
  if (rendezvous === 'data-parallel') return [DP_PORT];
  return engine === 'sglang' ? [SGLANG_PORT] : [MASTER_PORT];
}

const needed = (id: string, why: string, value?: Wish['value']): Wish => ({
  id,
  why,
  needed: true,
  ...(value === undefined ? {} : { value }),
});

const LEADER_WHY = 'where all nodes meet';
const RANK_WHY = 'which node this is';

function ownRendezvous(engine: string, nodes: number): Pick<NodePlan, 'all' | 'head' | 'workers'> {
  const port = engine === 'sglang' ? { port: SGLANG_PORT } : {};
  return {
    all: [
      needed('nodes', `one replica on ${nodes} nodes`, String(nodes)),
      needed('node-rank', RANK_WHY, { blank: 'rank' }),
      needed('leader-address', LEADER_WHY, { blank: 'leader', ...port }),
    ],
    head: [],
    workers: engine === 'vllm' ? [needed('headless', 'only the first node serves the API')] : [],
  };
}

function dataParallel(groups: number, nodes: number): Pick<NodePlan, 'all' | 'head' | 'workers'> {
  const local = groups / nodes;
  return {
    all: [
      needed('dp-local', `${local} of ${groups} attention groups are on each node`, String(local)),
      needed('dp-address', LEADER_WHY, { blank: 'leader' }),
      needed('dp-port', LEADER_WHY, String(DP_PORT)),
    ],
    head: [],
    workers: [
      needed('headless', 'only the first node serves the API'),
      needed('dp-start-rank', 'the first attention group of this node', { blank: 'rank-times', factor: local }),
    ],
  };
}

function uneven(message: string, remedy: string): Constraint {
  return { code: 'nodes.uneven', message, remedy };
}

/** What keeps every node from having as many GPUs, and whole TP groups where one is no larger than a node. */
function spread(layout: Layout, nodes: number, gpusPerNode: number): Constraint[] {
  const { tp } = layout;
  const gpus = replicaGpus(layout);
  if (gpus % nodes !== 0)
    return [uneven(`${gpus} GPUs do not divide over ${nodes} nodes of ${gpusPerNode}`, `a multiple of ${nodes} GPUs`)];
  const groups = gpus / tp;
  return tp <= gpusPerNode && groups % nodes !== 0
    ? [
        uneven(
          `${groups} groups of TP ${tp} do not divide over ${nodes} nodes, so that one would straddle two`,
          `a multiple of ${nodes} groups`,
        ),
      ]
    : [];
}

/** vLLM starts data-parallel ranks node by node, each of which lies on one. */
function groupsApart({ tp, pp, attentionDp }: Layout, nodes: number, gpusPerNode: number): Constraint[] {
  const group = tp * pp;
  if (group > gpusPerNode)
    return [
      uneven(
        `an attention group of ${group} GPUs does not lie on one node of ${gpusPerNode}`,
        `TP × PP of ${gpusPerNode} at most beside attention DP over nodes`,
      ),
    ];
  return attentionDp % nodes === 0
    ? []
    : [uneven(`${attentionDp} attention groups do not divide over ${nodes} nodes`, `a multiple of ${nodes} attention groups`)];
}

const ALONE = { nodes: 1, rendezvous: 'none', all: [], head: [], workers: [], constraints: [] } as const;

/**
 * How a replica is spread over nodes, `nodes = ceil(gpus of a replica / GPUs of a node)`: by the engine's own rendezvous, by data-parallel
 * ranks, or by Ray where the release has neither.
 */
export function nodePlan(subject: Subject, release: LaunchRelease, { ray }: Pick<DeployOptions, 'ray'>): NodePlan {
  if (subject.kind === 'offload') return { ...ALONE, gpusPerNode: subject.gpus };
  const { layout, gpu } = subject.judged.deployment;
  const gpus = replicaGpus(layout);
  const nodes = Math.ceil(gpus / gpu.gpusPerNode);
  if (nodes === 1) return { ...ALONE, gpusPerNode: gpus };
  const constraints = spread(layout, nodes, gpu.gpusPerNode);
  const at = { nodes, gpusPerNode: Math.ceil(gpus / nodes) };
  if (subject.engine === 'vllm' && layout.attentionDp > 1) {
    const { attentionDp } = layout;
    return {
      ...at,
      rendezvous: 'data-parallel',
      ...dataParallel(attentionDp, nodes),
      constraints: constraints.length > 0 ? constraints : groupsApart(layout, nodes, gpu.gpusPerNode),
    };
  }
  if (subject.engine === 'vllm' && (ray || flagOf(release, 'nodes') === null)) {
    const all = [needed('executor', 'Ray starts the workers of all nodes', 'ray')];
    return { ...at, rendezvous: 'ray', all, head: [], workers: [], constraints };
  }
  return { ...at, rendezvous: 'own', ...ownRendezvous(subject.engine, nodes), constraints };
}
