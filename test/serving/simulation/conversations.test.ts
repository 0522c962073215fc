import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { type ConversationSource, generateConversations, shapedConversations } from '../../../src/serving/simulation/conversations.ts';
import { Random } from '../../../src/serving/simulation/random.ts';
import { recordedConversations } from '../../../src/serving/simulation/recordedConversations.ts';
import { simulate } from '../../../src/serving/simulation/simulate.ts';
import type { ConversationShape } from '../../../src/workload/conversation.ts';
import { fleet, request, straightClock } from '../../support/fleets.ts';

const SHAPE: ConversationShape = {
  cells: [
    { share: 0.75, requests: 4.5, firstInputTokens: 1000, lastInputTokens: 3000 },
    { share: 0.25, requests: 20, firstInputTokens: 5000, lastInputTokens: 25_000 },
  ],
  growthSigma: 1,
  leastGapSeconds: 4,
  meanGapSeconds: 20,
  gapSigma: 0.8,
  rewriteShare: 0.1,
  pauseShare: 0.05,
  meanPauseSeconds: 1500,
};
const LENGTHS = [
  { share: 0.5, inputTokens: 1, outputTokens: 100 },
  { share: 0.5, inputTokens: 1, outputTokens: 300 },
];
const source = shapedConversations(SHAPE, LENGTHS);
/** Mean gap between two requests of one user, pauses included: 0.95 x 20 + 0.05 x 1,500 seconds. */
const GAP_SECONDS = 94;

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Whether the mean over seeds is the expected one within four standard errors. */
function expectMean(values: readonly number[], expected: number): void {
  const mean = meanOf(values);
  const deviation = Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)) / (values.length - 1));
  expect(Math.abs(mean - expected), `${mean} against ${expected}, standard error ${deviation}`).toBeLessThan(4 * deviation + 1e-9);
}

describe('conversations of a shape', () => {
  const drawn = Array.from({ length: 30 }, (_, seed) => {
    const random = new Random(seed);
    return Array.from({ length: 200 }, () => source.draw(random));
  });
  const over = (of: (calls: ReturnType<ConversationSource['draw']>) => number[]) => drawn.map((all) => meanOf(all.flatMap(of)));

  it('have its mean gap with the pauses', () => {
    expect(source.meanGapMs).toBeCloseTo(1000 * GAP_SECONDS, 6);
    expectMean(
      over((calls) => calls.map(({ gapMs }) => gapMs / 1000)),
      GAP_SECONDS,
    );
  });

  it('have its requests, inputs, pauses, rewritten prefixes and the outputs of the lengths', () => {
    // 0.75 x 4.5 + 0.25 x 20 requests; of their inputs the mean of the ends of each cell
    const requests = 8.375;
    expectMean(
      over((calls) => [calls.length]),
      requests,
    );
    expectMean(
      over((calls) => calls.map(({ inputTokens }) => inputTokens)),
      (0.75 * 4.5 * 2000 + 0.25 * 20 * 15_000) / requests,
    );
    expectMean(
      over((calls) => calls.map(({ gapMs }) => (gapMs > 600_000 ? 1 : 0))),
      0.05,
    );
    expectMean(
      over((calls) => calls.slice(1).map(({ rewritten }) => (rewritten ? 1 : 0))),
      0.1,
    );
    expectMean(
      over((calls) => calls.map(({ outputTokens }) => outputTokens)),
      200,
    );
  });

  it('begin and end with the inputs of a cell, and never fall or come before the least gap', () => {
    for (const calls of drawn.flat()) {
      const inputs = calls.map(({ inputTokens }) => inputTokens);
      expect(inputs).toEqual(inputs.toSorted((a, b) => a - b));
      expect([1000, 5000]).toContain(inputs[0]);
      if (inputs.length > 1) expect(inputs.at(-1)).toBe(inputs[0] === 1000 ? 3000 : 25_000);
      expect(Math.min(...calls.map(({ gapMs }) => gapMs))).toBeGreaterThanOrEqual(4000);
      expect(calls[0]?.rewritten).toBe(false);
    }
  });
});

