import type { EngineLaunch, FlagFact } from '../catalog/launchFile.ts';
import { compareVersions, inRange } from '../engine/version.ts';

/** A release whose command line is written; null where an engine has no versions. */
export interface LaunchRelease {
  readonly launch: EngineLaunch;
  readonly version: string | null;
}

type Ranged = { readonly since?: string | undefined; readonly before?: string | undefined };

/** Whether a fact holds for a release. */
export function holds({ since, before }: Ranged, version: string | null): boolean {
  return version === null || inRange(version, since, before);
}

/** The flag of an id that a release has, with the value if one is asked; null where it has none. */
export function flagOf({ launch, version }: LaunchRelease, id: string, value?: string): FlagFact | null {
  const flag = launch.flags.find((one) => one.id === id && holds(one, version));
  if (!flag || value === undefined || flag.values === undefined) return flag ?? null;
  return flag.values.some((one) => one.value === value && holds(one, version)) ? flag : null;
}

/** The first release that has a flag with a value; null where none is known. */
export function firstRelease({ launch }: LaunchRelease, id: string, value?: string): string | null {
  const since = launch.flags
    .filter((one) => one.id === id)
    .flatMap((flag) => {
      if (value === undefined || flag.values === undefined) return [flag.since];
      const known = flag.values.find((one) => one.value === value);
      return known ? [known.since ?? flag.since] : [];
    })
    .flatMap((version) => version ?? []);
  return since.sort(compareVersions)[0] ?? null;
}
