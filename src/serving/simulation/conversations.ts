import { Fault } from '../../faults/fault.ts';
import { checkNumber } from '../../units/number.ts';
import type { ConversationCell, ConversationShape } from '../../workload/conversation.ts';
import { LONGEST_GAP_MS } from '../../workload/conversationTally.ts';
import type { LengthCell, TrafficRequest } from '../../workload/traffic.ts';
import { drawer } from './arrivals.ts';
import { Random } from './random.ts';

/** One request of a conversation. */
export interface Call {
  /** Since the start of the one before it, milliseconds; for the first, since the end of the user's last conversation. */
  readonly gapMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Whether nothing of the prefix before it is found. */
  readonly rewritten: boolean;
}

/** Draws whole conversations. */
export type ConversationSource = (random: Random) => readonly Call[];

/** Users who have one conversation after the other. */
export interface ConversationRun {
  /** Active at the same time; of a fraction, one more is there as often as it says. */
  readonly users: number;
  readonly seed: number;
  /** Requests come in this time, seconds. */
  readonly seconds: number;
}

/** Users begin so long before the first request, so that they are anywhere in a conversation when it comes. */
const LEAD_MS = 6 * 3_600_000;

/** A lognormal number of mean 1. */
function spread(random: Random, sigma: number): number {
  return Math.exp(sigma * random.normal() - (sigma * sigma) / 2);
}

/** A whole number that is the asked one on average. */
function whole(random: Random, mean: number): number {
  return Math.floor(mean + random.uniform());
}

/** Inputs of a conversation: an even rise on average, in steps of the asked spread. */
function inputsOf(cell: ConversationCell, requests: number, sigma: number, random: Random): number[] {
  const steps = Array.from({ length: requests - 1 }, () => spread(random, sigma));
  const total = steps.reduce((sum, step) => sum + step, 0);
  const rise = cell.lastInputTokens - cell.firstInputTokens;
  let input = cell.firstInputTokens;
  return [input, ...steps.map((step) => (input += (rise * step) / total))];
}

/** Between two requests of a user who works: lognormal above the least gap. */
function workingGapMs({ leastGapSeconds, gapSigma }: ConversationShape, meanGapMs: number, random: Random): number {
  const leastMs = Math.min(1000 * leastGapSeconds, meanGapMs);
  return leastMs + (meanGapMs - leastMs) * spread(random, gapSigma);
}

/** Beyond the least pause its length is exponential. */
function pauseMs({ meanPauseSeconds }: ConversationShape, random: Random): number {
  return LONGEST_GAP_MS + Math.max(0, 1000 * meanPauseSeconds - LONGEST_GAP_MS) * random.exponential();
}

/**
 * Conversations of a shape: a cell by its share, inputs that rise in lognormal steps from its first to its last, lognormal gaps, outputs
 * drawn from the lengths of the workload.
 *
 * @param lengths outputs of requests, with their shares
 * @param meanGapMs between the starts of two requests of an active user
 * @example shapedConversations({ cells: [{ share: 1, requests: 2, firstInputTokens: 9, lastInputTokens: 19 }], growthSigma: 0, leastGapSeconds: 0, gapSigma: 0, rewriteShare: 0, pauseShare: 0, meanPauseSeconds: 0 }, [{ share: 1, inputTokens: 14, outputTokens: 3 }], 5)(new Random(1)) // [{ gapMs: 5, inputTokens: 9, outputTokens: 3, rewritten: false }, { gapMs: 5, inputTokens: 19, outputTokens: 3, rewritten: false }]
 */
export function shapedConversations(shape: ConversationShape, lengths: readonly LengthCell[], meanGapMs: number): ConversationSource {
  const drawCell = drawer(shape.cells);
  const drawLength = drawer(lengths);
  return (random) => {
    const cell = drawCell(random);
    const requests = Math.max(1, whole(random, cell.requests));
    const gapMs = () => (random.uniform() < shape.pauseShare ? pauseMs(shape, random) : workingGapMs(shape, meanGapMs, random));
    return inputsOf(cell, requests, shape.growthSigma, random).map((input, at) => ({
      gapMs: gapMs(),
      inputTokens: Math.max(1, Math.round(input)),
      outputTokens: Math.max(1, Math.round(drawLength(random).outputTokens)),
      rewritten: at > 0 && random.uniform() < shape.rewriteShare,
    }));
  };
}

/** Requests of one user in the window; conversations are named apart, and anew where a prefix was rewritten. */
function* requestsOfUser(draw: ConversationSource, name: string, random: Random, endMs: number): Generator<TrafficRequest> {
  let atMs = -LEAD_MS;
  for (let conversation = 0; ; conversation++) {
    let version = 0;
    for (const { gapMs, inputTokens, outputTokens, rewritten } of draw(random)) {
      atMs += gapMs;
      if (atMs > endMs) return;
      if (rewritten) version++;
      if (atMs >= 0) yield { atMs, inputTokens, outputTokens, blocks: null, conversation: `${name}.${conversation}.${version}` };
    }
  }
}

/**
 * Requests of users who have one conversation after the other, each with a stream of random numbers of its own, so that more users leave
 * those of the others as they are. Times do not wait for answers.
 *
 * @param draw a conversation with gaps above 0 on average
 * @returns requests in the order of time, with the conversation of each
 * @throws Fault `invalid` for users or seconds that are not above 0, and for conversations that take no time
 * @example generateConversations(() => [{ gapMs: 30_000, inputTokens: 5, outputTokens: 2, rewritten: false }], { users: 1, seed: 1, seconds: 60 }).map(({ atMs }) => atMs) // [0, 30000, 60000]
 */
export function generateConversations(draw: ConversationSource, { users, seed, seconds }: ConversationRun): TrafficRequest[] {
  checkNumber(users, 'users', { above: 0, max: 1e6 });
  const endMs = 1000 * checkNumber(seconds, 'seconds of traffic', { above: 0, max: 1e9 });
  const trial = draw(new Random(seed)).reduce((sum, { gapMs }) => sum + gapMs, 0);
  if (!(trial > 0))
    throw new Fault('invalid', 'a conversation takes no time', {
      where: 'gaps',
      value: trial,
      allowed: 'gaps above 0 between its requests',
    });
  const count = whole(new Random(seed ^ 0x2545f491), users);
  const requests: TrafficRequest[] = [];
  for (let user = 0; user < count; user++)
    for (const request of requestsOfUser(draw, String(user), new Random(seed * 1_000_003 + user), endMs)) requests.push(request);
  return requests.sort((a, b) => a.atMs - b.atMs);
}
