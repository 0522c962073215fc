import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as conversation from '../../src/calibration/ladder/conversation.ts';
import * as knee from '../../src/calibration/ladder/knee.ts';
import * as ladder from '../../src/calibration/ladder/ladder.ts';
import * as limits from '../../src/calibration/ladder/limits.ts';
import * as prompt from '../../src/calibration/ladder/prompt.ts';
import * as step from '../../src/calibration/ladder/step.ts';
import * as unmeasured from '../../src/calibration/ladder/unmeasured.ts';
import * as worstCase from '../../src/calibration/ladder/worstCase.ts';
import { NOTHING_SAID } from '../../src/calibration/probe/endpointFacts.ts';
import { checkExample, docExamples } from '../support/docExamples.ts';
import { record } from '../support/requestRecords.ts';
import { kimiList } from '../support/tariffs.ts';

it.each(docExamples('calibration/ladder'))('$file: $expression', (example) => {
  checkExample(example, {
    ...conversation,
    ...knee,
    ...ladder,
    ...limits,
    ...prompt,
    ...step,
    ...unmeasured,
    ...worstCase,
    NOTHING_SAID,
    kimiList,
  });
});

const LOADS = ({ load }: step.LadderStep) => (load.kind === 'concurrency' ? load.concurrency : load.kind);

describe('a ladder', () => {
  it('goes from a single stream to the most, for three shapes, and ends with arrivals on their own', () => {
    const { steps, notes } = ladder.ladderOf({}, NOTHING_SAID);
    const of = (name: string) => steps.filter(({ shape }) => shape.name === name).map(LOADS);
    expect(of('short')).toEqual([1, 2, 4, 'share-of-found', 8, 16, 32, 64, 'share-of-found']);
    expect(of('reused')).toEqual([1, 4, 16, 64]);
    expect(of('long')).toEqual([1, 4, 16, 64]);
    expect(steps.map(({ place }) => place)).toEqual(steps.map((_, place) => place));
    expect(steps.every(({ requests, warmUp }) => requests - warmUp >= 4)).toBe(true);
    expect(notes).toEqual([]);
  });

  it('knows every shape with few in flight, and arrivals, before any shape goes higher', () => {
    const { steps } = ladder.ladderOf({}, NOTHING_SAID);
    const order = steps.map((one) => `${one.shape.name} ${LOADS(one)}`);
    expect(order.slice(0, 8)).toEqual([
      ...['short 1', 'reused 1', 'long 1', 'short 2', 'short 4', 'reused 4', 'long 4'],
      'short share-of-found',
    ]);
    expect(order.slice(8, 12)).toEqual(['short 8', 'short 16', 'reused 16', 'long 16']);
    const small = ladder.ladderOf({ maxConcurrency: 2 }, NOTHING_SAID).steps;
    expect(small.map(LOADS)).toEqual([1, 1, 1, 2, 'share-of-found']);
  });

  it('says what was not measured of it', () => {
    const { steps } = ladder.ladderOf({}, NOTHING_SAID);
    const cutAt = (count: number) => unmeasured.unmeasured(steps, new Set(steps.slice(0, count).map(({ place }) => place)));
    expect(cutAt(2)).toBe('not measured: long context, arrivals of their own, more than 1 in flight (64 were to be)');
    expect(cutAt(8)).toBe('not measured: more than 4 in flight (64 were to be)');
    expect(cutAt(0)).toBe('not measured: single streams, reuse, long context, arrivals of their own');
    expect(cutAt(steps.length)).toBeNull();
    const shapes = [{ name: 'a', inputTokens: 64, outputTokens: 8, sharedInput: 0 }];
    expect(
      unmeasured.unmeasured(ladder.ladderOf({ shapes, openShare: 0, maxConcurrency: 1 }, NOTHING_SAID).steps, new Set([0])),
    ).toBeNull();
  });

  it('keeps to what the endpoint holds', () => {
    const { steps, notes } = ladder.ladderOf({}, { ...NOTHING_SAID, maxModelLen: 4096, kvTokens: 20_000, maxSequences: 40 });
    const long = steps.filter(({ shape }) => shape.name === 'long');
    const { input, output } = step.worstTokens(long[0]?.shape ?? { inputTokens: 0, outputTokens: 0 });
    expect(input + output).toBeLessThanOrEqual(4096);
    expect(input + output).toBeGreaterThan(4000);
    expect(long.map(LOADS)).toEqual([1, 4]);
    expect(steps.filter(({ shape }) => shape.name === 'short').map(LOADS)).toEqual([1, 2, 4, 'share-of-found', 8, 'share-of-found']);
    expect(notes).toHaveLength(4);
  });

  it('leaves out what does not fit, and is refused where nothing does', () => {
    const { steps, notes } = ladder.ladderOf({}, { ...NOTHING_SAID, maxModelLen: 600 });
    expect(new Set(steps.map(({ shape }) => shape.name))).toEqual(new Set(['short', 'reused']));
    expect(notes.join()).toContain('long is left out');
    expect(() => ladder.ladderOf({}, { ...NOTHING_SAID, maxModelLen: 100 })).toThrow(expect.objectContaining({ code: 'invalid' }));
    expect(() => ladder.ladderOf({ maxConcurrency: 0 }, NOTHING_SAID)).toThrow(expect.objectContaining({ code: 'invalid' }));
  });

  it('learns the rate of its last step from what was found', () => {
    const last = ladder.ladderOf({}, NOTHING_SAID).steps.at(-1) as step.LadderStep;
    expect(ladder.resolvedStep(last, 10)?.load).toEqual({ kind: 'rate', requestsPerSecond: 7 });
    expect(ladder.resolvedStep(last, null)).toBeNull();
  });
});

