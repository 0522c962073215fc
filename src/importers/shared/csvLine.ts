function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/**
 * Cells as one line of CSV by RFC 4180, without the end of the line.
 *
 * @example csvLine(['a', 'b, "c"']) // 'a,"b, ""c"""'
 */
export function csvLine(cells: readonly string[]): string {
  return cells.map(quoted).join(',');
}
