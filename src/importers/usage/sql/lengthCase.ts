/** Nested tests below this depth stand on one line. */
const LINES_TO = 3;

/**
 * An expression for the greatest of some edges that a whole number does not lie below: a search by halves, without a logarithm, whose
 * rounding at the edges would be that of the engine.
 *
 * @param value an expression of whole numbers
 * @param edges ascending
 * @param indent blanks before its further lines
 * @example lengthCase('n', [0, 1, 2]) // 'CASE WHEN n < 1 THEN 0 ELSE CASE WHEN n < 2 THEN 1 ELSE 2 END END'
 */
export function lengthCase(value: string, edges: readonly number[], indent = '', depth = 0): string {
  if (edges.length < 2) return String(edges[0] ?? 0);
  const half = Math.floor(edges.length / 2);
  const isLong = depth < LINES_TO && edges.length > 4;
  const inner = `${indent}  `;
  const [below, above] = [edges.slice(0, half), edges.slice(half)].map((part) => lengthCase(value, part, inner, depth + 1));
  const test = `CASE WHEN ${value} < ${edges[half]} THEN`;
  return isLong ? `${test}\n${inner}${below}\n${indent}ELSE\n${inner}${above}\n${indent}END` : `${test} ${below} ELSE ${above} END`;
}
