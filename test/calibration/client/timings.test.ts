import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_TIMEOUTS } from '../../../src/calibration/client/timeouts.ts';
import { outputTokensOf, tpotOf, ttftOf } from '../../../src/calibration/client/timings.ts';
import { recorded } from '../../support/recorded.ts';
import { record } from '../../support/requestRecords.ts';

describe('timings of a record', () => {
  it('count the first token from when it was due', () => {
    expect(ttftOf(recorded({ intendedMs: 10, sentMs: 35, chunkMs: [60, 80] }))).toBe(50);
  });

  it('are null where nothing came or nothing was counted', () => {
    const silent = recorded({});
    expect([ttftOf(silent), tpotOf(silent), outputTokensOf(silent)]).toEqual([null, null, null]);
    expect(tpotOf(recorded({ chunkMs: Array.from({ length: 20 }, (_, at) => at) }))).toBeNull();
  });

  it('say nothing of the time between tokens where the answer is short or came all at once', () => {
    expect(tpotOf(record({ chunks: 1, outputTokens: 100 }))).toBeNull();
    expect(tpotOf(record({ chunks: 2, outputTokens: 100 }))).toBeNull();
    expect(tpotOf(record({ outputTokens: 4 }))).toBeNull();
    expect(tpotOf(record({ tpotMs: 10, outputTokens: 8 }))).toBeCloseTo(10, 9);
  });

  it('count the tokens of chunks where the server does not, and take off those of the first', () => {
    const chunks = [50, 150, 250].map((ms) => ({ ms, tokens: 4, channel: 'content' as const }));
    const made = recorded({ chunkMs: [50, 150, 250] });
    expect(outputTokensOf({ ...made, chunks })).toBe(12);
    expect(tpotOf({ ...made, chunks })).toBe(25);
    expect(outputTokensOf({ ...made, chunks: [...chunks, { ms: 300, tokens: null, channel: 'content' }] })).toBeNull();
  });

  it('agree: the gaps add up to the tokens after the first', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 8, maxLength: 50 }), (gaps) => {
        let at = 0;
        const chunkMs = [0, ...gaps].map((gap) => {
          at += gap;
          return at;
        });
        const made = recorded({ chunkMs, outputTokens: chunkMs.length });
        expect((tpotOf(made) ?? 0) * gaps.length).toBeCloseTo(at, 6);
      }),
    );
  });

  it('end before the limits of the built-in fetch', () => {
    const { connectMs, firstByteMs, idleMs } = DEFAULT_TIMEOUTS;
    expect(Math.max(connectMs, firstByteMs, idleMs)).toBeLessThan(300_000);
  });
});
