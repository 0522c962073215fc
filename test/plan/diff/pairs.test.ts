import { describe, expect, it } from 'vitest';
import { AS_THEY_ARE, type Matching, paired } from '../../../src/plan/diff/pairs.ts';

const of = (code: string, subject: string) => ({ code, subject });
const plain = (subject: string) => subject.replace(/ TP\S*/, '');
type Said = readonly { code: string; subject: string }[];
const texts = (before: Said, after: Said, more: Partial<Matching> = {}) =>
  paired(before, after, { ...AS_THEY_ARE, plainBefore: plain, plainAfter: plain, ...more }).map(
    (pair) => `${pair.before?.subject ?? '-'} | ${pair.after?.subject ?? '-'}`,
  );

describe('what two answers say of one thing', () => {
  it('is found by its subject first, then without its layout', () => {
    const before = [of('ttft', '8×H200 TP8+DCP8 at 1'), of('ttft', '8×H200 TP8+DCP8 at 16'), of('ttft', '8×H200 TP4 at 1')];
    const after = [of('ttft', '8×H200 TP4 at 1'), of('ttft', '8×H200 TP8 at 16'), of('ttft', '8×H200 TP8 at 1')];
    expect(texts(before, after)).toEqual([
      '8×H200 TP4 at 1 | 8×H200 TP4 at 1',
      '8×H200 TP8+DCP8 at 16 | 8×H200 TP8 at 16',
      '8×H200 TP8+DCP8 at 1 | 8×H200 TP8 at 1',
    ]);
  });

  it('is the one that replaced it where both are alone of their kind', () => {
    expect(texts([of('cost', 'h200'), of('replicas', 'h200')], [of('cost', 'b200')])).toEqual(['h200 | b200', 'h200 | -']);
    expect(texts([of('cost', 'h100'), of('cost', 'h200')], [of('cost', 'b200')])).toEqual(['- | b200', 'h100 | -', 'h200 | -']);
  });

  it('is told apart where a subject stands twice', () => {
    expect(texts([of('cost', 'a'), of('cost', 'a')], [of('cost', 'a'), of('cost', 'a')])).toEqual(['a | a', 'a | a']);
  });

  it('is not that of another layout by chance: one alone, or the first of both', () => {
    const rows = (...layouts: string[]) => layouts.map((layout) => of('kv-tokens', `8×H200 ${layout}`));
    expect(texts(rows('TP8', 'TP4×PP2', 'TP2×PP4'), rows('TP8', 'TP4×DP2', 'TP2×DP4'))).toEqual([
      '8×H200 TP8 | 8×H200 TP8',
      '- | 8×H200 TP4×DP2',
      '- | 8×H200 TP2×DP4',
      '8×H200 TP4×PP2 | -',
      '8×H200 TP2×PP4 | -',
    ]);
    expect(texts(rows('TP8', 'TP4×PP2'), rows('TP8+DCP8', 'TP4×DP2'))[0]).toBe('8×H200 TP8 | 8×H200 TP8+DCP8');
  });

  it('is that of no other load', () => {
    const isLoad = (subject: string) => subject.includes(' at ');
    expect(texts([of('ttft', 'h200 at 61')], [of('ttft', 'h200 at 49')], { isLoad })).toEqual(['- | h200 at 49', 'h200 at 61 | -']);
  });

  it('goes by the name of what replaced it', () => {
    const renamed = (subject: string) => subject.replace('h200', 'b200');
    const said = (fleet: string) => ['list', 'host'].map((tariff) => of('probability', `${fleet} against ${tariff}`));
    expect(texts(said('h200'), said('b200'), { renamed })).toEqual([
      'h200 against list | b200 against list',
      'h200 against host | b200 against host',
    ]);
  });
});
