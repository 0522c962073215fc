import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { calculate, libreOfficeVersion } from '../../support/libreOffice.ts';
import { COMPARED } from '../../support/sheetCases.ts';

interface Golden {
  /** The LibreOffice that computed it. */
  readonly version: string;
  /** In the order of the cases: a number, or the name of an error. */
  readonly results: readonly { readonly formula: string; readonly result: number | string }[];
}

const FILE = new URL('libreOffice.json', import.meta.url);
const installed = libreOfficeVersion();
const computed = installed === null ? [] : calculate(COMPARED);
if (installed !== null && process.env['KPLAN_GOLDEN'] === 'write') {
  const results = COMPARED.map(({ formula }, index) => ({ formula, result: computed[index] ?? '' }));
  const lines = results.map((row) => `    ${JSON.stringify(row)}`).join(',\n');
  writeFileSync(FILE, `{\n  "version": ${JSON.stringify(installed)},\n  "results": [\n${lines}\n  ]\n}\n`);
}
const golden = JSON.parse(readFileSync(FILE, 'utf8')) as Golden;

/** Equal to ten digits, or both an error; IRR stops where its rate moves by less than 1e-7. */
function expectSame(formula: string, ours: number | null, theirs: number | string | undefined): void {
  const precision = formula.startsWith('IRR') ? 1e-7 : 1e-10;
  if (typeof theirs !== 'number') expect(ours).toBeNull();
  else expect(Math.abs((ours ?? Number.NaN) - theirs)).toBeLessThanOrEqual(precision * Math.max(1, Math.abs(theirs)));
}

describe(`functions of ${golden.version}`, () => {
  it('has a result for every case', () => {
    expect(golden.results.map(({ formula }) => formula)).toEqual(COMPARED.map(({ formula }) => formula));
  });

  it.each(COMPARED.map((each, index) => [index, each.formula, each.flow ?? [], each.ours] as const))(
    '%i %s of %j',
    (index, formula, _, ours) => {
      expectSame(formula, ours, golden.results[index]?.result);
    },
  );
});

describe.skipIf(installed === null)(`recalculated by ${installed ?? 'LibreOffice, which is not installed'}`, () => {
  it('gives the table of golden results', () => {
    for (const [index, { formula, result }] of golden.results.entries()) {
      const again = computed[index];
      if (typeof result === 'number' && typeof again === 'number') expectSame(formula, again, result);
      else expect(typeof again).toBe(typeof result);
    }
  });
});
