/**
 * Which items of a sequence have a property, in words: neighbours as `first to last`.
 *
 * @param items in order
 * @param has the property
 * @param name an item in words
 * @example runsInWords([1, 2, 4, 8], (n) => n !== 4, String) // '1 to 2, 8'
 */
export function runsInWords<T>(items: readonly T[], has: (item: T) => boolean, name: (item: T) => string): string {
  const runs: T[][] = [];
  let open = false;
  for (const item of items) {
    const found = has(item);
    if (found && open) runs.at(-1)?.push(item);
    else if (found) runs.push([item]);
    open = found;
  }
  return runs
    .map((run) => [run[0], run.at(-1)].flatMap((end) => (end === undefined ? [] : [name(end)])))
    .map(([from, to]) => (from === to ? from : `${from} to ${to}`))
    .join(', ');
}
