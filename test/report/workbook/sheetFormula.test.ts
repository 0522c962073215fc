import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import type { Term } from '../../../src/evidence/term.ts';
import { breakEven } from '../../../src/plan/breakEven/breakEven.ts';
import { cost } from '../../../src/plan/cost/cost.ts';
import { fit } from '../../../src/plan/fit/fit.ts';
import type { FitQuery } from '../../../src/plan/fit/question.ts';
import { offload } from '../../../src/plan/offload/offload.ts';
import type { OffloadQuery } from '../../../src/plan/offload/offloadQuestion.ts';
import { formulaParser, sheetFormula } from '../../../src/report/workbook/sheetFormula.ts';
import { sheetValue } from '../../support/sheetEvaluation.ts';

/** The questions of the known cases of a command. */
function scenariosOf(command: string): [name: string, query: object][] {
  const folder = new URL(`../../scenarios/${command}/`, import.meta.url);
  return readdirSync(folder).map((name) => {
    const { query } = JSON.parse(readFileSync(new URL(`${name}/query.json`, folder), 'utf8')) as { query: object };
    return [name, query];
  });
}

const parse = await formulaParser();
const itself = (formula: string) => sheetFormula(formula, parse, (symbol) => (/^[a-z]\w*_/.test(symbol) ? symbol : undefined));
const catalog = loadCatalog();

describe('sheetFormula', () => {
  it.each([
    ['a_ + b_ * (c_ - 2)', 'a_+b_*(c_-2)'],
    ['ceil(a_ / b_, instance)', '(-INT(-(a_/b_)*(1-1E-12)))'],
    ['floor(a_) + 1', 'INT((a_)*(1+1E-12))+1'],
    ['a_ / (8 GPU)', 'a_/((8*1))'],
    ['a_ * 24 * (1 hour)', 'a_*24*((1*1))'],
    ['1 - (1 - a_ / b_) ^ max(c_, 1)', '1-(1-a_/b_)^MAX(c_,1)'],
    ['sqrt(a_ ^ 2 + b_ ^ 2)', 'SQRT(a_^2+b_^2)'],
    ['-a_ ^ 2', '(-(a_^2))'],
    ['2 ^ 3 ^ a_', '2^(3^a_)'],
    ['a_ > b_ ? a_ : "never"', 'IF(a_>b_,a_,"never")'],
    ['a_ == 1 ? 1e-7 : "say \\"no\\""', 'IF(a_=1,1E-7,"say ""no""")'],
  ])('%s', (formula, wanted) => {
    expect(itself(formula)).toBe(wanted);
  });

  it.each(['gamma(a_)', 'unknown * a_', '[1, 2]', 'a_ % 2', 'f(x) = x'])('refuses %s', (formula) => {
    expect(() => itself(formula)).toThrow('a workbook has no');
  });
});

/** Every formula of an answer, computed as a spreadsheet would, against the value of the code. */
function checkSheet(terms: readonly Term[]): void {
  const values = Object.fromEntries(terms.map(({ id, value }) => [id, value]));
  for (const term of terms) {
    if (term.kind !== 'formula') continue;
    const formula = sheetFormula(term.formula, parse, (symbol) => (symbol in values ? symbol : undefined));
    const value = sheetValue(formula, values);
    expect(Math.abs(value - term.value), `${term.id} = ${formula}`).toBeLessThanOrEqual(1e-9 * Math.max(Math.abs(term.value), 1e-9));
  }
}

describe('formulas of answers as formulas of spreadsheets', () => {
  it.each(scenariosOf('fit'))('fit: %s', (_, query) => {
    for (const { terms = [] } of fit({ ...(query as FitQuery), terms: true }, catalog).results) checkSheet(terms);
  });

  it.each(scenariosOf('offload'))('offload: %s', (_, query) => {
    for (const { terms = [] } of offload({ ...(query as OffloadQuery), terms: true }, catalog).results) checkSheet(terms);
  });

  it('breakeven and cost', () => {
    const purchases = ['on-demand', 'owned'] as const;
    checkSheet(
      breakEven({ gpu: ['h200', 'b200'], workload: 'agentic-coding', users: 200, purchases, spareReplicas: 1, rampMonths: 2 }, catalog)
        .terms,
    );
    checkSheet(breakEven({ gpu: ['h200'], workload: 'cline', thinkingShare: 0.5, solve: 'price', purchases }, catalog).terms);
    checkSheet(cost({ gpu: ['h200'], workload: 'kimi-chat', tokensPerMonth: 60e9, purchases }, catalog).terms);
  });
});
