/** Least and most arguments of the functions that formulas may call; the second one of a rounding is a count of digits or a unit. */
export const FUNCTIONS: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ['min', [1, 20]],
  ['max', [1, 20]],
  ['ceil', [1, 2]],
  ['floor', [1, 2]],
  ['round', [1, 2]],
  ['abs', [1, 1]],
  ['sqrt', [1, 1]],
  ['log', [1, 2]],
  ['log2', [1, 1]],
  ['log10', [1, 1]],
  ['exp', [1, 1]],
  ['pow', [2, 2]],
]);

/** What is counted in nothing else: neither day nor month is so many hours, because working days and months are not. */
export const BASE_UNITS = ['token', 'request', 'USD', 'GPU', 'instance', 'day', 'month'] as const;

/** The units that formulas may use. Those of time are converted into each other, and a year into months. */
export const UNITS: readonly string[] = [...BASE_UNITS, 'year', 'hour', 's', 'ms', 'kW', 'kWh', 'B', 'GB', 'GiB'];

/** Operators that are words. */
export const OPERATOR_WORDS: ReadonlySet<string> = new Set(['and', 'or', 'not']);

/** Words that mean something to a parser of formulas and so name no variable. */
const KEYWORDS = ['mod', 'to', 'in', 'xor', 'end', 'true', 'false', 'null', 'undefined', 'NaN', 'Infinity'];
const OF_OBJECTS = ['constructor', 'prototype'];

/** The names that no variable may have. */
export const RESERVED: ReadonlySet<string> = new Set([...FUNCTIONS.keys(), ...UNITS, ...OPERATOR_WORDS, ...KEYWORDS, ...OF_OBJECTS]);

/** What names variables: letters, digits and underscores, a letter first. */
export const VARIABLE_NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
