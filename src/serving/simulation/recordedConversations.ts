import { Fault } from '../../faults/fault.ts';
import type { TrafficRequest } from '../../workload/traffic.ts';
import type { Call, ConversationSource } from './conversations.ts';

/** Between two conversations of one user, as between two requests of the middle one. */
const FIRST_GAP_MS = 30_000;

/** Requests of each conversation in their order, as calls; a rewritten prefix shows as a shorter input. */
function callsOf(requests: readonly TrafficRequest[]): Call[] {
  return requests.map(({ atMs, inputTokens, outputTokens }, at) => {
    const before = requests[at - 1];
    return { gapMs: before ? Math.max(0, atMs - before.atMs) : FIRST_GAP_MS, inputTokens, outputTokens, rewritten: false };
  });
}

/**
 * Conversations of a trace in which each has its own clock, drawn with equal chance.
 *
 * @param requests in the order of time within each conversation
 * @throws Fault `missing` where no request names its conversation
 * @example recordedConversations([{ atMs: 0, inputTokens: 5, outputTokens: 1, blocks: null, conversation: 'a' }, { atMs: 9000, inputTokens: 7, outputTokens: 1, blocks: null, conversation: 'a' }]).meanGapMs // 19500
 */
export function recordedConversations(requests: readonly TrafficRequest[]): ConversationSource {
  const by = new Map<string, TrafficRequest[]>();
  for (const request of requests) {
    if (request.conversation === null) continue;
    const there = by.get(request.conversation);
    if (there) there.push(request);
    else by.set(request.conversation, [request]);
  }
  if (by.size === 0)
    throw new Fault('missing', 'the trace names no conversations', { where: 'conversation', allowed: 'requests with the id of theirs' });
  const all = [...by.values()].map(callsOf);
  const calls = all.flat();
  return {
    draw: (random) => all[Math.floor(random.uniform() * all.length)] as Call[],
    meanGapMs: calls.reduce((sum, { gapMs }) => sum + gapMs, 0) / calls.length,
  };
}
