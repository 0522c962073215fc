import type { EngineLaunch } from '../catalog/launchFile.ts';
import { firstRelease, flagOf, holds, type LaunchRelease } from './launchFlags.ts';
import { isFor, type Subject } from './subject.ts';
import type { Argument, Word } from './word.ts';

/** A flag that a plan or a model asks for, by the id under which facts name it. */
export interface Wish {
  readonly id: string;
  readonly value?: Word;
  readonly why: string;
  /** Whether the plan is another one without it. */
  readonly needed: boolean;
  /** Source of the wish; that of the flag where it has none. */
  readonly source?: string;
  /** What would help where no release has the flag. */
  readonly otherwise?: string;
}

/** What stands between a plan and its launch, as a code, in words, and what would help. */
export interface Constraint {
  readonly code: string;
  readonly message: string;
  readonly remedy: string | null;
}

/** Wishes as a release can grant them. */
export interface Granted {
  readonly arguments: readonly Argument[];
  readonly constraints: readonly Constraint[];
  readonly leftOut: readonly string[];
}

function named({ launch, version }: LaunchRelease): string {
  return version === null ? launch.name : `${launch.name} ${version}`;
}

function refusal(
  release: LaunchRelease,
  { id, value, why, needed, otherwise }: Wish,
): { readonly message: string; readonly remedy: string | null } {
  const flag = release.launch.flags.find((one) => one.id === id)?.flag;
  if (flag === undefined) return { message: `${named(release)} has no flag for what the plan needs: ${why}`, remedy: otherwise ?? null };
  const text = typeof value === 'string' && flagOf(release, id) !== null ? `${flag} ${value}` : flag;
  const first = firstRelease(release, id, typeof value === 'string' ? value : undefined);
  const purpose = needed ? `, which the plan needs: ${why}` : ` (${why})`;
  return {
    message: `${named(release)} has no ${text}${purpose}`,
    remedy: first === null ? (otherwise ?? null) : `${release.launch.name} ${first} or later has it`,
  };
}

/** Grants wishes with the flags that a release has; what it lacks is a constraint where the plan needs it, and left out otherwise. */
export function granted(release: LaunchRelease, wishes: readonly Wish[]): Granted {
  const args: Argument[] = [];
  const constraints: Constraint[] = [];
  const leftOut: string[] = [];
  for (const wish of wishes) {
    const { id, value, why, source } = wish;
    const flag = flagOf(release, id, typeof value === 'string' ? value : undefined);
    if (flag) args.push({ flag: flag.flag, value: value ?? null, why, source: source ?? flag.source });
    else {
      const { message, remedy } = refusal(release, wish);
      if (wish.needed) constraints.push({ code: `flag.${id}`, message, remedy });
      else leftOut.push(remedy === null ? message : `${message}; ${remedy}`);
    }
  }
  return { arguments: args, constraints, leftOut };
}

/** What the facts of an engine ask for whatever the plan. */
export function settingsFor({ settings }: EngineLaunch, subject: Subject): Wish[] {
  return settings
    .filter(({ when, ...range }) => isFor(when, subject) && holds(range, subject.version))
    .map(({ id, value, why, source }) => ({ id, why, needed: false, source, ...(value === undefined ? {} : { value }) }));
}
