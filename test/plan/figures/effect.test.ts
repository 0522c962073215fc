import { describe, expect, it } from 'vitest';
import { estimate } from '../../../src/evidence/estimate.ts';
import { changedFigures, effectInWords } from '../../../src/plan/figures/effect.ts';
import { type FigureUnit, figure, figureText } from '../../../src/plan/figures/figure.ts';

const replicas = (value: number | null, subject = 'h200') => figure('replicas', subject, 'replicas', 'count', value);
const cost = (value: number) => figure('cost', 'h200', 'own GPUs', 'USD/month', estimate('modelled', value / 2, value, value * 2));

describe('what differs between two answers', () => {
  it('is told of what both say', () => {
    expect(changedFigures([replicas(22), cost(1)], [replicas(22), cost(1), replicas(3, 'b200')])).toEqual([]);
    expect(changedFigures([replicas(22)], [replicas(18)])).toEqual([{ before: replicas(22), after: replicas(18) }]);
  });

  it('is not rounding, but is a figure that comes or goes', () => {
    expect(changedFigures([cost(1)], [cost(1 + 1e-12)])).toEqual([]);
    expect(changedFigures([replicas(null)], [replicas(1)])).toHaveLength(1);
    expect(changedFigures([replicas(null)], [replicas(null)])).toEqual([]);
  });

  it('is not a band that is narrower around the same middle', () => {
    const wider = { ...replicas(22, 'b200'), value: estimate('modelled', 10, 22, 40) };
    expect(changedFigures([wider], [replicas(22, 'b200')])).toEqual([]);
    expect(effectInWords([wider, cost(400_000)], [replicas(22, 'b200'), cost(330_000)])).toBe(
      'own GPUs $330,000 a month instead of $400,000 a month',
    );
  });

  it('begins with all of the first subject', () => {
    const before = [replicas(22), replicas(9, 'b200'), cost(400_000)];
    const after = [replicas(18), replicas(8, 'b200'), cost(330_000)];
    expect(effectInWords(before, after)).toBe(
      'replicas (h200) 18 instead of 22, own GPUs (h200) $330,000 a month instead of $400,000 a month, replicas (b200) 8 instead of 9',
    );
    expect(effectInWords(after, after)).toBeNull();
    expect(effectInWords([cost(400_000)], [cost(400_000.2)])).toBeNull();
    expect(effectInWords([replicas(null)], [replicas(4)])).toBe('replicas 4 instead of none');
  });
});

describe('a figure in words', () => {
  it.each<[FigureUnit, number, string]>([
    ['USD/month', 41_100, '$41,100 a month'],
    ['tokens/month', 3.4e9, '3.4B tokens a month'],
    ['tokens', 550_000, '550,000 tokens'],
    ['tokens/s', 1234.5, '1,230 tokens/s'],
    ['USD/Mtok', 0.4567, '$0.457 per million tokens'],
    ['ms', 23.456, '23.5 ms'],
    ['bytes', 3 * 2 ** 30, '3.00 GiB'],
    ['share', 0.123, '12 %'],
    ['count', 1234.567, '1,234.57'],
  ])('%s', (unit, value, text) => expect(figureText(unit, value)).toBe(text));
});
