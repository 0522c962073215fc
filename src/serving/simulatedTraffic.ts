import { Fault } from '../faults/fault.ts';
import type { ConversationShape } from '../workload/conversation.ts';
import type { Arrivals, LengthCell, Trace, TrafficRequest } from '../workload/traffic.ts';
import { generate, replay } from './simulation/arrivals.ts';
import {
  type ConversationSource,
  type ConversationTraffic,
  generateConversations,
  shapedConversations,
} from './simulation/conversations.ts';
import type { Window } from './simulation/percentile.ts';
import type { Reuse } from './simulation/prefix.ts';
import { Random } from './simulation/random.ts';
import { recordedConversations } from './simulation/recordedConversations.ts';
import type { Routing } from './simulation/router.ts';

/** What the requests of a simulation are made of. */
export type TrafficSource =
  | { readonly kind: 'lengths'; readonly arrivals: Omit<Arrivals, 'requestsPerSecond'>; readonly lengths: readonly LengthCell[] }
  | { readonly kind: 'conversations'; readonly shape: ConversationShape; readonly lengths: readonly LengthCell[] }
  | { readonly kind: 'trace'; readonly trace: Trace };

/** Requests in replications, and how a fleet treats them. */
export interface SimulatedTraffic {
  /** Of one replication in the order of time, with the conversations that were open before; replications count from 1. */
  readonly requests: (replication: number) => ConversationTraffic;
  readonly replications: number;
  /** At which they come: the asked rate, but that of one user where less is asked of conversations. */
  readonly requestsPerSecond: number;
  /** Parts of each replication that are measured, each for itself. */
  readonly windows: readonly Window[];
  readonly reuse: Reuse;
  readonly routing: Routing;
}

/** Independent replications, or parts of the one that was recorded. */
const REPLICATIONS = 5;

/** What is left out at the start, so that the fleet is as full as it will be: a share of the time; for conversations, of which the open ones are there, until its queues are. */
const WARM_UP = 0.2;
const CONVERSATION_WARM_UP_SECONDS = 300;
const TRACE_WARM_UP = 0.1;

const REQUESTS = 3000;
const SHORTEST_SECONDS = 600;
/** Time of conversations that is measured: several times as long as they stay in a KV cache. */
const CONVERSATION_SECONDS = 1800;

/** Blocks of a conversation in the simulator: larger ones than an engine's, for speed, that lose half a block of each prefix. */
const CONVERSATION_BLOCK = 64;

/** A prefix is followed to its replica while that has no more than so many tokens above the least loaded; else it begins anew elsewhere. */
const AFFINITY: Routing = { kind: 'affinity', overloadTokens: 400_000, leastShare: 0.5 };

function generated(
  requests: SimulatedTraffic['requests'],
  seconds: number,
  warmUp: number,
  how: Pick<SimulatedTraffic, 'requestsPerSecond' | 'reuse' | 'routing'>,
): SimulatedTraffic {
  return { requests, replications: REPLICATIONS, windows: [{ fromMs: 1000 * warmUp, toMs: 1000 * seconds }], ...how };
}

/** Of less than one user one is played: waits are those of requests, which come only while somebody is there. */
function conversing(source: ConversationSource, asked: number, least: number): SimulatedTraffic {
  const requestsPerSecond = Math.max(asked, 1000 / source.meanGapMs);
  const measured = Math.max(least, CONVERSATION_SECONDS, Math.min(4 * CONVERSATION_SECONDS, REQUESTS / requestsPerSecond));
  const seconds = CONVERSATION_WARM_UP_SECONDS + measured;
  return generated((seed) => generateConversations(source, { requestsPerSecond, seed, seconds }), seconds, CONVERSATION_WARM_UP_SECONDS, {
    requestsPerSecond,
    reuse: { kind: 'conversation', blockTokens: CONVERSATION_BLOCK },
    routing: AFFINITY,
  });
}

function alone(requests: readonly TrafficRequest[]): ConversationTraffic {
  return { requests, open: [] };
}

/** Times rounded to a step, spread over it anew in each replication. */
function spread(requests: readonly TrafficRequest[], quantumMs: number, seed: number): TrafficRequest[] {
  const random = new Random(seed);
  return requests.map((request) => ({ ...request, atMs: request.atMs + quantumMs * random.uniform() })).sort((a, b) => a.atMs - b.atMs);
}

