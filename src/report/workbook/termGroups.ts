import type { Term } from '../../evidence/term.ts';

/** Terms of one alternative, or of what all share. */
export interface TermGroup {
  /** Prefix of the terms; empty for what all share. */
  readonly key: string;
  readonly title: string;
  /** What the labels of its terms begin with, which the title says already. */
  readonly prefix: string;
  readonly terms: readonly Term[];
}

/** A tariff or a fleet with the prefix of its terms. */
export interface Alternative {
  readonly key: string;
  readonly id: string;
  readonly name: string;
}

/** The tariffs and the fleets of an answer that have terms. */
export interface Alternatives {
  readonly tariffs: readonly Alternative[];
  readonly fleets: readonly Alternative[];
}

const FLEET = /^(.+)_gpusPerInstance$/;
const TARIFF = /^(.+)_usdPerRequest$/;

/** The alternatives of an answer by their terms: each tariff and each fleet has one of its own, and fleets stand in the order of the answer. */
export function alternativesOf(terms: readonly Term[], fleetIds: readonly string[], nameOf: (id: string) => string): Alternatives {
  const named = (key: string, id: string): Alternative => ({ key, id, name: nameOf(id) });
  const tariffs = terms.flatMap(({ id, label }) => {
    const [, key] = TARIFF.exec(id) ?? [];
    return key === undefined ? [] : [named(key, label.slice(0, label.lastIndexOf(': ')))];
  });
  const keys = terms.flatMap(({ id }) => FLEET.exec(id)?.[1] ?? []);
  return { tariffs, fleets: keys.map((key, place) => named(key, fleetIds[place] ?? key)) };
}

/** Terms by what they are about: first what all share, then each tariff, then each fleet; each in the order of the sheet. */
export function termGroups(terms: readonly Term[], { tariffs, fleets }: Alternatives): TermGroup[] {
  const named = [...tariffs, ...fleets].map(({ key, id, name }) => ({ key, title: name, prefix: `${id}: ` }));
  const groups = [{ key: '', title: 'The request, its volume and the rules of planning', prefix: '' }, ...named];
  const longest = groups.map(({ key }) => key).sort((a, b) => b.length - a.length);
  const keyOf = (id: string) => longest.find((key) => key === '' || id.startsWith(`${key}_`)) ?? '';
  return groups
    .map((group) => ({ ...group, terms: terms.filter(({ id }) => keyOf(id) === group.key) }))
    .filter((group) => group.terms.length > 0);
}
