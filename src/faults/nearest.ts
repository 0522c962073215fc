import { Fault } from './fault.ts';

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** Fewest characters of which a name may be a longer form: fewer are part of almost any name. */
const LEAST_PART = 3;

/** Whether a name holds every word of what was typed, as `lambda:h200-sxm:any` holds `h200` and `lambda h200`. */
function holds(name: string, typed: string): boolean {
  const words = typed.match(/[a-z0-9.]+/g) ?? [];
  return words.join('').length >= LEAST_PART && words.every((word) => name.includes(word));
}

/**
 * The names closest to a misspelt one, best first: those that hold every word that was typed, then those within a few edits.
 *
 * @param name what was typed; only its first 64 characters count
 * @param names what exists
 * @param most how many to return
 * @example nearestNames('h10O', ['h100', 'h200', 'l40s']) // ['h100', 'h200']
 */
export function nearestNames(name: string, names: Iterable<string>, most = 3): string[] {
  const typed = name.slice(0, 64).toLowerCase();
  return [...new Set(names)]
    .map((candidate) => {
      const lower = candidate.toLowerCase();
      return { candidate, part: holds(lower, typed), distance: editDistance(typed, lower) };
    })
    .filter(({ candidate, part, distance }) => part || distance <= Math.max(2, candidate.length / 3))
    .sort((a, b) => Number(b.part) - Number(a.part) || a.distance - b.distance || a.candidate.localeCompare(b.candidate))
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** The value of `name` in `entries`, or a fault that names the nearest entries and the command that lists all. */
export function lookupName<T>(entries: ReadonlyMap<string, T>, name: string, where: string, listedBy: string): T {
  const found = entries.get(name.toLowerCase());
  if (found !== undefined) return found;
  throw new Fault('unknown', 'no such name', {
    where,
    value: name,
    allowed: `the names that \`${listedBy}\` prints`,
    nearest: nearestNames(name, entries.keys()),
  });
}
