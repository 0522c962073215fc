import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { resolveRelease } from '../../src/engine/release.ts';
import { compareVersions, inRange, parseVersion } from '../../src/engine/version.ts';
import { Fault } from '../../src/faults/fault.ts';

const part = fc.integer({ min: 0, max: 9999 });
const version = fc.tuple(part, part, part);

describe('release numbers', () => {
  it.each([
    ['0.25', [0, 25, 0]],
    ['v0.5.9', [0, 5, 9]],
    ['0.5.8.post1', [0, 5, 8]],
    ['0.10.0rc1', [0, 10, 0]],
    ['0.11.1rc6', [0, 11, 1]],
  ])('%s', (text, parts) => {
    expect(parseVersion(text, '--engine')).toEqual(parts);
  });

  it.each(['latest', 'nightly', '', '1', '0.25.x', '0.25.0.0', '-0.25', `0.${'9'.repeat(60)}`])('refuses %j', (text) => {
    expect(() => parseVersion(text, '--engine')).toThrow(Fault);
  });

  it('compares by number, not by text', () => {
    expect(compareVersions('0.9.0', '0.10.0')).toBeLessThan(0);
    expect(compareVersions('0.25', '0.25.0')).toBe(0);
    fc.assert(
      fc.property(version, version, (a, b) => {
        const wanted = a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
        expect(Math.sign(compareVersions(a.join('.'), b.join('.')))).toBe(Math.sign(wanted));
      }),
    );
  });

  it('a range takes its first version and not its last', () => {
    expect(inRange('0.21.0', '0.21.0', '0.22.0')).toBe(true);
    expect(inRange('0.22.0', '0.21.0', '0.22.0')).toBe(false);
    expect(inRange('0.20.9', '0.21.0')).toBe(false);
    expect(inRange('0.1.0')).toBe(true);
  });
});

describe('engine with an optional version', () => {
  const { engines } = loadCatalog();

  it('takes the default version of the engine', () => {
    expect(resolveRelease(engines, 'sglang')).toMatchObject({ engine: { id: 'sglang' }, version: '0.5.18' });
    expect(resolveRelease(engines)).toMatchObject({ engine: { id: 'vllm' }, version: '0.25.0' });
    expect(resolveRelease(engines, ' VLLM@v0.21 ')).toMatchObject({ engine: { id: 'vllm' }, version: '0.21' });
  });

  it.each([
    ['vlm', 'unknown'],
    ['trtllm', 'unknown'],
    ['vllm@', 'invalid'],
    ['vllm@nightly', 'invalid'],
    ['vllm@0.25@0.26', 'unknown'],
  ])('refuses %s', (text, code) => {
    expect(() => resolveRelease(engines, text)).toThrow(
      expect.objectContaining({ code, details: expect.objectContaining({ where: '--engine' }) }),
    );
  });

  it('says the nearest engine', () => {
    expect(() => resolveRelease(engines, 'vlm')).toThrow(/did you mean vllm\?/);
  });
});
