import { describe, expect, it } from 'vitest';
import { simulate } from '../../../src/serving/simulation/simulate.ts';
import { fleet, request, straightClock } from '../../support/fleets.ts';

const rounded = (values: Float64Array) => [...values].map((value) => Number(value.toFixed(6)));

describe('a trace worked out by hand', () => {
  it('chunks of prompts beside decoding', () => {
    // 10 ms a step and 1 ms for each prompt token, eight tokens a step
    const clock = straightClock({ fixed: 0.01, prefill: 0.001 });
    const { records, iterations, prefillTokens } = simulate(fleet({ clock, batchTokens: 8, maxSequences: 8 }), [
      request(0, 4, 4), // 0-14 its prompt; tokens at 14, 31, 44, 54
      request(5, 10, 2), // from 14: 7 tokens (17 ms) to 31, 3 (13 ms) to 44; tokens at 44, 54
      request(60, 3, 1), // 60-73
    ]);
    expect(rounded(records.admittedMs)).toEqual([0, 14, 60]);
    expect(rounded(records.firstTokenMs)).toEqual([14, 44, 73]);
    expect(rounded(records.endMs)).toEqual([54, 54, 73]);
    expect([iterations, prefillTokens]).toEqual([5, 17]);
  });

  it('a run is cut at the end of the step in which a request comes', () => {
    // a step of 10 ms and 1 ms for each token of context: prompt 10 ms, then 14, 15, 16, 17, …
    const clock = straightClock({ fixed: 0.01, context: 0.001 });
    const { records, iterations } = simulate(fleet({ clock }), [request(0, 4, 5), request(30, 2, 2)]);
    // tokens at 10, 24, 39; both in one step of 16 ms (the second's prompt costs nothing) to 55; then 10 + 7 + 2 = 19 to 74
    expect(rounded(records.firstTokenMs)).toEqual([10, 55]);
    expect(rounded(records.endMs)).toEqual([74, 74]);
    expect(iterations).toBe(5);
  });

  it('the youngest is preempted where growth does not fit, and computes its prompt and its tokens again', () => {
    const { records, preemptions, recomputedTokens, prefillTokens, kvPeakTokens } = simulate(
      fleet({ clock: straightClock({ fixed: 0.01 }), kvTokens: 10 }),
      [request(0, 4, 5), request(0, 4, 5)],
    );
    // both hold 4 at 10 ms and 5 at 20 ms; no room at 20 ms: the second leaves with 2 tokens, and comes back at 50 ms with 6
    expect(rounded(records.endMs)).toEqual([50, 80]);
    expect([preemptions, recomputedTokens, prefillTokens]).toEqual([1, 6, 14]);
    expect(kvPeakTokens).toBe(10);
  });

  it('who was preempted comes back before those who wait', () => {
    const { records, preemptions } = simulate(fleet({ clock: straightClock({ fixed: 0.01 }), kvTokens: 10 }), [
      request(0, 4, 5),
      request(0, 4, 5),
      request(15, 4, 5),
    ]);
    // as before; at 50 ms both are let in, the second first; at 60 ms there is no room to grow, and the third waits with one token to 80 ms
    expect(rounded(records.endMs)).toEqual([50, 80, 120]);
    expect(preemptions).toBe(2);
  });

  it('as many are preempted as the growth of the others needs', () => {
    const settings = fleet({ clock: straightClock({ fixed: 0.01 }), kvTokens: 11, tokensPerStep: 3 });
    const { records, preemptions, kvPeakTokens } = simulate(
      settings,
      [0, 0, 0, 0].map((atMs) => request(atMs, 1, 4)),
    );
    // four hold 4 and would gain 12; three hold 3 and would gain 9; two hold 2 and gain 6
    expect(rounded(records.endMs)).toEqual([20, 20, 40, 40]);
    expect([preemptions, kvPeakTokens]).toEqual([2, 10]);
  });

  it('keeps once what two computed at the same time', () => {
    const settings = fleet({ clock: straightClock({ fixed: 0.01 }), kvTokens: 12, reuse: { kind: 'blocks', blockTokens: 4 } });
    const { records } = simulate(settings, [
      request(0, 5, 1, { blocks: [1] }),
      request(0, 5, 1, { blocks: [1] }),
      request(100, 12, 1),
      request(200, 5, 1, { blocks: [1] }),
    ]);
    expect(rounded(records.endMs)).toEqual([10, 10, 110, 210]);
    expect([...records.reusedTokens]).toEqual([0, 0, 0, 0]);
  });

  it('finds blocks that another computed, and displaces the oldest', () => {
    const clock = straightClock({ fixed: 0.01 });
    const settings = fleet({ clock, kvTokens: 11, reuse: { kind: 'blocks', blockTokens: 4 } });
    const { records } = simulate(settings, [
      request(0, 10, 1, { blocks: [1, 2, 3] }),
      request(100, 10, 1, { blocks: [1, 2, 4] }), // finds 8; block 3 makes room
      request(200, 10, 1, { blocks: [1, 2, 3] }), // finds 8 again
      request(300, 10, 1, { blocks: [1, 2, 3] }), // finds all, computes one
      request(400, 11, 1, { blocks: [7, 8, 9] }), // displaces all
      request(500, 10, 1, { blocks: [1, 2, 3] }),
    ]);
    expect([...records.reusedTokens]).toEqual([0, 8, 8, 9, 0, 0]);
  });

  it('keeps whole blocks of a conversation with its outputs until it is rewritten', () => {
    const settings = fleet({ reuse: { kind: 'conversation', blockTokens: 4 } });
    const { records } = simulate(settings, [
      request(0, 10, 7, { conversation: 'a' }), // holds 10 + 6 tokens: four blocks
      request(100, 21, 1, { conversation: 'a' }),
      request(200, 21, 1, { conversation: 'b' }),
      request(300, 9, 1, { conversation: 'a' }), // shorter: compacted
    ]);
    expect([...records.reusedTokens]).toEqual([0, 16, 0, 0]);
  });

  it('takes a share as given', () => {
    const { records } = simulate(fleet({ reuse: { kind: 'share', share: 0.75 } }), [request(0, 10, 1)]);
    expect([records.reusedTokens[0], records.prefilledTokens[0]]).toEqual([7, 3]);
  });

  it('speculation gives several tokens a step', () => {
    const { records } = simulate(fleet({ clock: straightClock({ fixed: 0.01 }), tokensPerStep: 2.5 }), [request(0, 4, 7)]);
    expect(rounded(records.endMs)).toEqual([40]); // one by the prompt, six in three steps
  });

  it('refuses what no replica can hold', () => {
    const { refused, records } = simulate(fleet({ kvTokens: 10 }), [request(0, 8, 4), request(0, 8, 3)]);
    expect([refused, records.endMs[0], Number.isNaN(records.endMs[1])]).toEqual([1, Number.NaN, false]);
  });
});

describe('bad input', () => {
  it.each([
    [{ batchTokens: 8 }, 'max-num-batched-tokens'],
    [{ replicas: 0 }, 'replicas'],
    [{ reuse: { kind: 'share', share: 2 } as const }, 'reuse'],
    [{ failures: [{ replica: 0, atMs: 1, backAfterMs: null }] }, 'no replica is left'],
  ])('%o', (more, words) => {
    expect(() => simulate(fleet(more), [])).toThrow(words);
  });

  it('requests out of order', () => {
    expect(() => simulate(fleet(), [request(2, 1, 1), request(1, 1, 1)])).toThrow('requests[1]');
  });
});
