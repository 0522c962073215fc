import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_TIMEOUTS } from '../../../src/calibration/client/timeouts.ts';
import { answerDelayMs, inPercentiles, interTokenLatency, latencyMs, tpotMs, ttftMs } from '../../../src/calibration/client/timings.ts';
import { recorded } from '../../support/recorded.ts';

describe('timings of a record', () => {
  it('count from when it was due as well as from when it went out', () => {
    const record = recorded({ intendedMs: 10, sentMs: 35, chunkMs: [60, 80], firstAnswerMs: 80, endMs: 85 });
    expect(ttftMs(record)).toEqual({ fromIntended: 50, fromSent: 25 });
    expect(answerDelayMs(record)).toEqual({ fromIntended: 70, fromSent: 45 });
    expect(latencyMs(record)).toEqual({ fromIntended: 75, fromSent: 50 });
  });

  it('are null where nothing came or nothing was counted', () => {
    const silent = recorded({});
    expect([ttftMs(silent), answerDelayMs(silent), tpotMs(silent)]).toEqual([null, null, null]);
    expect(tpotMs(recorded({ chunkMs: [1, 2] }))).toBeNull();
    expect(tpotMs(recorded({ chunkMs: [1, 2], outputTokens: 1 }))).toBeNull();
    expect(interTokenLatency(silent)).toEqual({ gapsMs: [], chunksPerToken: null, unreliable: true });
    expect(inPercentiles(silent)).toBe(false);
  });

  it.each<[chunks: number, tokens: number | null, unreliable: boolean]>([
    [100, 100, false],
    [97, 100, false],
    [96, 100, true],
    [101, 100, true],
    [1, 2, false],
    [1, 3, true],
    [1, 100, true],
    [5, 0, true],
    [5, null, true],
  ])('of %i chunks for %j tokens: unreliable gaps is %j', (chunks, outputTokens, unreliable) => {
    const chunkMs = Array.from({ length: chunks }, (_, n) => n);
    expect(interTokenLatency(recorded({ chunkMs, outputTokens })).unreliable).toBe(unreliable);
  });

  it('agree: the gaps add up to the tokens after the first', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 2, maxLength: 50 }), (gaps) => {
        let at = 0;
        const chunkMs = gaps.map((gap) => {
          at += gap;
          return at;
        });
        const record = recorded({ chunkMs, outputTokens: chunkMs.length });
        const { gapsMs } = interTokenLatency(record);
        const sum = gapsMs.reduce((total, gap) => total + gap, 0);
        expect(sum).toBeCloseTo((tpotMs(record) ?? 0) * (chunkMs.length - 1), 6);
      }),
    );
  });

  it('end before the limits of the built-in fetch', () => {
    const { connectMs, firstByteMs, idleMs } = DEFAULT_TIMEOUTS;
    expect(Math.max(connectMs, firstByteMs, idleMs)).toBeLessThan(300_000);
  });
});
