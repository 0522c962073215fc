/** Something that an answer says of a subject. */
interface Placed {
  readonly code: string;
  readonly subject: string;
}

/** What two answers say in the same place; null where one says nothing there. */
export interface Pair<T> {
  readonly before: T | null;
  readonly after: T | null;
}

/** How a subject of one answer is found again in the other. */
export interface Matching {
  /** An earlier subject under the names of what replaced its fleet, replica or price. */
  readonly renamed: (before: string) => string;
  /** A subject without its layout. */
  readonly plainBefore: (before: string) => string;
  readonly plainAfter: (after: string) => string;
  /** Whether a subject is of one of several loads, which stand for nothing but themselves. */
  readonly isLoad: (subject: string) => boolean;
}

type KeyOf<T> = (item: T) => string | null;

/** Keys of which there is one item alone. */
function onlyOnes<T>(items: readonly T[], keyOf: KeyOf<T>): KeyOf<T> {
  const counts = new Map<string | null, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return (item) => (counts.get(keyOf(item)) === 1 ? keyOf(item) : null);
}

/** Keys of items that are the first of their code. */
function firstOnes<T extends Placed>(items: readonly T[], keyOf: KeyOf<T>): KeyOf<T> {
  return (item) => (items.find(({ code }) => code === item.code) === item ? keyOf(item) : null);
}

/**
 * Pairs what two answers say: of the same subject; of the subject that replaced it; of the same subject in another layout, where there is one such layout or
 * both come first in their answers; and last what is left alone of its kind on both sides, such as the fleet that replaced another.
 *
 * @returns pairs in the order of the later answer, what only the earlier one says behind them
 * @example paired([{ code: 'cost', subject: 'h200' }], [{ code: 'cost', subject: 'b200' }], AS_THEY_ARE).length // 1
 */
export function paired<T extends Placed>(
  before: readonly T[],
  after: readonly T[],
  { renamed, plainBefore, plainAfter, isLoad }: Matching,
): Pair<T>[] {
  const found = new Map<T, T>();
  const taken = new Set<T>();
  const restBefore = () => before.filter((item) => !taken.has(item));
  const restAfter = () => after.filter((item) => !found.has(item));
  const take = (keyBefore: KeyOf<T>, keyAfter: KeyOf<T>) => {
    const waiting = new Map<string, T[]>();
    for (const item of restBefore()) {
      const key = keyBefore(item);
      if (key !== null) waiting.set(key, [...(waiting.get(key) ?? []), item]);
    }
    for (const item of restAfter()) {
      const key = keyAfter(item);
      const other = key === null ? undefined : waiting.get(key)?.shift();
      if (other === undefined) continue;
      found.set(item, other);
      taken.add(other);
    }
  };
  const place = (subject: (of: string) => string) => (item: T) => `${item.code}\n${subject(item.subject)}`;
  const same = place((subject) => subject);
  const [were, are] = [place(plainBefore), place(plainAfter)];
  take(same, same);
  take(place(renamed), same);
  take(onlyOnes(restBefore(), were), onlyOnes(restAfter(), are));
  take(firstOnes(before, were), firstOnes(after, are));
  const kind = (item: T) => (isLoad(item.subject) ? null : item.code);
  take(onlyOnes(restBefore(), kind), onlyOnes(restAfter(), kind));
  return [
    ...after.map((item) => ({ before: found.get(item) ?? null, after: item })),
    ...restBefore().map((item) => ({ before: item, after: null })),
  ];
}

/** Subjects that go by their names alone. */
export const AS_THEY_ARE: Matching = {
  renamed: (subject) => subject,
  plainBefore: (subject) => subject,
  plainAfter: (subject) => subject,
  isLoad: () => false,
};
