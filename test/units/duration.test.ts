import { describe, expect, it } from 'vitest';
import { formatDuration, parseDurationMs } from '../../src/units/duration.ts';

describe('lengths of time', () => {
  it('are read with their unit', () => {
    expect(['40ms', '2s', '1.5 s', '3min'].map((text) => parseDurationMs(text, '--x'))).toEqual([40, 2000, 1500, 180_000]);
  });

  it.each(['2', '0s', '-1s', 's', '2h', '1e309s', '3,5s', ''])('are refused as %j', (text) => {
    expect(() => parseDurationMs(text, '--x')).toThrow('not a length of time');
  });

  it('are written with three digits', () => {
    expect([40, 999, 1500, 595_148, 900_000].map(formatDuration)).toEqual(['40 ms', '999 ms', '1.5 s', '595 s', '15 min']);
  });
});
