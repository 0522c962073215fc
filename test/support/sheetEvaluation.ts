/** The functions of spreadsheets that translated terms use. */
const FUNCTIONS: Readonly<Record<string, (...values: number[]) => number>> = {
  INT: Math.floor,
  MAX: Math.max,
  MIN: Math.min,
  SQRT: Math.sqrt,
  ABS: Math.abs,
  EXP: Math.exp,
  ROUND: (value = 0, places = 0) => Math.round(value * 10 ** places) / 10 ** places,
};

/**
 * The value of a formula of spreadsheets that names its numbers by symbols: `^` is left-associative and binds tighter than a product, as in
 * spreadsheets.
 */
export function sheetValue(formula: string, values: Readonly<Record<string, number>>): number {
  const script = formula.replaceAll('^', '**');
  const names = [...Object.keys(FUNCTIONS), 'IF', ...Object.keys(values)];
  const given = [...Object.values(FUNCTIONS), (test: boolean, yes: number, no: number) => (test ? yes : no), ...Object.values(values)];
  return new Function(...names, `return ${script};`)(...given) as number;
}
