import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseByteSize } from '../../src/units/byteSize.ts';

describe('amounts of memory', () => {
  it.each([
    ['512GB', 512e9],
    ['512 GiB', 512 * 2 ** 30],
    ['1.5TB', 1.5e12],
    ['2TiB', 2 ** 41],
    ['48gb', 48e9],
    ['800MB', 8e8],
    ['1KiB', 1024],
  ])('%s', (text, bytes) => {
    expect(parseByteSize(text, '--ram')).toBe(bytes);
  });

  it.each([
    ['512', /a size needs its unit .*512GB \(512e9 bytes\), 512GiB/],
    ['512G', /not a size/],
    ['GB', /not a size/],
    ['', /not a size/],
    ['0GB', /number out of range.*above 0/],
    ['-1GB', /number out of range/],
    ['1,5TB', /a comma is neither.*did you mean 1\.5/],
    ['1e400GB', /number out of range/],
    ['512constructor', /not a size/],
  ])('refuses %j', (text, message) => {
    expect(() => parseByteSize(text, '--ram')).toThrow(message);
  });

  it('reads what it would write', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_000_000 }), (gigabytes) => {
        expect(parseByteSize(`${gigabytes}GB`, '--ram')).toBe(gigabytes * 1e9);
      }),
    );
  });
});
