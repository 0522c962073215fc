/** Files that are no form of the printed result, by their ending. */
const KINDS = { '.xlsx': 'workbook', '.html': 'page', '.htm': 'page' } as const;

/** What stands beside the printed result. */
export type Beside = (typeof KINDS)[keyof typeof KINDS];

/**
 * What `--out` names where it is no form of the printed result; null for stdout and for text.
 *
 * @example besideName('plan.XLSX') // 'workbook'
 */
export function besideName(out: string | undefined): Beside | null {
  const ending = /\.[a-z]+$/.exec(out?.toLowerCase() ?? '')?.[0] ?? '';
  return Object.hasOwn(KINDS, ending) ? KINDS[ending as keyof typeof KINDS] : null;
}
