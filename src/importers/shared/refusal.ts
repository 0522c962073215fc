import { Fault, type FaultCode, inert } from '../../faults/fault.ts';

/** A part of a file that became no row, or a file that holds none. */
export interface Refusal {
  readonly code: FaultCode;
  /** File, place and field. */
  readonly where: string;
  readonly message: string;
  readonly value: string | null;
  readonly allowed: string | null;
  readonly nearest: readonly string[];
}

/** A fault as a part of an answer. */
export function refusalOf({ code, message, details }: Fault): Refusal {
  const { where, value, allowed = null, nearest = [] } = details;
  return { code, where, message, value: value === undefined ? null : inert(value), allowed, nearest };
}

/** Runs the work and keeps the fault that it ends in. */
export function attempted<T>(work: () => T): T | Fault {
  try {
    return work();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}
