import { Fault } from '../../faults/fault.ts';

/** The option that says the same as a file, and the run that it is held against. */
export interface Agreement<T> {
  readonly flag: string;
  readonly where: string;
  /** Whether both mean the same; equality unless told otherwise. */
  readonly same?: (asked: T, stated: T) => boolean;
  /** The stated value as words. */
  readonly words?: (stated: T) => string;
}

/**
 * What an option and a file say together: either alone, or both where they agree.
 *
 * @param asked by the option; null where it was not given
 * @param stated by the file; null where it says nothing
 * @throws Fault `contradiction` where they differ
 * @example agreed(8, null, { flag: '--tp', where: 'x' }) // 8
 */
export function agreed<T>(
  asked: T | null,
  stated: T | null,
  { flag, where, same = (a, b) => a === b, words = String }: Agreement<T>,
): T | null {
  if (asked === null || stated === null) return asked ?? stated;
  if (same(asked, stated)) return asked;
  throw new Fault('contradiction', `the file says ${words(stated)}`, {
    where: `${where}: ${flag}`,
    value: words(asked),
    allowed: `${words(stated)}, or no ${flag}`,
  });
}
