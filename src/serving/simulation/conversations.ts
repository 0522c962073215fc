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

/** Where whole conversations come from. */
export interface ConversationSource {
  readonly draw: (random: Random) => readonly Call[];
  /** Between the starts of two requests of one user, pauses included, milliseconds. */
  readonly meanGapMs: number;
}

/** A conversation that is open when the traffic begins: the input of its last request, and with the answer all its tokens. */
export interface OpenConversation {
  readonly conversation: string;
  readonly inputTokens: number;
  readonly tokens: number;
}

/** Requests of conversations, and those that were open before them, the longest ago first. */
export interface ConversationTraffic {
  readonly requests: readonly TrafficRequest[];
  readonly open: readonly OpenConversation[];
}

/** Conversations at a rate. */
export interface ConversationRun {
  /** Mean rate of all users together, of whom there are `rate × mean gap`; of a fraction, one more is there as often as it says. */
  readonly requestsPerSecond: number;
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
function workingGapMs({ leastGapSeconds, meanGapSeconds, gapSigma }: ConversationShape, random: Random): number {
  return 1000 * (leastGapSeconds + (meanGapSeconds - leastGapSeconds) * spread(random, gapSigma));
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
 * @example shapedConversations({ cells: [{ share: 1, requests: 2, firstInputTokens: 9, lastInputTokens: 19 }], growthSigma: 0, leastGapSeconds: 0, meanGapSeconds: 5, gapSigma: 0, rewriteShare: 0, pauseShare: 0, meanPauseSeconds: 0 }, [{ share: 1, inputTokens: 14, outputTokens: 3 }]).draw(new Random(1)) // [{ gapMs: 5000, inputTokens: 9, outputTokens: 3, rewritten: false }, { gapMs: 5000, inputTokens: 19, outputTokens: 3, rewritten: false }]
 */
export function shapedConversations(shape: ConversationShape, lengths: readonly LengthCell[]): ConversationSource {
  const drawCell = drawer(shape.cells);
  const drawLength = drawer(lengths);
  const { pauseShare, meanPauseSeconds, meanGapSeconds } = shape;
  const draw = (random: Random) => {
    const cell = drawCell(random);
    const requests = Math.max(1, whole(random, cell.requests));
    const gapMs = () => (random.uniform() < pauseShare ? pauseMs(shape, random) : workingGapMs(shape, random));
    return inputsOf(cell, requests, shape.growthSigma, random).map((input, at) => ({
      gapMs: gapMs(),
      inputTokens: Math.max(1, Math.round(input)),
      outputTokens: Math.max(1, Math.round(drawLength(random).outputTokens)),
      rewritten: at > 0 && random.uniform() < shape.rewriteShare,
    }));
  };
  return { draw, meanGapMs: 1000 * ((1 - pauseShare) * meanGapSeconds + pauseShare * meanPauseSeconds) };
}

/** Requests of one user up to an end, from long before the traffic begins; conversations are named apart, and anew where a prefix was rewritten. */
function* requestsOfUser(draw: ConversationSource['draw'], name: string, random: Random, endMs: number): Generator<TrafficRequest> {
  let atMs = -LEAD_MS;
  for (let conversation = 0; ; conversation++) {
    let version = 0;
    for (const { gapMs, inputTokens, outputTokens, rewritten } of draw(random)) {
      atMs += gapMs;
      if (atMs > endMs) return;
      if (rewritten) version++;
      yield { atMs, inputTokens, outputTokens, blocks: null, conversation: `${name}.${conversation}.${version}` };
    }
  }
}

function openOf({ conversation, inputTokens, outputTokens }: TrafficRequest): OpenConversation {
  return { conversation: conversation as string, inputTokens, tokens: inputTokens + outputTokens };
}

/**
 * Requests of users who have one conversation after the other, each with a stream of random numbers of its own, so that more users leave
 * those of the others as they are. Times do not wait for answers.
 *
 * @param source of conversations that take time
 * @returns requests in the order of time with the conversation of each, and the conversations of which the last request came before them
 * @throws Fault `invalid` for a rate, a mean gap or seconds that are not above 0
 * @example generateConversations({ draw: () => [{ gapMs: 30_000, inputTokens: 5, outputTokens: 2, rewritten: false }], meanGapMs: 30_000 }, { requestsPerSecond: 1 / 30, seed: 1, seconds: 60 }).requests.map(({ atMs }) => atMs) // [0, 30000, 60000]
 */
export function generateConversations(
  { draw, meanGapMs }: ConversationSource,
  { requestsPerSecond, seed, seconds }: ConversationRun,
): ConversationTraffic {
  const perMs = checkNumber(requestsPerSecond, 'requests per second', { above: 0, max: 1e6 }) / 1000;
  const endMs = 1000 * checkNumber(seconds, 'seconds of traffic', { above: 0, max: 1e9 });
  const users = whole(new Random(seed ^ 0x2545f491), perMs * checkNumber(meanGapMs, 'gap between requests', { above: 0, max: 1e12 }));
  const requests: TrafficRequest[] = [];
  const before: TrafficRequest[] = [];
  for (let user = 0; user < users; user++) {
    let last: TrafficRequest | null = null;
    for (const request of requestsOfUser(draw, String(user), new Random(seed * 1_000_003 + user), endMs)) {
      if (request.atMs >= 0) requests.push(request);
      else last = request;
    }
    if (last) before.push(last);
  }
  const inOrder = (a: TrafficRequest, b: TrafficRequest) => a.atMs - b.atMs;
  return { requests: requests.sort(inOrder), open: before.sort(inOrder).map(openOf) };
}