describe('traffic of users in conversations', () => {
  const run = { requestsPerSecond: 0.5, seed: 1, seconds: 3600 };

  it('comes at its rate on average, whole users or not', () => {
    for (const requestsPerSecond of [0.5, 0.03])
      expectMean(
        Array.from({ length: 40 }, (_, seed) => generateConversations(source, { ...run, requestsPerSecond, seed }).requests.length / 3600),
        requestsPerSecond,
      );
  });

  it('is the same for the same seed, in the order of time, within its time', () => {
    const { requests } = generateConversations(source, run);
    expect(generateConversations(source, run)).toEqual(generateConversations(source, run));
    expect(generateConversations(source, { ...run, seed: 2 }).requests).not.toEqual(requests);
    const times = requests.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.every((atMs) => atMs >= 0 && atMs <= 3_600_000)).toBe(true);
  });

  it('leaves the requests of users as they are where more users come', () => {
    const userOf = (name: string | null) => Number(name?.split('.')[0]);
    const few = generateConversations(source, run).requests;
    const users = Math.max(...few.map(({ conversation }) => userOf(conversation)));
    const many = generateConversations(source, { ...run, requestsPerSecond: 2 }).requests;
    expect(many.length).toBeGreaterThan(2 * few.length);
    expect(many.filter(({ conversation }) => userOf(conversation) <= users)).toEqual(few);
  });

  it('has an open conversation of each user, the longest ago first, that goes on or has ended', () => {
    const { requests, open } = generateConversations(source, run);
    expect(open.length).toBeGreaterThanOrEqual(Math.floor(0.5 * GAP_SECONDS));
    expect(open.length).toBeLessThanOrEqual(Math.ceil(0.5 * GAP_SECONDS));
    expect(new Set(open.map(({ conversation }) => conversation.split('.')[0])).size).toBe(open.length);
    const names = new Set(requests.map(({ conversation }) => conversation));
    expect(open.filter(({ conversation }) => names.has(conversation)).length).toBeGreaterThan(open.length / 4);
    // a call every 10 s in one conversation without end: the open one is that of a moment ago
    const draw = () => Array.from({ length: 3000 }, (_, at) => ({ gapMs: 10_000, inputTokens: 5 + at, outputTokens: 2, rewritten: false }));
    const one = generateConversations({ draw, meanGapMs: 10_000 }, { requestsPerSecond: 0.1, seed: 1, seconds: 30 });
    // the first call comes at -6 h + 10 s with 5 tokens, that at -10 s has 2,158 before it
    expect(one.open).toEqual([{ conversation: '0.0.0', inputTokens: 5 + 2158, tokens: 5 + 2158 + 2 }]);
    expect(one.requests.map(({ inputTokens }) => inputTokens)).toEqual([2164, 2165, 2166, 2167]);
  });

  it('begins a conversation anew with a rewritten prefix', () => {
    const draw = () => [false, true, false].map((rewritten) => ({ gapMs: 10_000, inputTokens: 5, outputTokens: 2, rewritten }));
    const { requests } = generateConversations({ draw, meanGapMs: 10_000 }, { requestsPerSecond: 0.1, seed: 1, seconds: 29 });
    const names = requests.map(({ conversation }) => conversation?.split('.').slice(1).join('.'));
    // the call at 0 is the 2,160th, the last of the 720th conversation
    expect(names).toEqual(['719.1', '720.0', '720.1']);
  });

  it.each([
    [{ requestsPerSecond: 0 }, 'requests per second'],
    [{ seconds: 0 }, 'seconds of traffic'],
  ])('refuses %j', (more, words) => {
    expect(() => generateConversations(source, { ...run, ...more })).toThrow(words);
    expect(() => generateConversations({ ...source, meanGapMs: 0 }, run)).toThrow('gap between requests');
  });
});

describe('recorded conversations', () => {
  const named = (conversation: string | null, atMs: number, inputTokens: number) => request(atMs, inputTokens, 1, { conversation });
  const recorded = recordedConversations([
    named('a', 0, 5),
    named('b', 0, 50),
    named(null, 1, 9),
    named('a', 9000, 7),
    named('b', 4000, 60),
  ]);

  it('are drawn whole, each with the same chance, with the gaps that they had', () => {
    const random = new Random(5);
    const firsts = Array.from({ length: 2000 }, () => recorded.draw(random));
    expect(firsts[0]).toHaveLength(2);
    const [a, b] = [firsts.find(([call]) => call?.inputTokens === 5), firsts.find(([call]) => call?.inputTokens === 50)];
    expect(a?.map(({ gapMs, inputTokens }) => [gapMs, inputTokens])).toEqual([
      [30_000, 5],
      [9000, 7],
    ]);
    expect(b?.map(({ gapMs }) => gapMs)).toEqual([30_000, 4000]);
    // 1,000 expected, standard deviation 22
    expect(Math.abs(firsts.filter(([call]) => call?.inputTokens === 5).length - 1000)).toBeLessThan(90);
    expect(recorded.meanGapMs).toBe((30_000 + 9000 + 30_000 + 4000) / 4);
  });

  it('are refused where no request says whose it is', () => {
    expect(() => recordedConversations([request(0, 5, 1)])).toThrow('names no conversations');
  });
});

describe('the conversations of agentic coding, played through one replica', () => {
  const preset = loadCatalog().workloads.find(({ id }) => id === 'agentic-coding-claude');
  if (!preset?.conversations) throw new Error('no preset');
  const { reuseCurveRequestsPerSecond: rate, inputTokens, conversations, lengths, reuseCurve } = preset;
  const agents = shapedConversations(conversations, lengths);
  const hours = (requestsPerSecond: number, seed: number) =>
    generateConversations(agents, { requestsPerSecond, seed, seconds: 4 * 3600 }).requests;
  const perSecond = (requests: readonly unknown[]) => requests.length / (4 * 3600);
  /** As many users more or fewer as make the rate of these hours that of the curve. */
  const played = [1, 2, 3, 4, 5, 6].map((seed) => hours((rate ?? 0) ** 2 / perSecond(hours(rate ?? 0, seed)), seed));

  it('ask what the preset asks', () => {
    expect(Math.abs(meanOf(played.flat().map((asked) => asked.inputTokens)) / inputTokens - 1)).toBeLessThan(0.05);
    expect(Math.abs(meanOf(played.map(perSecond)) / (rate ?? 0) - 1)).toBeLessThan(0.03);
  });

  // in the mean of the seeds 22, 53, 83, 92, 94 and 95 %: without a trace, from the shape alone, after a cold start
  it.each(reuseCurve)('find with $kvTokens KV tokens what the curve of the trace says, $reuse', ({ kvTokens, reuse }) => {
    const settings = fleet({ kvTokens, clock: straightClock({ fixed: 1e-9 }), reuse: { kind: 'conversation', blockTokens: 64 } });
    const found = played.map((requests) => {
      const { records } = simulate(settings, requests);
      const reused = records.reusedTokens.reduce((sum, tokens) => sum + tokens, 0);
      return reused / (reused + records.prefilledTokens.reduce((sum, tokens) => sum + tokens, 0));
    });
    expect(Math.abs(meanOf(found) - reuse)).toBeLessThan(0.06);
  });
});
