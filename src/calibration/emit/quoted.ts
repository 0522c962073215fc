/**
 * A word as a POSIX shell takes it.
 *
 * @example quoted("it's") // "'it'\\''s'"
 */
export function quoted(word: string): string {
  return /^[\w.,:/@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
