/** How cells are weighed and joined. */
export interface Joining<Cell> {
  /** The lightest cell is joined first. */
  readonly weight: (cell: Cell) => number;
  /** Which cell is nearest to the lightest. */
  readonly distance: (a: Cell, b: Cell) => number;
  readonly join: (a: Cell, b: Cell) => Cell;
}

/** Index of the cell with the least score, the first of equals. */
function leastOf<Cell>(cells: readonly Cell[], score: (cell: Cell) => number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, cell] of cells.entries()) {
    const now = score(cell);
    if (now < least) [best, least] = [index, now];
  }
  return best;
}

/**
 * Fewer cells: while there are more than `most`, the lightest joins the nearest of the others.
 *
 * @param most cells, at least 1
 * @example joinedCells([1, 2, 10], 2, { weight: (x) => x, distance: (a, b) => Math.abs(a - b), join: (a, b) => a + b }) // [3, 10]
 */
export function joinedCells<Cell>(cells: readonly Cell[], most: number, { weight, distance, join }: Joining<Cell>): Cell[] {
  const left = [...cells];
  while (left.length > most) {
    const [light] = left.splice(leastOf(left, weight), 1) as [Cell];
    const nearest = leastOf(left, (cell) => distance(cell, light));
    left[nearest] = join(left[nearest] as Cell, light);
  }
  return left;
}
