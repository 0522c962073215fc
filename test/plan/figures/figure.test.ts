import { describe, expect, it } from 'vitest';
import { estimate, exactly } from '../../../src/evidence/estimate.ts';
import { atLoad, differsInBand, fleetOf, loadOf, loadSubject, pairSubject, priceOf } from '../../../src/plan/figures/figure.ts';
import { commandOf } from '../../../src/plan/figures/figures.ts';

describe('what a figure is of', () => {
  it('is a fleet and a price, and each again', () => {
    expect([fleetOf(pairSubject('h200', 'list')), priceOf(pairSubject('h200', 'list'))]).toEqual(['h200', 'list']);
    expect([fleetOf('h200'), priceOf('h200')]).toEqual(['h200', null]);
  });

  it('is a replica at a load, which is read again', () => {
    expect(loadSubject('8×H200 TP8', 32)).toBe(`8×H200 TP8${atLoad(32)}`);
    expect([loadOf(loadSubject('8×H200 TP8', 32)), loadOf('8×H200 TP8'), loadOf('32 in flight')]).toEqual([32, null, null]);
  });

  it('differs in the ends of its band too', () => {
    const [narrow, wide] = [estimate('modelled', 3, 4, 5), estimate('modelled', 2, 4, 5)];
    expect([differsInBand(narrow, wide), differsInBand(narrow, narrow), differsInBand(null, null)]).toEqual([true, false, false]);
    expect([differsInBand(exactly(4), exactly(5)), differsInBand(null, exactly(4))]).toEqual([true, true]);
  });

  it('comes from a command', () => expect(commandOf('kplan/size@1')).toBe('size'));
});
