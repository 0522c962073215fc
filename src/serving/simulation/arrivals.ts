import { Fault } from '../../faults/fault.ts';
import { checkNumber } from '../../units/number.ts';
import { HOUR_MS } from '../../units/time.ts';
import type { Arrivals, LengthCell, TrafficRequest } from '../../workload/traffic.ts';
import { Random } from './random.ts';

/** Generated traffic: how long, how many at most, from which seed and hour. */
export interface Generation {
  readonly seed: number;
  /** Requests come in this time, seconds. */
  readonly seconds: number;
  /** UTC hour at which the traffic begins; 0 where none is given. */
  readonly startHour?: number;
}

/** A gap of mean 1: Gamma with the asked coefficient of variation, `shape = 1 / CV^2`. */
function gapOf(random: Random, cv: number): number {
  if (cv === 0) return 1;
  if (cv === 1) return random.exponential();
  const shape = 1 / (cv * cv);
  return random.gamma(shape) / shape;
}

/** A clock that runs faster in busy hours: the time at which so many mean gaps have passed. */
function dayClock(hours: readonly number[], ratePerMs: number, startHour: number): (gaps: number) => number {
  let [hour, beganAt, passed] = [startHour, 0, 0];
  return (gaps) => {
    for (;;) {
      const factor = hours[Math.floor(hour) % 24] ?? 1;
      const length = (Math.floor(hour) + 1 - hour) * HOUR_MS;
      const inHour = length * ratePerMs * factor;
      if (gaps <= passed + inHour && factor > 0) return beganAt + (gaps - passed) / (ratePerMs * factor);
      hour = Math.floor(hour) + 1;
      beganAt += length;
      passed += inHour;
    }
  };
}

/**
 * Draws cells by their shares.
 *
 * @throws Fault `missing` where none has a share above 0, `invalid` for one below 0
 */
export function drawer<Cell extends { readonly share: number }>(cells: readonly Cell[]): (random: Random) => Cell {
  const total = cells.reduce((sum, { share }) => sum + checkNumber(share, 'share of a cell', { min: 0 }), 0);
  const last = cells.at(-1);
  if (!last || total <= 0) throw new Fault('missing', 'no lengths are given', { where: 'lengths', allowed: 'cells with a share above 0' });
  return (random) => {
    let left = random.uniform() * total;
    for (const cell of cells) {
      left -= cell.share;
      if (left < 0) return cell;
    }
    return last;
  };
}

/**
 * Requests with Gamma gaps and lengths drawn from cells: gaps of mean 1 and the asked CV, their sum turned into time by the inverse of
 * `Lambda(t) = integral of rate * hour factor` (time change; Ross, Introduction to Probability Models, nonhomogeneous Poisson process).
 * Same seed, same requests; the rate scales time alone, so that lengths stay.
 *
 * @param arrivals mean rate; a CV of null is taken as 1 (Poisson), the least burstiness of many users; hours of null as a steady rate
 * @param lengths cells with their share of requests
 * @returns requests in the order of time, without blocks and conversation
 * @throws Fault `invalid` for a rate that is not above 0, a CV below 0 or hours that are not 24, `missing` without lengths
 * @example generate({ requestsPerSecond: 2, gapCv: 0, hours: null }, [{ share: 1, inputTokens: 9, outputTokens: 1 }], { seed: 1, seconds: 2 }).map(({ atMs }) => atMs) // [500, 1000, 1500, 2000]
 */
export function generate(
  arrivals: Arrivals,
  lengths: readonly LengthCell[],
  { seed, seconds, startHour = 0 }: Generation,
): TrafficRequest[] {
  const rate = checkNumber(arrivals.requestsPerSecond, 'requests per second', { above: 0, max: 1e6 });
  const cv = checkNumber(arrivals.gapCv ?? 1, 'CV of gaps', { min: 0, max: 100 });
  const endMs = 1000 * checkNumber(seconds, 'seconds of traffic', { above: 0, max: 1e9 });
  const { hours } = arrivals;
  if (hours && (hours.length !== 24 || hours.some((factor) => !(factor >= 0)) || !hours.some((factor) => factor > 0)))
    throw new Fault('invalid', 'a day profile has 24 factors', {
      where: 'hours',
      value: hours.length,
      allowed: '24 numbers of at least 0',
    });
  const gaps = new Random(seed);
  const lengthsOf = new Random(seed ^ 0x5bd1e995);
  const drawCell = drawer(lengths);
  const perMs = rate / 1000;
  const timeOf = hours ? dayClock(hours, perMs, startHour) : (passed: number) => passed / perMs;
  const requests: TrafficRequest[] = [];
  for (let passed = gapOf(gaps, cv); ; passed += gapOf(gaps, cv)) {
    const atMs = timeOf(passed);
    if (atMs > endMs) return requests;
    const { inputTokens, outputTokens } = drawCell(lengthsOf);
    requests.push({
      atMs,
      inputTokens: Math.max(1, Math.round(inputTokens)),
      outputTokens: Math.max(1, Math.round(outputTokens)),
      blocks: null,
      conversation: null,
    });
  }
}

/**
 * A trace at another rate: every time divided by the factor, lengths and prefixes as they are.
 *
 * @param rateFactor above 0: 2 doubles the rate
 * @throws Fault `invalid` for a factor that is not above 0
 * @example replay([{ atMs: 3000, inputTokens: 5, outputTokens: 1, blocks: null, conversation: null }], 2)[0].atMs // 1500
 */
export function replay(trace: readonly TrafficRequest[], rateFactor: number): TrafficRequest[] {
  checkNumber(rateFactor, 'factor on the rate', { above: 0 });
  return trace.map((request) => ({ ...request, atMs: request.atMs / rateFactor })).sort((a, b) => a.atMs - b.atMs);
}
