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

/** Takes the items of equal keys as pairs, the first with the first; the rest stays. */
function matched<T>(before: T[], after: T[], keyBefore: (item: T) => string | null, keyAfter: (item: T) => string | null): Map<T, T> {
  const waiting = new Map<string, T[]>();
  for (const item of before) {
    const key = keyBefore(item);
    if (key !== null) waiting.set(key, [...(waiting.get(key) ?? []), item]);
  }
  const found = new Map<T, T>();
  for (const item of after) {
    const key = keyAfter(item);
    const other = key === null ? undefined : waiting.get(key)?.shift();
    if (other !== undefined) found.set(item, other);
  }
  return found;
}

/** Keys of which there is one item alone. */
function onlyOnes<T>(items: readonly T[], keyOf: (item: T) => string): (item: T) => string | null {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return (item) => (counts.get(keyOf(item)) === 1 ? keyOf(item) : null);
}

/**
 * Pairs what two answers say: first of the same subject, then of the same subject in another layout, and last what is left alone of its kind on
 * both sides, such as the fleet that replaced another.
 *
 * @param plainBefore a subject without its layout
 * @returns pairs in the order of the later answer, what only the earlier one says behind them
 * @example paired([{ code: 'cost', subject: 'h200' }], [{ code: 'cost', subject: 'b200' }], (s) => s, (s) => s).length // 1
 */
export function paired<T extends Placed>(
  before: readonly T[],
  after: readonly T[],
  plainBefore: (subject: string) => string,
  plainAfter: (subject: string) => string,
): Pair<T>[] {
  const found = new Map<T, T>();
  const place = (subject: (of: string) => string) => (item: T) => `${item.code}\n${subject(item.subject)}`;
  const code = ({ code: of }: T) => of;
  const restBefore = () => before.filter((item) => ![...found.values()].includes(item));
  const restAfter = () => after.filter((item) => !found.has(item));
  const take = (were: T[], are: T[], keyBefore: (item: T) => string | null, keyAfter: (item: T) => string | null) => {
    for (const [is, was] of matched(were, are, keyBefore, keyAfter)) found.set(is, was);
  };
  const same = place((subject) => subject);
  take([...before], [...after], same, same);
  take(restBefore(), restAfter(), place(plainBefore), place(plainAfter));
  const [left, right] = [restBefore(), restAfter()];
  take(left, right, onlyOnes(left, code), onlyOnes(right, code));
  return [
    ...after.map((item) => ({ before: found.get(item) ?? null, after: item })),
    ...restBefore().map((item) => ({ before: item, after: null })),
  ];
}