function parts(lastMs: number, count: number): Window[] {
  const from = TRACE_WARM_UP * lastMs;
  const length = (lastMs - from) / count;
  return Array.from({ length: count }, (_, part) => ({ fromMs: from + part * length, toMs: from + (part + 1) * length }));
}

/** Ids of the blocks of one copy of a trace lie below those of the next. */
const BLOCKS_OF_COPY = 2 ** 40;

/** A trace several times at once, each copy with conversations and blocks of its own, turned in time so that their ends do not meet. */
function superposed(requests: readonly TrafficRequest[], copies: number, lastMs: number): TrafficRequest[] {
  if (copies === 1) return [...requests];
  return Array.from({ length: copies }, (_, copy) =>
    requests.map(
      (request): TrafficRequest => ({
        ...request,
        atMs: (request.atMs + (copy * lastMs) / copies) % lastMs,
        blocks: request.blocks?.map((block) => block + copy * BLOCKS_OF_COPY) ?? null,
        conversation: request.conversation === null ? null : `${request.conversation} ${copy}`,
      }),
    ),
  )
    .flat()
    .sort((a, b) => a.atMs - b.atMs);
}

function traced(trace: Trace, requestsPerSecond: number, share: number, least: number): SimulatedTraffic {
  if (!trace.oneClock) return conversing(recordedConversations(trace.requests), requestsPerSecond, least);
  const { requests, quantumMs, blockTokens } = trace;
  const firstMs = requests[0]?.atMs ?? 0;
  const lastMs = (requests.at(-1)?.atMs ?? 0) - firstMs + (quantumMs ?? 0);
  if (lastMs === 0)
    throw new Fault('invalid', 'all its requests come at one time', { where: trace.name, allowed: 'requests over some time' });
  const factor = (requestsPerSecond * lastMs) / 1000 / (requests.length - (quantumMs === null ? 1 : 0));
  const atZero = requests.map((request) => ({ ...request, atMs: request.atMs - firstMs }));
  const copies = Math.max(1, Math.round(factor));
  const scaled = (all: readonly TrafficRequest[]) => replay(superposed(all, copies, lastMs), factor / copies);
  const told = requests.some(({ conversation }) => conversation !== null);
  return {
    requests: (seed) => alone(scaled(quantumMs === null ? atZero : spread(atZero, quantumMs, seed))),
    replications: quantumMs === null ? 1 : REPLICATIONS,
    requestsPerSecond,
    windows: parts((lastMs * copies) / factor, quantumMs === null ? REPLICATIONS : 1),
    reuse:
      blockTokens !== null
        ? { kind: 'blocks', blockTokens }
        : told
          ? { kind: 'conversation', blockTokens: CONVERSATION_BLOCK }
          : { kind: 'share', share },
    routing: blockTokens !== null || told ? AFFINITY : { kind: 'least-loaded' },
  };
}

/**
 * Requests at a rate for a simulated fleet: drawn lengths with Gamma gaps, of which a given share is found; users in conversations, whose
 * prefixes the fleet must keep; or a recorded trace, of which as many copies are played as the asked rate is times its own, each with
 * conversations of its own, and times stretched by what is left.
 *
 * @param requestsPerSecond mean rate of the fleet
 * @param share of the input that is found, where requests tell of no prefix
 * @param least seconds of requests after the warm-up at least; a trace of one clock is as long as it is
 * @throws Fault `invalid` for a trace without length, `missing` for one of sessions without names
 */
export function simulatedTraffic(source: TrafficSource, requestsPerSecond: number, share: number, least = 0): SimulatedTraffic {
  if (source.kind === 'trace') return traced(source.trace, requestsPerSecond, share, least);
  if (source.kind === 'conversations') return conversing(shapedConversations(source.shape, source.lengths), requestsPerSecond, least);
  const seconds = Math.max(SHORTEST_SECONDS, REQUESTS / requestsPerSecond, least / (1 - WARM_UP));
  const arrivals = { ...source.arrivals, requestsPerSecond };
  return generated((seed) => alone(generate(arrivals, source.lengths, { seed, seconds })), seconds, WARM_UP * seconds, {
    requestsPerSecond,
    reuse: { kind: 'share', share },
    routing: { kind: 'least-loaded' },
  });
}
