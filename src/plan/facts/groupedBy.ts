/**
 * Items in groups of equal key, groups and items in order of appearance; those whose key is null stand in none.
 *
 * @example groupedBy([1, 2, 3], (n) => (n === 2 ? null : 'odd')) // [[1, 3]]
 */
export function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string | null): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}
