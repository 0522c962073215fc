import { Fault } from '../faults/fault.ts';

/** The day by the clock, UTC. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/**
 * Refuses a day on which nobody can have read anything yet.
 *
 * @param day ISO day, or undefined where none is asked
 * @throws Fault `invalid` for a day after today
 */
export function checkNotFuture(day: string | undefined, where: string): void {
  if (day !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(day) && day > today())
    throw new Fault('invalid', 'a day that is still to come', { where, value: day, allowed: `at most ${today()}` });
}
