import { Fault, type FaultDetails } from '../faults/fault.ts';
import { nearestNames } from '../faults/nearest.ts';
import { parseNumber } from '../units/number.ts';
import { checkDistribution, type Distribution, MOST_SIGMA } from './distribution.ts';
import { Z90 } from './normal.ts';

/** Reads one number of a distribution, its unit included; throws a Fault that names `where`. */
type ReadNumber = (text: string, where: string) => number;

const FORMS: Readonly<Record<string, string>> = {
  uniform: 'uniform(low, high)',
  normal: 'normal(mean, deviation) or normal(low..high)',
  lognormal: 'lognormal(median, sigma) or lognormal(low..high)',
  triangular: 'triangular(low, mode, high)',
  estimate: 'estimate(low, value, high)',
};
const ALLOWED = ['a number', 'low..high', ...Object.values(FORMS)].join(', ');
/** Marks that people write between the ends of a range, where each end is a number and perhaps a unit. */
const OTHER_RANGE = /^(\+?[\d.]+(?:\s*[a-z€$%]+)?)\s*(?:-|–|—|~|\bto\b|\.{3,}|…)\s*(\+?[\d.]+.*)$/i;

/** Two ends of a range, or nothing where the text is none. */
function rangeEnds(text: string): [low: string, high: string] | undefined {
  const parts = text.split('..');
  const [low = '', high = ''] = parts.map((part) => part.trim());
  return parts.length === 2 && low !== '' && high !== '' && !high.startsWith('.') ? [low, high] : undefined;
}

/** What reading one text needs: its numbers, and how it is refused. */
interface Reading {
  readonly read: (part: string) => number;
  readonly check: (distribution: Distribution) => Distribution;
  readonly refuse: (reason: string, details?: Partial<FaultDetails>) => Fault;
}

/** A distribution by the ends of its 80 % band: 10th and 90th percentile. */
function byBand(kind: 'normal' | 'lognormal', low: number, high: number, { check, refuse }: Reading): Distribution {
  if (low > high) throw refuse('the low end is above the high end', { allowed: 'low at most high' });
  if (kind === 'normal') return check({ kind, mean: low + (high - low) / 2, deviation: (high - low) / 2 / Z90 });
  if (low <= 0) throw refuse('a lognormal number is positive', { allowed: 'a low end above 0' });
  return check({ kind, median: Math.sqrt(low) * Math.sqrt(high), sigma: Math.log(high / low) / 2 / Z90 });
}

/** A number or a range, without brackets. */
function plain(text: string, { read, check, refuse }: Reading): Distribution {
  if (/[()]/.test(text)) throw refuse('a bracket is not opened or not closed');
  const ends = rangeEnds(text);
  if (ends) {
    const [low, high] = [read(ends[0]), read(ends[1])];
    if (low <= high) return check(low === high ? { kind: 'point', value: low } : { kind: 'uniform', low, high });
    throw refuse('the low end is above the high end', { allowed: 'low at most high', nearest: [`${ends[1]}..${ends[0]}`] });
  }
  const otherRange = OTHER_RANGE.exec(text);
  const meant =
    otherRange && refuse('the ends of a range have two points between them', { nearest: [`${otherRange[1]}..${otherRange[2]}`] });
  if (text === '' || text.includes('..')) throw meant ?? refuse('a range has one low and one high end');
  try {
    return check({ kind: 'point', value: read(text) });
  } catch (fault) {
    throw meant ?? fault;
  }
}

