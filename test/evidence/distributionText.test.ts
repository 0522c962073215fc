import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueAt } from '../../src/evidence/distribution.ts';
import { formatDistribution, parseDistribution } from '../../src/evidence/distributionText.ts';
import { Fault } from '../../src/faults/fault.ts';
import { parseNumber } from '../../src/units/number.ts';
import { aDistribution } from '../support/distributions.ts';

const read = (text: string) => parseDistribution(text, '--price');

describe('reading a distribution', () => {
  it.each([
    ['3.2', { kind: 'point', value: 3.2 }],
    [' -3 ', { kind: 'point', value: -3 }],
    ['3.2..4.5', { kind: 'uniform', low: 3.2, high: 4.5 }],
    ['-4 .. -3', { kind: 'uniform', low: -4, high: -3 }],
    ['3..3', { kind: 'point', value: 3 }],
    ['uniform(1, 2)', { kind: 'uniform', low: 1, high: 2 }],
    ['Normal( 5 , 1e-1 )', { kind: 'normal', mean: 5, deviation: 0.1 }],
    ['lognormal(20, 0.5)', { kind: 'lognormal', median: 20, sigma: 0.5 }],
    ['triangular(1, 2, 4)', { kind: 'triangular', low: 1, mode: 2, high: 4 }],
    ['estimate(1, 2, 4)', { kind: 'estimate', low: 1, value: 2, high: 4 }],
  ])('%s', (text, distribution) => {
    expect(read(text)).toEqual(distribution);
  });

  it.each(['normal(10..20)', 'lognormal(10..20)'])('%s holds 80 %% between its ends', (text) => {
    expect(valueAt(read(text), 0.1)).toBeCloseTo(10, 7);
    expect(valueAt(read(text), 0.9)).toBeCloseTo(20, 7);
  });

  it('leaves the unit of each number to the caller, but not that of sigma', () => {
    const hours = (text: string, where: string) => {
      const minutes = /^(.*) min$/.exec(text);
      return minutes ? parseNumber(minutes[1] ?? '', where) / 60 : parseNumber(text.replace(/ h$/, ''), where);
    };
    expect(parseDistribution('30 min..2 h', '--gap', hours)).toEqual({ kind: 'uniform', low: 0.5, high: 2 });
    expect(parseDistribution('lognormal(30 min, 0.4)', '--gap', hours)).toEqual({ kind: 'lognormal', median: 0.5, sigma: 0.4 });
    expect(() => parseDistribution('lognormal(30 min, 1 h)', '--gap', hours)).toThrow(/not a number \(got "1 h"\)/);
  });

  it.each([
    ['4.5..3.2', 'invalid', /low end is above the high end/, ['3.2..4.5']],
    ['uniform(4, 3)', 'invalid', /low at most high/, []],
    ['3-5', 'invalid', /two points between them/, ['3..5']],
    ['3 – 5', 'invalid', /two points between them/, ['3..5']],
    ['3.2 h to 4 h', 'invalid', /two points between them/, ['3.2 h..4 h']],
    ['3...5', 'invalid', /two points between them/, ['3..5']],
    ['3..4..5', 'invalid', /one low and one high end/, []],
    ['..5', 'invalid', /one low and one high end/, []],
    ['3..', 'invalid', /one low and one high end/, []],
    ['', 'invalid', /one low and one high end/, []],
    ['three', 'invalid', /not a number/, []],
    ['NaN', 'invalid', /not a number/, []],
    ['Infinity..3', 'invalid', /not a number/, []],
    ['normal(NaN, 1)', 'invalid', /not a number/, []],
    ['1e999', 'invalid', /out of range/, []],
    ['normal(5, -1)', 'invalid', /standard deviation of at least 0/, []],
    ['normal(20..10)', 'invalid', /low end is above/, []],
    ['normal(5, 1', 'invalid', /bracket is not opened or not closed/, []],
    ['normal 5, 1)', 'invalid', /bracket is not opened or not closed/, []],
    ['normal((5, 1))', 'invalid', /one bracket inside another/, []],
    ['normal(5)', 'invalid', /normal has 2 numbers/, []],
    ['normal(5, , 1)', 'invalid', /normal has 2 numbers/, []],
    ['triangular(1, 2)', 'invalid', /triangular has 3 numbers/, []],
    ['triangular(1, 5, 4)', 'invalid', /ascending order/, []],
    ['estimate(3, 2, 4)', 'invalid', /ascending order/, []],
    ['lognormal(0, 1)', 'invalid', /median above 0/, []],
    ['lognormal(-1..2)', 'invalid', /positive/, []],
    ['lognormal(5, -1)', 'invalid', /sigma from 0/, []],
    ['lognormal(20, 40)', 'invalid', /80 % band/, ['lognormal(20..40)']],
    ['gauss(5, 1)', 'unknown', /no such distribution/, []],
    ['lognorml(5, 1)', 'unknown', /no such distribution/, ['lognormal']],
    ['triangle(1, 2, 3)', 'unknown', /no such distribution/, ['triangular']],
    ['constructor(1, 2)', 'unknown', /no such distribution/, []],
  ])('refuses %s', (text, code, message, nearest) => {
    const fault = (() => {
      try {
        return read(text);
      } catch (error) {
        return error;
      }
    })();
    expect(fault).toBeInstanceOf(Fault);
    const { code: seen, details, message: said } = fault as Fault;
    expect([seen, details.where, typeof details.allowed]).toEqual([code, '--price', 'string']);
    expect(said).toMatch(message);
    expect(details.nearest ?? []).toEqual(expect.arrayContaining(nearest));
  });

  it('answers any text with a distribution or a fault', () => {
    const part = fc.constantFrom('normal', 'lognormal', '(', ')', ',', '..', '.', '1', '-2', 'e', ' ', '3.5', '1e400', 'NaN', '–');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part, { maxLength: 9 }).map((parts) => parts.join('')),
        ),
        (text) => {
          try {
            expect(valueAt(read(text), 0.5)).not.toBeNaN();
          } catch (error) {
            expect(error).toBeInstanceOf(Fault);
          }
        },
      ),
    );
  });
});

describe('writing a distribution', () => {
  it('is read back as it was', () => {
    fc.assert(fc.property(aDistribution, (distribution) => void expect(read(formatDistribution(distribution))).toEqual(distribution)));
  });
});
