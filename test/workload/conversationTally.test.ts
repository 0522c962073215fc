import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConversationCell, ConversationShape } from '../../src/workload/conversation.ts';
import { ConversationTally } from '../../src/workload/conversationTally.ts';

type Call = readonly [conversation: string, second: number | null, inputTokens: number, freshTokens?: number];

function tallied(calls: readonly Call[]): ConversationTally {
  const tally = new ConversationTally();
  for (const [conversation, second, input, fresh] of calls)
    tally.add(conversation, second === null ? null : 1000 * second, input, fresh ?? null);
  return tally;
}

function shapeOf(calls: readonly Call[], most = 16): ConversationShape {
  const shape = tallied(calls).shape(most);
  if (!shape) throw new Error('no shape');
  return shape;
}

const sum = (cells: readonly ConversationCell[], of: (cell: ConversationCell) => number) =>
  cells.reduce((total, cell) => total + cell.share * of(cell), 0);

/** Two conversations: one grows by 100 and pauses before its last request, one stays as it is. */
const TWO: readonly Call[] = [
  ['a', 0, 100],
  ['b', 1, 1000],
  ['a', 1, 200],
  ['b', 3, 1000],
  ['a', 701, 300],
];

describe('conversations counted by hand', () => {
  it('have a cell each: requests, first and last input', () => {
    expect(tallied(TWO).conversations).toBe(2);
    expect(shapeOf(TWO).cells).toEqual([
      { share: 0.5, requests: 3, firstInputTokens: 100, lastInputTokens: 300 },
      { share: 0.5, requests: 2, firstInputTokens: 1000, lastInputTokens: 1000 },
    ]);
  });

  it('tell gaps from pauses, of which each is over ten minutes', () => {
    // gaps of 1 and 2 s, a pause of 700 s
    const { leastGapSeconds, meanGapSeconds, pauseShare, meanPauseSeconds } = shapeOf(TWO);
    expect([leastGapSeconds, meanGapSeconds, meanPauseSeconds]).toEqual([1, 1.5, 700]);
    expect(pauseShare).toBeCloseTo(1 / 3, 12);
    const edge = shapeOf([...TWO, ['a', 1301, 300], ['a', 1901.001, 300]]);
    expect(edge.pauseShare).toBeCloseTo(2 / 5, 12);
    expect(edge.meanGapSeconds).toBeCloseTo((1 + 2 + 600) / 3, 9);
  });

  it('count a prefix as rewritten as far as more is fresh than what was added', () => {
    // added: 300 of a, 1000 of b; of a's last request all 300 are fresh and not 100: 200 of the 1,500 tokens after the first
    expect(shapeOf(TWO).rewriteShare).toBe(0);
    const rewritten = TWO.map((call): Call => (call[2] === 300 ? ['a', 701, 300, 300] : call));
    expect(shapeOf(rewritten).rewriteShare).toBeCloseTo(200 / 1500, 12);
    const cached = TWO.map(([conversation, second, input]): Call => [conversation, second, input, 0]);
    expect(shapeOf(cached).rewriteShare).toBe(0);
  });

  it('spread steps and gaps by mean over median', () => {
    const { growthSigma, gapSigma } = shapeOf([
      ['a', 0, 100],
      ['a', 1, 200], // steps 100, 100, 700: mean 300, median 100
      ['a', 2, 300], // gaps 1, 1, 1 and 1,000 times as much pause
      ['a', 3, 1000],
    ]);
    expect(growthSigma).toBeCloseTo(Math.sqrt(2 * Math.log(3)), 12);
    expect(gapSigma).toBe(0);
  });

  it('that fall are even, and none ends above the longest input that was seen', () => {
    expect(
      shapeOf([
        ['a', 0, 300],
        ['a', 1, 100],
        ['b', 0, 10],
        ['b', 1, 290],
        ['b', 2, 300],
      ]).cells,
    ).toEqual([
      { share: 0.5, requests: 3, firstInputTokens: 10, lastInputTokens: 300 },
      { share: 0.5, requests: 2, firstInputTokens: 200, lastInputTokens: 200 },
    ]);
  });

  it('have no shape where none has a second request, times are unknown or all is pause', () => {
    expect(new ConversationTally().shape(4)).toBeNull();
    expect(
      tallied([
        ['a', 0, 5],
        ['b', 1, 5],
      ]).shape(4),
    ).toBeNull();
    expect(
      tallied([
        ['a', null, 5],
        ['a', null, 5],
      ]).shape(4),
    ).toBeNull();
    expect(
      tallied([
        ['a', 0, 5],
        ['a', 900, 5],
      ]).shape(4),
    ).toBeNull();
  });
});

const logs = fc
  .array(
    fc.record({
      conversation: fc.integer({ min: 0, max: 12 }),
      second: fc.integer({ min: 0, max: 5000 }),
      input: fc.integer({ min: 1, max: 200_000 }),
    }),
    { minLength: 2, maxLength: 80 },
  )
  .map((rows) =>
    rows.sort((a, b) => a.second - b.second).map(({ conversation, second, input }): Call => [`${conversation}`, second, input]),
  );

describe('all conversations', () => {
  it('keep conversations, requests and ends in sum, however few cells are asked', () => {
    fc.assert(
      fc.property(logs, fc.integer({ min: 1, max: 6 }), (calls, most) => {
        const tally = tallied(calls);
        const [whole, few] = [tally.shape(Number.POSITIVE_INFINITY), tally.shape(most)];
        if (!whole || !few) return;
        expect(few.cells.length).toBeLessThanOrEqual(most);
        expect(sum(few.cells, () => 1)).toBeCloseTo(1, 12);
        expect(sum(few.cells, ({ requests }) => requests) * tally.conversations).toBeCloseTo(calls.length, 6);
        for (const end of ['firstInputTokens', 'lastInputTokens'] as const)
          expect(sum(few.cells, (cell) => cell[end]) / sum(whole.cells, (cell) => cell[end])).toBeCloseTo(1, 9);
        expect({ ...few, cells: null }).toEqual({ ...whole, cells: null });
      }),
      { numRuns: 100, seed: 22 },
    );
  });

  it('have the mean input of the log in the middle of their cells, but for those that would end above the longest', () => {
    fc.assert(
      fc.property(logs, (calls) => {
        const longest = Math.max(...calls.map(([, , input]) => input));
        const shape = tallied(calls).shape(Number.POSITIVE_INFINITY);
        if (!shape) return;
        const mean = calls.reduce((total, [, , input]) => total + input, 0) / calls.length;
        const cells = sum(shape.cells, ({ requests, firstInputTokens: a, lastInputTokens: b }) => (requests * (a + b)) / 2);
        const found = cells / sum(shape.cells, ({ requests }) => requests);
        if (shape.cells.every(({ lastInputTokens }) => lastInputTokens < longest)) expect(found / mean).toBeCloseTo(1, 9);
        else expect(found).toBeLessThanOrEqual(mean * (1 + 1e-9));
      }),
      { numRuns: 100, seed: 23 },
    );
  });
});
