import { layoutKey } from '../../layout/layout.ts';
import { loadOf, renamedSubject } from '../figures/figure.ts';
import type { FiguredAnswer } from '../figures/figures.ts';
import type { Matching } from './pairs.ts';
import { type NamedReplica, replicasOf, withoutLayout } from './replicas.ts';

/** A price list with what it stands for. */
interface NamedTariff {
  readonly id: string;
  readonly role: string;
}

function tariffsOf(answer: FiguredAnswer): readonly NamedTariff[] {
  return 'tariffs' in answer ? answer.tariffs : [];
}

function missingFrom<T>(items: readonly T[], others: readonly T[], nameOf: (item: T) => string): T[] {
  const names = new Set(others.map(nameOf));
  return items.filter((item) => !names.has(nameOf(item)));
}

/** What replaced each replica: the only new one, or of the only new system the one in the same layout. */
function replicaNames(were: readonly NamedReplica[], are: readonly NamedReplica[]): (readonly [string, string])[] {
  const name = (replica: NamedReplica) => replica.name;
  const [gone, come] = [missingFrom(were, are, name), missingFrom(are, were, name)];
  const systems = [gone, come].map((replicas) => new Set(replicas.map(({ system }) => system)).size);
  if (gone.length === 1 && come.length === 1) return gone.map((replica, place) => [replica.name, come[place]?.name ?? replica.name]);
  if (systems.some((count) => count !== 1)) return [];
  return gone.flatMap((replica) => {
    const other = come.find(({ layout }) => layoutKey(layout) === layoutKey(replica.layout));
    return other ? [[replica.name, other.name] as const] : [];
  });
}

/** What replaced each price: the only new one that stands for the same. */
function tariffNames(were: readonly NamedTariff[], are: readonly NamedTariff[]): (readonly [string, string])[] {
  const id = (tariff: NamedTariff) => tariff.id;
  const [gone, come] = [missingFrom(were, are, id), missingFrom(are, were, id)];
  return gone.flatMap((tariff) => {
    const [other, ...more] = come.filter(({ role }) => role === tariff.role);
    const isOnly = more.length === 0 && gone.filter(({ role }) => role === tariff.role).length === 1;
    return other && isOnly ? [[tariff.id, other.id] as const] : [];
  });
}

/** How what one answer says is found again in another one. */
export function matchingOf(before: FiguredAnswer, after: FiguredAnswer): Matching {
  const [were, are] = [replicasOf(before), replicasOf(after)];
  const names = new Map([...replicaNames(were, are), ...tariffNames(tariffsOf(before), tariffsOf(after))]);
  const nameNow = (part: string) => {
    const known = names.get(part);
    if (known !== undefined) return known;
    const prefix = [...names.keys()].find((name) => part.startsWith(`${name} `));
    return prefix === undefined ? part : `${names.get(prefix)}${part.slice(prefix.length)}`;
  };
  return {
    renamed: (subject) => renamedSubject(subject, nameNow),
    plainBefore: (subject) => withoutLayout(subject, were),
    plainAfter: (subject) => withoutLayout(subject, are),
    isLoad: (subject) => loadOf(subject) !== null,
  };
}
