import { describe, expect, it } from 'vitest';
import { paired } from '../../../src/plan/diff/pairs.ts';

const of = (code: string, subject: string) => ({ code, subject });
const plain = (subject: string) => subject.replace(/ TP\S*/, '');
const texts = (before: readonly { code: string; subject: string }[], after: readonly { code: string; subject: string }[]) =>
  paired(before, after, plain, plain).map((pair) => `${pair.before?.subject ?? '-'} | ${pair.after?.subject ?? '-'}`);

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
});
