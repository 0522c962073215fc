import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/faults/fault.ts';
import { contextsIn, formatContext, formatCount, formatTokens, parseContext, parseContextRange } from '../../src/units/tokens.ts';

describe('context lengths have one meaning each (facts/faults.md case 3)', () => {
  it.each([
    ['128k', 131_072],
    ['128K', 131_072],
    ['128Ki', 131_072],
    ['131072', 131_072],
    ['0.25M', 262_144],
    ['0.5Mi', 524_288],
    ['1.5k', 1536],
    ['1e5', 100_000],
    ['1', 1],
  ])('%s', (text, tokens) => {
    expect(parseContext(text, '--ctx')).toBe(tokens);
  });

  it.each(['0', '-1', '-1k', '0.3', '0.3k', 'NaN', 'Infinity', '1e309', '3,50', '128kB', '', 'k', 'e', '128kk', '128 tokens', '5G', '9e9'])(
    'refuses %j',
    (text) => {
      expect(() => parseContext(text, '--ctx')).toThrow(Fault);
      expect(() => parseContext(text, '--ctx')).toThrow(
        expect.objectContaining({ code: 'invalid', details: expect.objectContaining({ where: '--ctx' }) }),
      );
    },
  );

  it.each(['128GB', '16GiB', '8B', '4kb', '2TiB'])('%s is memory, not a context', (text) => {
    expect(() => parseContext(text, '--ctx')).toThrow(/in tokens, not in bytes/);
  });

  it('names the text that was typed', () => {
    expect(() => parseContext('0.3k', '--ctx')).toThrow(/"0.3k"/);
  });

  it('reads back what it writes: whole k and M, and plain counts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4096 }), fc.constantFrom(1024, 2 ** 20), (count, unit) => {
        const written = formatContext(count * unit);
        expect(parseContext(written.replaceAll(',', ''), '--ctx')).toBe(count * unit);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 }), (tokens) => void expect(parseContext(String(tokens), '--ctx')).toBe(tokens)),
    );
  });

  it('a count that it writes with separators is refused with the number that was meant', () => {
    expect(() => parseContext(formatContext(100_000), '--ctx')).toThrow(/did you mean 100000\?/);
  });
});

describe('ranges of contexts', () => {
  it('a length alone is a range of one', () => {
    expect(contextsIn(parseContextRange('128k', '--ctx'))).toEqual([131_072]);
  });

  it('doubles from the start and ends at the end', () => {
    expect(contextsIn(parseContextRange('32k..256k', '--ctx'))).toEqual([32_768, 65_536, 131_072, 262_144]);
    expect(contextsIn({ from: 1000, to: 3000 })).toEqual([1000, 2000, 3000]);
  });

  it.each(['256k..32k', '32k..32k', '32k..64k..128k', '..64k', '32k..', '32k...64k'])('refuses %s', (text) => {
    expect(() => parseContextRange(text, '--ctx')).toThrow(Fault);
  });

  it('rises strictly and keeps both ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e6 }), (from, more) => {
        const contexts = contextsIn({ from, to: from + more });
        expect([contexts[0], contexts.at(-1)]).toEqual([from, from + more]);
        expect(contexts).toEqual([...new Set(contexts)].sort((a, b) => a - b));
      }),
    );
  });
});

describe('counts for reading', () => {
  it.each([
    [0, '0'],
    [131_072, '131,072'],
    [1_234_567.6, '1,234,568'],
  ])('formatCount(%d)', (count, text) => {
    expect(formatCount(count)).toBe(text);
  });

  it.each([
    [131_072, '128k'],
    [262_144, '256k'],
    [1_048_576, '1M'],
    [98_304, '96k'],
    [4096, '4k'],
    [1000, '1,000'],
    [128_000, '128,000'],
    [1_024_000, '1,024,000'],
    [200_000, '200,000'],
    [1, '1'],
  ])('formatContext(%d)', (tokens, text) => {
    expect(formatContext(tokens)).toBe(text);
  });

  it.each([
    [0, '0'],
    [980_400, '980k'],
    [12_540_000, '12.5M'],
    [3.4e9, '3.4B'],
    [1.26e12, '1.26T'],
    [-3.4e9, '-3.4B'],
  ])('formatTokens(%d)', (tokens, text) => {
    expect(formatTokens(tokens)).toBe(text);
  });

  it.each(['1..', '..8k', '8k..4k', '1..2..3'])('shows the whole of a range that does not rise: %s', (text) => {
    expect(() => parseContextRange(text, '--ctx')).toThrow(`got "${text}"`);
  });

  it('does not lose the suffix of a length with a comma', () => {
    expect(() => parseContext('8,16k', '--ctx')).toThrow('got "8,16k"');
  });
});
