import { describe, expect, it } from 'vitest';
import { TermSheet } from '../../src/evidence/term.ts';

describe('a sheet of terms', () => {
  it('keeps the order of the reasoning and the kind of each term', () => {
    const sheet = new TermSheet()
      .input('memory', 'memory', 'B', 80, 'gpus/x#torch')
      .lookup('speed', 'speed', 'token/s', 5, 'between two points', 'measurements/x')
      .formula('half', 'half of it', 'B', 40, 'memory / 2')
      .solved('root', 'root', '', 2, 'bisection', 'root^2 - 4')
      .sampled('tail', 'tail', '', 3, '90th percentile of 512');
    expect(sheet.terms.map(({ id, kind }) => `${kind} ${id}`)).toEqual([
      'input memory',
      'lookup speed',
      'formula half',
      'solved root',
      'sampled tail',
    ]);
  });

  it('shows a band where there is one, and none around an exact number', () => {
    const { terms } = new TermSheet()
      .input('a', 'a', '', { low: 1, value: 2, high: 3 }, 'user')
      .input('b', 'b', '', { low: 2, value: 2, high: 2 }, 'user');
    expect(terms[0]).toMatchObject({ low: 1, value: 2, high: 3 });
    expect(terms[1]).toEqual({ kind: 'input', id: 'b', label: 'b', unit: '', value: 2, source: 'user' });
  });

  it('refuses two terms of one name', () => {
    expect(() => new TermSheet().input('a', 'a', '', 1, 'user').formula('a', 'again', '', 1, '1')).toThrow(
      'term a is on the sheet already',
    );
  });
});
