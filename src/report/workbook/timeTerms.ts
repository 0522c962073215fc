import type { InputTerm, Unit } from '../../evidence/term.ts';
import type { BreakEvenAnswer } from '../../plan/breakEven/breakEvenAnswer.ts';
import type { CashFlowCase } from './cashFlowCase.ts';
import { planNumbers } from './planNumbers.ts';

/** Numbers that hold for all cash flows of an answer, with the word of the query that sets each. */
const SHARED: readonly (readonly [name: RegExp, word: string])[] = [
  [/^waitMonths$/, ''],
  [/^costOfCapital$/, 'discount'],
  [/^(?:taxRate|deducted[0-9]+)$/, 'taxRate'],
  [/^demand[0-9]+$/, 'demandTrend'],
  [/^apiPrice[0-9]+$/, 'apiTrend'],
  [/^hostPrice[0-9]+$/, 'rentTrend'],
];

/** The terms that may hold a number of all cash flows: one with a unit, and a share. */
export function timeTermIds(name: string): readonly [withUnit: string, share: string] {
  return [`time_${name}`, `time_${name}Share`];
}

/** What the months to come are planned with, as inputs of their own: once for all cash flows. A cost of capital that a fleet states is its own input. */
export function timeTerms({ query, terms }: Pick<BreakEvenAnswer, 'query' | 'terms'>, cases: readonly CashFlowCase[]): InputTerm[] {
  const stated = (name: string, value: number) =>
    name === 'costOfCapital' && terms.some((term) => term.id.endsWith('_costOfCapital') && term.value === value);
  const found = new Map<string, InputTerm>();
  for (const { name, label, value, unit } of cases.flatMap(planNumbers)) {
    const word = SHARED.find(([pattern]) => pattern.test(name))?.[1];
    if (word === undefined || found.has(name) || stated(name, value)) continue;
    found.set(name, {
      kind: 'input',
      id: timeTermIds(name)[unit === '' ? 1 : 0],
      label: name.startsWith('hostPrice') ? label.replace(/^[^:]+/, 'rents and prices of machines') : label,
      unit: unit as Unit,
      value,
      source: query[word] === undefined ? 'kplan' : 'user',
    });
  }
  return [...found.values()];
}
