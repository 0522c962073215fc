import type { MathJsInstance } from 'mathjs';
import { Fault } from '../faults/fault.ts';
import type { Field, FieldKind } from './fields.ts';
import type { Formula, FormulaValue } from './formula.ts';

/** Digits that a double surely holds: what is beyond them is the noise of a conversion. */
const DIGITS = 15;

/** The unit of a value in words. */
function unitText(value: FormulaValue): string {
  if (typeof value === 'boolean') return 'a condition';
  if (typeof value === 'number') return 'a number without a unit';
  return value.formatUnits().replaceAll(' ', '') || 'a number without a unit';
}

/**
 * The number that a formula gives for a field, in the unit of the field; a bare number is taken to be in it.
 *
 * @throws Fault that names both units where they do not go together
 */
export function numberFor(field: Field, value: FormulaValue, { placed }: Formula, math: MathJsInstance): number {
  const { unit } = field;
  if (typeof value === 'number') return value;
  const fits = typeof value !== 'boolean' && unit !== undefined && value.equalBase(math.unit(1, unit));
  if (fits) {
    const number = value.toNumber(unit);
    if (Number.isFinite(number)) return Number(number.toPrecision(DIGITS));
  }
  throw new Fault('invalid', `the formula gives ${unitText(value)}`, {
    where: placed.where(),
    value: placed.text,
    allowed: unit === undefined ? 'a number without a unit' : `${unit}, or a number without a unit`,
  });
}

/** How the options write a number of each kind of field; a number without a unit is theirs to refuse. */
const WRITTEN: Partial<Record<FieldKind, (value: number) => string>> = {
  time: (ms) => `${ms}ms`,
  size: (bytes) => `${bytes / 1e9}GB`,
};

/** The word of an option that a value stands for. */
export function wordFor({ kind, unit }: Field, value: number, bare: boolean): string {
  const write = WRITTEN[kind];
  return write && unit !== undefined && !bare ? write(value) : String(value);
}
