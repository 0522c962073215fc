import type { Planning } from '../../cost/planning.ts';
import type { DaySpan } from '../../cost/tariff.ts';
import { Fault } from '../../faults/fault.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import { checkNumber } from '../../units/number.ts';
import { HOURS_PER_MONTH } from '../../units/time.ts';
import type { Demand } from '../../workload/loadPoint.ts';

/** How much is asked in a month, said in one of three ways, and when. */
export interface VolumeQuery {
  /** Input, reused or not, plus output; 0 is allowed. */
  readonly tokensPerMonth?: number;
  readonly requestsPerMonth?: number;
  readonly users?: number;
  /** Requests of one user while active; the workload's where none is asked. */
  readonly requestsPerUserHour?: number;
  /** Hours of a month in which a user is active. */
  readonly activeHours?: number;
  /** Hours of each day (with users: each working day) in which the traffic comes; 8 of them with users, else all. */
  readonly hoursPerDay?: number;
  /** Which hours these are, UTC: for tariffs that depend on the hour. */
  readonly trafficUtc?: readonly DaySpan[];
  readonly hoursPerMonth?: number;
}

/** The three ways to say how much is asked in a month. */
export const VOLUME_FIELDS = ['tokensPerMonth', 'requestsPerMonth', 'users'] as const satisfies readonly (keyof VolumeQuery)[];

/** Whether a question, in fields or in words, or an answer's echo of it, says how much is asked in a month. */
export function asksVolume(asked: { readonly [field in (typeof VOLUME_FIELDS)[number]]?: unknown }): boolean {
  return VOLUME_FIELDS.some((name) => asked[name] !== undefined);
}

/** The users behind a volume. */
export interface Users {
  readonly count: number;
  readonly requestsPerHour: number;
  readonly activeHours: number;
}

/** A month of traffic. */
export interface TrafficVolume {
  /** null where no volume is asked. */
  readonly requestsPerMonth: number | null;
  readonly users: Users | null;
  readonly hoursPerMonth: number;
  /** Hours of the month in which the traffic comes, evenly. */
  readonly trafficHours: number;
}

const HOURS_PER_DAY = 24;
const MINUTES_PER_DAY = 1440;

function usersOf(query: VolumeQuery, demand: Demand, planning: Planning): Users | null {
  const { users, requestsPerUserHour, activeHours } = query;
  if (users === undefined) {
    const [stray] = Object.entries({ '--requests-per-user-hour': requestsPerUserHour, '--active-hours': activeHours }).filter(
      ([, value]) => value !== undefined,
    );
    if (stray)
      throw new Fault('contradiction', 'it says how much a user asks', { where: stray[0], value: stray[1], allowed: 'beside --users' });
    return null;
  }
  const rate = requestsPerUserHour ?? demand.workload?.requestsPerUserHour;
  if (rate === undefined || rate === null)
    throw new Fault('missing', 'how many requests a user makes is unknown', {
      where: '--users',
      value: users,
      allowed: '--requests-per-user-hour, or a workload that says so, such as agentic-coding',
    });
  const usual = planning.activeHoursPerDay.value * planning.workDaysPerMonth.value;
  return {
    count: checkNumber(users, '--users', { above: 0, max: 1e9 }),
    requestsPerHour: checkNumber(rate, '--requests-per-user-hour', { above: 0, max: 1e9 }),
    activeHours: checkNumber(activeHours ?? usual, '--active-hours', { above: 0, max: 744 }),
  };
}

