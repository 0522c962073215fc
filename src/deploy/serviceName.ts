import { Fault } from '../faults/fault.ts';

/** Kubernetes adds to names; the label of a group of pods has 63 letters at most. */
const LONGEST = 40;

/**
 * A name as Kubernetes and Compose take it, made of an id.
 *
 * @example serviceNameOf('kimi-k2.7-code') // 'kimi-k2-7-code'
 */
export function serviceNameOf(id: string): string {
  const plain = id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, LONGEST)
    .replace(/-+$/, '');
  return plain === '' ? 'model' : plain;
}

/**
 * Checks a name of the user's.
 *
 * @throws Fault `invalid`
 * @example checkedServiceName('kimi') // 'kimi'
 */
export function checkedServiceName(name: string): string {
  if (/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= LONGEST) return name;
  const allowed = `lower-case letters, digits and dashes, at most ${LONGEST}, such as kimi-k2`;
  throw new Fault('invalid', 'not a name of Kubernetes', { where: '--name', value: name, allowed });
}
