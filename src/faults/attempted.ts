import { Fault } from './fault.ts';

/** What some work gives, or the fault that it meets; whatever else goes wrong is thrown on. */
export function attempted<A>(work: () => A): A | Fault {
  try {
    return work();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}
