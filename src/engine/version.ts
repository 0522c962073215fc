import { Fault } from '../faults/fault.ts';

const VERSION = /^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?:[.-]?(?:post|rc|dev)\d{0,6})?$/;

/**
 * Reads a release number; a missing third part is zero, `post`, `rc` and `dev` suffixes do not count.
 *
 * @throws Fault `invalid` for names such as `latest` or `nightly`: rules need a number
 * @example parseVersion('0.25', '--engine') // [0, 25, 0]
 */
export function parseVersion(text: string, where: string): readonly [number, number, number] {
  const match = VERSION.exec(text);
  if (!match) throw new Fault('invalid', 'not a release number', { where, value: text, allowed: 'a number such as 0.25 or 0.25.1' });
  return [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

const parsed = new Map<string, readonly [number, number, number]>();

function known(text: string): readonly [number, number, number] {
  let version = parsed.get(text);
  if (!version) {
    version = parseVersion(text, 'version');
    parsed.set(text, version);
  }
  return version;
}

/** Negative where `a` is older than `b`, positive where it is newer, zero where they are the same release. */
export function compareVersions(a: string, b: string): number {
  const left = known(a);
  const right = known(b);
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}

/** Whether a version lies in `[since, before)`; an absent end is open. */
export function inRange(version: string, since?: string, before?: string): boolean {
  return (since === undefined || compareVersions(version, since) >= 0) && (before === undefined || compareVersions(version, before) < 0);
}
