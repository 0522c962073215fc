import { Fault } from '../faults/fault.ts';

/** What is said of a fact that exists, but not on the asked day. */
export function laterThan(asOf: string, where: string, value: string, date: string): Fault {
  return new Fault('unknown', `it is not known on ${asOf}`, { where, value, allowed: `an --as-of of ${date} or later` });
}