/** A distribution by its name and what is in its brackets. */
function named(kind: string, inside: string, where: string, reading: Reading): Distribution {
  const { read, check, refuse } = reading;
  const form = FORMS[kind] ?? '';
  if (/[()]/.test(inside)) throw refuse('one bracket inside another', { allowed: form });
  const ends = rangeEnds(inside);
  if (ends && (kind === 'normal' || kind === 'lognormal')) return byBand(kind, read(ends[0]), read(ends[1]), reading);
  const parts = inside.split(',').map((part) => part.trim());
  const [first = '', second = '', third = ''] = parts;
  const expected = kind === 'triangular' || kind === 'estimate' ? 3 : 2;
  if (parts.length !== expected || parts.includes('')) throw refuse(`${kind} has ${expected} numbers in its brackets`, { allowed: form });
  switch (kind) {
    case 'uniform':
      return check({ kind, low: read(first), high: read(second) });
    case 'normal':
      return check({ kind, mean: read(first), deviation: read(second) });
    case 'triangular':
      return check({ kind, low: read(first), mode: read(second), high: read(third) });
    case 'estimate':
      return check({ kind, low: read(first), value: read(second), high: read(third) });
  }
  const sigma = parseNumber(second, where);
  if (sigma <= MOST_SIGMA) return check({ kind: 'lognormal', median: read(first), sigma });
  throw refuse('a sigma beyond any band', {
    allowed: `a sigma from 0 to ${MOST_SIGMA}; the ends of the 80 % band have two points between them`,
    nearest: [`lognormal(${first}..${second})`],
  });
}

/**
 * Reads an uncertain number: `3.2` (certain), `3.2..4.5` (uniform: each value between is equally likely), `uniform(low, high)`,
 * `normal(mean, deviation)`, `lognormal(median, sigma)`, `triangular(low, mode, high)`, `estimate(low, value, high)` with the 10th,
 * 50th and 90th percentile. With a range in the brackets, `normal(low..high)` and `lognormal(low..high)` are given by the ends of
 * their 80 % band, as every band of kplan.
 *
 * @param text what the user typed
 * @param where option or field, for the message
 * @param number reads one number with its unit; by default a plain number without. `sigma` has no unit and is always plain
 * @throws Fault `unknown` for another name, `invalid` for anything else that is none of these forms, ends in the wrong order included
 * @example parseDistribution('3.2..4.5', '--price') // { kind: 'uniform', low: 3.2, high: 4.5 }
 * @example parseDistribution('triangular(1, 2, 4)', '--price') // { kind: 'triangular', low: 1, mode: 2, high: 4 }
 * @example parseDistribution('normal(10..20)', '--price').mean // 15
 */
export function parseDistribution(text: string, where: string, number: ReadNumber = parseNumber): Distribution {
  const trimmed = text.trim();
  const reading: Reading = {
    read: (part) => number(part, where),
    check: (distribution) => checkDistribution(distribution, where, text),
    refuse: (reason, details) => new Fault('invalid', reason, { where, value: text, allowed: ALLOWED, ...details }),
  };
  const call = /^([a-z][a-z-]*)\s*\((.*)\)$/is.exec(trimmed);
  if (!call) return plain(trimmed, reading);
  const kind = (call[1] ?? '').toLowerCase();
  if (Object.hasOwn(FORMS, kind)) return named(kind, call[2] ?? '', where, reading);
  const nearest = nearestNames(kind, Object.keys(FORMS));
  throw new Fault('unknown', 'no such distribution', { where, value: text, allowed: ALLOWED, nearest });
}

/**
 * Writes an uncertain number in the form that `parseDistribution` reads.
 *
 * @param number writes one number with its unit; by default all its digits without one. `sigma` has no unit
 * @example formatDistribution({ kind: 'lognormal', median: 20, sigma: 0.5 }, (usd) => `${usd} USD`) // 'lognormal(20 USD, 0.5)'
 */
export function formatDistribution(distribution: Distribution, number: (value: number) => string = String): string {
  const listed = (...values: number[]) => `${distribution.kind}(${values.map(number).join(', ')})`;
  switch (distribution.kind) {
    case 'point':
      return number(distribution.value);
    case 'uniform':
      return `${number(distribution.low)}..${number(distribution.high)}`;
    case 'normal':
      return listed(distribution.mean, distribution.deviation);
    case 'lognormal':
      return `lognormal(${number(distribution.median)}, ${distribution.sigma})`;
    case 'triangular':
      return listed(distribution.low, distribution.mode, distribution.high);
    case 'estimate':
      return listed(distribution.low, distribution.value, distribution.high);
  }
}
