import { Fault } from '../../faults/fault.ts';

/** How many milliseconds a unit of time holds, as a fraction so that no unit loses digits. */
const MILLISECONDS: Readonly<Record<string, readonly [times: number, over: number]>> = {
  ns: [1, 1e6],
  nanoseconds: [1, 1e6],
  us: [1, 1e3],
  µs: [1, 1e3],
  microseconds: [1, 1e3],
  ms: [1, 1],
  milliseconds: [1, 1],
  s: [1e3, 1],
  sec: [1e3, 1],
  seconds: [1e3, 1],
  min: [6e4, 1],
};

const SECONDS_PER_PERIOD: Readonly<Record<string, number>> = { s: 1, sec: 1, second: 1, min: 60, minute: 60 };

const WORDS: Readonly<Record<'tokens' | 'requests', readonly string[]>> = {
  tokens: ['tokens', 'token', 'tok'],
  requests: ['requests', 'request', 'req'],
};

function unknownUnit(unit: string, where: string, allowed: string): Fault {
  return new Fault('invalid', 'a unit that is not known here', { where, value: unit.slice(0, 24), allowed });
}

/**
 * A time in milliseconds, by the unit that the file states.
 *
 * @param value amount of the unit
 * @param unit `ns`, `us`, `ms`, `s`, `sec` or `min`, in any case
 * @param where file and field, for the message
 * @throws Fault `invalid` for another unit
 * @example inMilliseconds(0.25, 'Sec', 'x') // 250
 */
export function inMilliseconds(value: number, unit: string, where: string): number {
  const key = unit.trim().toLowerCase();
  const factor = Object.hasOwn(MILLISECONDS, key) ? MILLISECONDS[key] : undefined;
  if (!factor) throw unknownUnit(unit, where, 'ns, us, ms, s, sec or min');
  return (value * factor[0]) / factor[1];
}

/**
 * A rate per second, by the unit that the file states.
 *
 * @param of what is counted
 * @param unit such as `tokens/sec`, `tok/s` or `requests/min`
 * @throws Fault `invalid` for another unit
 * @example inRatePerSecond(120, 'requests/min', 'requests', 'x') // 2
 */
export function inRatePerSecond(value: number, unit: string, of: 'tokens' | 'requests', where: string): number {
  const [word = '', period = '', ...more] = unit.trim().toLowerCase().split('/');
  const seconds = Object.hasOwn(SECONDS_PER_PERIOD, period) ? SECONDS_PER_PERIOD[period] : undefined;
  if (more.length > 0 || seconds === undefined || !WORDS[of].includes(word)) throw unknownUnit(unit, where, `${of}/sec or ${of}/min`);
  return value / seconds;
}

/**
 * A count, whose unit may only name what is counted.
 *
 * @throws Fault `invalid` for another unit, such as `ktokens`
 * @example inCount(512, 'tokens', 'tokens', 'x') // 512
 */
export function inCount(value: number, unit: string, of: 'tokens' | 'requests', where: string): number {
  const word = unit.trim().toLowerCase();
  if (word !== '' && word !== 'count' && !WORDS[of].includes(word)) throw unknownUnit(unit, where, of);
  return value;
}