function asked(query: VolumeQuery, demand: Demand, users: Users | null): number | null {
  const { tokensPerMonth, requestsPerMonth } = query;
  const given = Object.entries({ '--tokens-per-month': tokensPerMonth, '--requests-per-month': requestsPerMonth, '--users': query.users });
  const [first, second] = given.filter(([, value]) => value !== undefined);
  if (first && second)
    throw new Fault('contradiction', 'the volume is said twice', { where: second[0], value: second[1], allowed: `without ${first[0]}` });
  if (users) return users.count * users.requestsPerHour * users.activeHours;
  if (requestsPerMonth !== undefined) return checkNumber(requestsPerMonth, '--requests-per-month', { min: 0, max: 1e24 });
  if (tokensPerMonth === undefined) return null;
  return checkNumber(tokensPerMonth, '--tokens-per-month', { min: 0, max: 1e24 }) / tokensPerRequest(demand);
}

/** Hours of a day that some spans cover. */
function hoursIn(spans: readonly DaySpan[]): number {
  const covered = new Set(
    spans.flatMap(({ fromMinute, toMinute }) => {
      const minutes = (toMinute - fromMinute + MINUTES_PER_DAY) % MINUTES_PER_DAY || MINUTES_PER_DAY;
      return Array.from({ length: minutes }, (_, index) => (fromMinute + index) % MINUTES_PER_DAY);
    }),
  );
  return covered.size / 60;
}

/** Hours of the month with traffic: of working days with users, else of every day. */
function trafficHoursOf(query: VolumeQuery, users: Users | null, hoursPerMonth: number, planning: Planning): number {
  const { hoursPerDay, trafficUtc } = query;
  const asked =
    hoursPerDay === undefined
      ? trafficUtc && hoursIn(trafficUtc)
      : checkNumber(hoursPerDay, '--hours-per-day', { above: 0, max: HOURS_PER_DAY });
  if (hoursPerDay !== undefined && trafficUtc && hoursIn(trafficUtc) !== hoursPerDay)
    throw new Fault('contradiction', `--traffic-utc covers ${hoursIn(trafficUtc)} hours of a day`, {
      where: '--hours-per-day',
      value: hoursPerDay,
      allowed: 'one of them, or the same hours',
    });
  if (!users) return asked === undefined ? hoursPerMonth : (asked / HOURS_PER_DAY) * hoursPerMonth;
  const days = planning.workDaysPerMonth.value;
  if (asked === undefined) return Math.min(hoursPerMonth, Math.max(days * planning.workHoursPerDay.value, users.activeHours));
  const hours = Math.min(hoursPerMonth, days * asked);
  if (hours >= users.activeHours) return hours;
  throw new Fault('contradiction', `a user is active in ${users.activeHours} hours of a month`, {
    where: hoursPerDay === undefined ? '--traffic-utc' : '--hours-per-day',
    value: hoursPerDay ?? hoursIn(trafficUtc ?? []),
    allowed: `at least ${(users.activeHours / days).toFixed(1)} hours of each of ${days} working days, or fewer --active-hours`,
  });
}

/**
 * The volume of a month: as asked, or `users × requests per active hour × active hours`. Users work in the hours of a working month
 * (days × hours, or as many as they are active), so that a replica must carry them in those; other traffic comes at all hours unless the
 * hours of a day are said.
 *
 * @param demand the mean request
 * @throws Fault `contradiction` for a volume that is said twice or hours that hold it not, `missing` where nobody says what a user asks,
 * `invalid` for numbers
 */
export function trafficVolume(query: VolumeQuery, demand: Demand, planning: Planning): TrafficVolume {
  const hoursPerMonth = checkNumber(query.hoursPerMonth ?? HOURS_PER_MONTH, '--hours-per-month', { above: 0, max: 744 });
  const users = usersOf(query, demand, planning);
  return {
    requestsPerMonth: asked(query, demand, users),
    users,
    hoursPerMonth,
    trafficHours: trafficHoursOf(query, users, hoursPerMonth, planning),
  };
}

/**
 * Share of the users who are active at once where their active hours are spread evenly over those with traffic: that of `size`'s busiest
 * hour with which it sizes the same fleet.
 *
 * @returns null without users
 */
export function activeAtOnce({ users, trafficHours }: TrafficVolume): number | null {
  return users && users.activeHours / trafficHours;
}