describe('the worst case', () => {
  it('counts every request in full', () => {
    const shape = { name: 'a', inputTokens: 1000, outputTokens: 100, sharedInput: 0.5 };
    const steps: step.LadderStep[] = [{ place: 0, shape, load: { kind: 'concurrency', concurrency: 1 }, requests: 10, warmUp: 1 }];
    const worst = worstCase.worstCaseOf(steps, kimiList);
    expect(worst).toMatchObject({ requests: 10, inputTokens: 13_140, outputTokens: 1000 });
    expect(worst.usd).toBeCloseTo((13_140 * 0.95 + 1000 * 4) / 1e6);
    expect(worst.usd).toBeCloseTo(10 * (worstCase.worstRequestUsd(step.worstTokens(shape), kimiList) ?? 0));
    expect(worstCase.worstCaseOf(steps, null).usd).toBeNull();
  });

  it('is what a request without usage has cost, one that was refused nothing', () => {
    const paid = worstCase.spentUsd(record({ inputTokens: 1000, cachedTokens: 500, outputTokens: 100 }), kimiList);
    expect(paid).toBeCloseTo((500 * 0.95 + 500 * (kimiList.cacheReadUsdPerMtok ?? 0) + 100 * 4) / 1e6);
    const silent = worstCase.spentUsd(record({ inputTokens: null, ask: { inputTokens: 1000, maxOutputTokens: 100 } }), kimiList);
    expect(silent).toBeCloseTo((1314 * 0.95 + 100 * 4) / 1e6);
    const cut = { code: 'reset', message: '' } as const;
    expect(worstCase.spentUsd(record({ failure: cut, ask: { inputTokens: 1000, maxOutputTokens: 100 } }), kimiList)).toBe(silent);
    expect(worstCase.spentUsd(record({ failure: { code: 'rate-limited', message: '' } }), kimiList)).toBe(0);
    expect(worstCase.spentUsd(record(), null)).toBeNull();
    const told = { inputTokens: 1000, cachedTokens: 500, ask: { inputTokens: 1000, maxOutputTokens: 100 } };
    expect(worstCase.spentUsd(record({ ...told, outputTokens: 1, chunks: 100 }), kimiList)).toBe(paid);
    expect(worstCase.spentUsd(record({ ...told, inputTokens: null, outputTokens: 5, chunks: 100 }), kimiList)).toBe(silent);
    const endless = { ...record({ ...told, chunks: 160 }), failure: { code: 'too-long', message: '' } as const };
    expect(worstCase.spentUsd(endless, kimiList)).toBe(
      worstCase.worstRequestUsd({ input: step.worstTokens({ inputTokens: 1000, outputTokens: 0 }).input, output: 160 }, kimiList),
    );
  });
});

