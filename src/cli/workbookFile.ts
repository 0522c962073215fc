import { besideName } from './besideFile.ts';

/** Whether `--out` names a workbook. */
export function isWorkbookName(out: string | undefined): out is string {
  return besideName(out) === 'workbook';
}

/** The workbook that `--out FILE.xlsx` asks for; the report goes to stdout as ever. */
export function workbookFile({ out }: { readonly out?: string }): { readonly where: '--out'; readonly path: string } | null {
  return isWorkbookName(out) ? { where: '--out', path: out } : null;
}
