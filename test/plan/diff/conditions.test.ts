import { describe, expect, it } from 'vitest';
import { type Judged, judged, parseCondition } from '../../../src/plan/diff/conditions.ts';
import type { FigureDifference } from '../../../src/plan/diff/diffAnswer.ts';
import { figure } from '../../../src/plan/figures/figure.ts';

const exact = (value: number) => ({ low: value, value, high: value });
const cost = (relative: number | null, real = true): FigureDifference => ({
  of: 'kplan/breakeven@1',
  code: 'cost',
  subject: 'h200',
  subjectBefore: 'h200',
  label: 'own GPUs',
  unit: 'USD/month',
  before: exact(100),
  after: exact(100 * (1 + (relative ?? 0))),
  kinship: 'same',
  absolute: exact(100 * (relative ?? 0)),
  relative: relative === null ? null : exact(relative),
  real,
});
const still = figure('replicas', 'h200', 'replicas', 'count', 2);
const told = (figures: readonly FigureDifference[]): Judged => ({ figures, verdicts: [], lone: [], unchanged: [still], hasVerdicts: true });
const failed = (text: string, figures: readonly FigureDifference[], strict = false) =>
  judged(parseCondition(text), told(figures), strict).failed;

describe('a condition', () => {
  it('reads shares and amounts with a sign', () => {
    expect(parseCondition(' cost > +5 % ')).toMatchObject({ code: 'cost', direction: '>', limit: 0.05, isShare: true });
    expect(parseCondition('kv-tokens<-1e5')).toMatchObject({ code: 'kv-tokens', direction: '<', limit: -1e5, isShare: false });
    expect(parseCondition('verdict')).toEqual({ kind: 'verdict', text: 'verdict' });
  });

  it.each([
    ['cots>+5%', /unknown --fail-on: no answer has such a figure \(got "cots"\).*did you mean cost/],
    ['verdit', /did you mean verdict/],
    ['cost>5%', /invalid --fail-on: not a condition \(got "cost>5%"\); allowed: .*with a sign/],
    ['cost>=+5%', /not a condition/],
    ['cost>+5%%', /not a condition/],
    ['', /not a condition/],
    ['cost>+1e999', /not a condition/],
    [`${'a'.repeat(1e6)}>+5%`, /unknown|not a condition/],
  ])('refuses %.20s', (text, message) => {
    expect(() => parseCondition(text)).toThrow(message);
  });

  it('holds beyond its limit alone', () => {
    expect(failed('cost>+5%', [cost(0.06)])).toBe(true);
    expect(failed('cost>+5%', [cost(0.05)])).toBe(false);
    expect(failed('cost>+5%', [cost(-0.5)])).toBe(false);
    expect(failed('cost<-5%', [cost(-0.06)])).toBe(true);
    expect(failed('cost>+4', [cost(0.05)])).toBe(true);
    expect(failed('replicas>+0', [cost(0.05)])).toBe(false);
  });

  it('passes over what is not a real difference, and says so, unless it is strict', () => {
    expect(failed('cost>+5%', [cost(0.06, false)])).toBe(false);
    expect(failed('cost>+5%', [cost(0.06, false)], true)).toBe(true);
    expect(judged(parseCondition('cost>+5%'), told([cost(0.06, false)]), false).passedOver).toEqual(['own GPUs (h200) +6 %']);
  });

  it('holds where a figure comes or goes, or rises from nothing', () => {
    const gone: FigureDifference = { ...cost(null), after: null, absolute: null };
    expect(failed('cost>+5%', [gone])).toBe(true);
    const risen: FigureDifference = { ...cost(null), absolute: exact(5) };
    expect(failed('cost>+5%', [risen])).toBe(true);
    expect(failed('cost<-5%', [risen])).toBe(false);
  });

  it('on verdicts holds where one turned', () => {
    const verdicts = [{ of: 'kplan/fit@1' as const, subject: '8×H200', before: 'fits', after: 'marginal' }];
    expect(judged(parseCondition('verdict'), { ...told([]), verdicts }, false)).toMatchObject({
      failed: true,
      by: ['8×H200: fits → marginal'],
    });
    expect(judged(parseCondition('verdict'), told([]), false).failed).toBe(false);
  });

  it('counts what stays as changed by nothing, and is no condition on what nobody says', () => {
    expect(failed('replicas>+0', [])).toBe(false);
    expect(failed('replicas>-1', [])).toBe(true);
    expect(failed('replicas<+10%', [])).toBe(true);
    expect(() => failed('ttft>+5%', [cost(0.06)])).toThrow(
      /--fail-on: none of these answers has the figure ttft.*allowed: verdict, cost, replicas/,
    );
    expect(() => judged(parseCondition('verdict'), { ...told([]), hasVerdicts: false }, false)).toThrow(
      /none of these answers has a verdict/,
    );
  });

  it('is read with the percentile of a wait, and refuses a share beyond 1', () => {
    expect(parseCondition('ttft-p95>+5%')).toMatchObject({ code: 'ttft-p95', limit: 0.05 });
    const chance: FigureDifference = { ...cost(-0.5), code: 'probability', unit: 'share', absolute: exact(-0.3) };
    expect(failed('probability<-0.05', [chance])).toBe(true);
    expect(() => failed('probability<-5', [chance])).toThrow(/no share changes by more than 1.*-0.05 for 5 points/);
    expect(failed('probability<-5%', [chance])).toBe(true);
  });

  it('is judged by the change itself, not by its logarithm', () => {
    const exactly: FigureDifference = { ...cost(1.5), relative: { low: 1, value: (10 - 4) / 4, high: 2 } };
    expect(failed('cost>+150%', [exactly])).toBe(false);
  });
});