describe('limits', () => {
  const none: limits.RunLimits = { maxUsd: null, maxRequests: null, maxDurationMs: null, maxErrorRate: 0.2 };
  const idle: limits.RunState = { elapsedMs: 0, sent: 0, spentUsd: 0, inFlightUsd: 0, nextUsd: 0.1, failed: [] };

  it('never let the spending exceed its limit, whatever requests cost', () => {
    const costs = fc.array(
      fc.record({
        worst: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
        together: fc.integer({ min: 1, max: 5 }),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2, noNaN: true }), costs, (maxUsd, requests) => {
        let spent = 0;
        let flying: { worst: number; share: number }[] = [];
        for (const { worst, share, together } of requests) {
          const inFlightUsd = flying.reduce((sum, one) => sum + one.worst, 0);
          const stop = limits.limitReached({ ...none, maxUsd }, { ...idle, spentUsd: spent, inFlightUsd, nextUsd: worst });
          if (stop === null) flying.push({ worst, share });
          if (flying.length >= together) {
            spent += flying.reduce((sum, one) => sum + one.worst * one.share, 0);
            flying = [];
          }
        }
        spent += flying.reduce((sum, one) => sum + one.worst, 0);
        expect(spent).toBeLessThanOrEqual(maxUsd + 1e-9);
      }),
    );
  });

  it.each([
    ['an unknown price under a spending limit', { ...none, maxUsd: 1 }, { ...idle, nextUsd: null }, 'unknown-price'],
    ['requests', { ...none, maxRequests: 5 }, { ...idle, sent: 5 }, 'max-requests'],
    ['time', { ...none, maxDurationMs: 1000 }, { ...idle, elapsedMs: 1000 }, 'max-duration'],
    ['failures among the last', none, { ...idle, failed: [...Array(40).fill(false), ...Array(10).fill(true)] }, 'error-rate'],
    ['failures before enough have ended', none, { ...idle, failed: [true, true] }, undefined],
    ['failures long ago', none, { ...idle, failed: [...Array(10).fill(true), ...Array(30).fill(false)] }, undefined],
    ['nothing', none, { ...idle, nextUsd: null, spentUsd: null }, undefined],
  ])('stop at %s', (_, limit, state, code) => {
    expect(limits.limitReached(limit, state)?.code).toBe(code);
  });
});

describe('the knee', () => {
  const point = (concurrency: number, outputTokensPerSecond: number | null, ttftMs: number | null) => ({
    concurrency,
    outputTokensPerSecond,
    ttftMs,
  });

  it('is where output grows no more while the wait does', () => {
    expect(knee.kneeFound([point(1, 100, 10), point(2, 190, 12), point(4, 195, 30), point(8, 196, 90)])).toBe(2);
  });

  it('is not where output grows, where the wait does not, or where nothing is known', () => {
    expect(knee.kneeFound([point(1, 100, 10), point(2, 150, 20)])).toBeNull();
    expect(knee.kneeFound([point(1, 100, 10), point(2, 101, 9)])).toBeNull();
    expect(knee.kneeFound([point(1, 100, 10), point(2, null, 20), point(4, 130, 30)])).toBeNull();
  });
});

describe('prompts', () => {
  const ask = (number: number, tokens: number, sharedTokens: number) =>
    prompt.promptOf({ seed: 7, number, tokens, sharedTokens }).split(' ');

  it('have the asked length, are the same for the same ask, and share exactly what is asked', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), fc.integer({ min: 1, max: 400 }), fc.nat(400), (a, b, tokens, shared) => {
        fc.pre(a !== b);
        const [one, two] = [ask(a, tokens, shared), ask(b, tokens, shared)];
        expect(one).toHaveLength(tokens);
        expect(ask(a, tokens, shared)).toEqual(one);
        const same = Math.min(shared, tokens);
        expect(one.slice(0, same)).toEqual(two.slice(0, same));
        if (tokens - same >= 2) expect(one.slice(same, same + 2)).not.toEqual(two.slice(same, same + 2));
      }),
    );
  });

  it('of another run are others', () => {
    expect(prompt.promptOf({ seed: 8, number: 1, tokens: 50, sharedTokens: 20 })).not.toBe(ask(1, 50, 20).join(' '));
  });
});

describe('a conversation', () => {
  it('carries what the model thought and hands back every tool result', () => {
    const opening = conversation.openingMessages(conversation.AGENTIC_SHAPE, 3, 1);
    const call = { id: 'c1', name: 'read_file', arguments: '{}' } as const;
    const answer = { role: 'assistant', content: '', reasoning: 'hm', signature: '', toolCalls: [call] } as const;
    const messages = conversation.nextMessages(conversation.AGENTIC_SHAPE, opening, answer, 3, 1, 1);
    expect(messages.slice(0, 2)).toEqual(opening);
    expect(messages[2]).toEqual(answer);
    expect(messages[3]).toMatchObject({ role: 'tool', toolCallId: 'c1' });
    expect(conversation.READ_FILE_TOOL.name).toBe(call.name);
    const turns = [0, 1, 2].map((turn) => conversation.conversationTurn(conversation.AGENTIC_SHAPE, turn));
    expect(turns.map(({ inputTokens }) => inputTokens)).toEqual([2560, 3840, 5120]);
    expect(conversation.openingMessages(conversation.AGENTIC_SHAPE, 3, 2)[0]).toEqual(opening[0]);
    expect(conversation.openingMessages(conversation.AGENTIC_SHAPE, 3, 2)[1]).not.toEqual(opening[1]);
  });
});
