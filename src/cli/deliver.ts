import { extname } from 'node:path';
import { styleText } from 'node:util';
import { Fault } from '../faults/fault.ts';
import { csvTable } from '../report/csvTable.ts';
import { renderMarkdown, renderText, renderTextFile } from '../report/renderReport.ts';
import type { Report } from '../report/report.ts';
import type { Table } from '../report/table.ts';
import { besideName } from './besideFile.ts';
import type { Io } from './io.ts';
import type { OutputOptions } from './options.ts';

/** A result in all forms that it can be asked in; each is made only when it is. */
export interface Deliverable {
  readonly schema: string;
  readonly document: () => unknown;
  readonly table: () => Table;
  readonly report: () => Report;
  /** Said on stderr where stdout does not get the report, which says them itself. */
  readonly warnings?: readonly string[];
}

/** A file beside the result, such as a chart or a workbook. */
export interface Extra {
  readonly where: string;
  readonly path: string;
  /** Draws it; called once nothing can be refused any more. */
  readonly content: () => Promise<string | Uint8Array>;
}

const FORMS = ['json', 'csv', 'markdown'] as const;

type Form = (typeof FORMS)[number] | 'text';

/** What the name of a file says of its form. */
const ENDINGS: Readonly<Record<string, Form>> = { '.json': 'json', '.csv': 'csv', '.md': 'markdown' };

/** Names of pictures and documents, which would hold text. */
const UNWRITTEN = /\.(pdf|svg|png|jpe?g|gif|docx?|pptx?|odt|ods|xls)$/i;

/** The form that was asked for, or that the file is named for; refuses two at once. */
function formOf(options: OutputOptions): Form {
  const named = ENDINGS[extname(options.out ?? '').toLowerCase()];
  const [form = named ?? 'text', second] = FORMS.filter((name) => options[name]);
  if (second !== undefined) {
    throw new Fault('contradiction', 'one form at a time', {
      where: `--${second}`,
      value: `--${form} is given too`,
      allowed: 'one of --json, --csv, --markdown',
    });
  }
  if (named !== undefined && form !== named)
    throw new Fault('contradiction', `the file is named for ${named}`, {
      where: '--out',
      value: options.out,
      allowed: `--${named}, or another ending`,
    });
  if (UNWRITTEN.test(options.out ?? ''))
    throw new Fault('unsupported', 'no such file is made of this answer', {
      where: '--out',
      value: options.out,
      allowed: 'FILE.txt, FILE.md, FILE.json or FILE.csv',
    });
  const beside = besideName(options.out);
  if (form !== 'text' && beside) {
    throw new Fault('contradiction', `a ${beside} is a form of its own`, {
      where: '--out',
      value: options.out,
      allowed: `it without --${form}, or another ending`,
    });
  }
  return form;
}

/** The file of `--out` for the result itself; `-` is stdout, and a workbook or page stands beside the result. */
function fileOf({ out }: OutputOptions): string | undefined {
  return out === '-' || besideName(out) ? undefined : out;
}

/**
 * Refuses an output that could not be made, before anything is computed: two forms at once, files that may not be written, a workbook of
 * an answer that has none.
 *
 * @throws Fault naming the option
 */
export async function checkDelivery(options: OutputOptions, ...extras: readonly (Pick<Extra, 'where' | 'path'> | null)[]): Promise<void> {
  formOf(options);
  const beside = besideName(options.out);
  if (beside && !extras.some((extra) => extra?.path === options.out))
    throw new Fault('unsupported', `no ${beside} is made of this answer`, {
      where: '--out',
      value: options.out,
      allowed: 'another ending',
    });
  const file = fileOf(options);
  const targets = [...extras.flatMap((extra) => extra ?? []), ...(file === undefined ? [] : [{ where: '--out', path: file }])];
  if (targets.length === 0) return;
  const { checkOutputs } = await import('../report/output.ts');
  checkOutputs(targets, { force: options.force === true });
}

function render({ schema, document, table, report }: Deliverable, options: OutputOptions, io: Io): string {
  switch (formOf(options)) {
    case 'json':
      return `${JSON.stringify(document(), null, 2)}\n`;
    case 'csv':
      return csvTable(table(), schema);
    case 'markdown':
      return renderMarkdown(report());
    case 'text':
      if (fileOf(options) !== undefined) return renderTextFile(report(), 120);
      return renderText(report(), { width: io.width, ...(io.color ? { bold: (text: string) => styleText('bold', text) } : {}) });
  }
}

/**
 * Renders a result as asked and puts it on stdout or into the file of `--out`; all files are written whole, or none is.
 *
 * @throws Fault where a file may not or cannot be written
 */
export async function deliver(
  deliverable: Deliverable,
  options: OutputOptions,
  io: Io,
  ...extras: readonly (Extra | null)[]
): Promise<void> {
  const text = render(deliverable, options, io);
  const file = fileOf(options);
  const drawn = await Promise.all(
    extras.flatMap((extra) => (extra ? [extra.content().then((content) => ({ where: extra.where, path: extra.path, content }))] : [])),
  );
  const outputs = [...drawn, ...(file === undefined ? [] : [{ where: '--out', path: file, content: text }])];
  if (outputs.length > 0) {
    const { writeOutputs } = await import('../report/output.ts');
    writeOutputs(outputs, { force: options.force === true });
  }
  if (file === undefined) io.write(text);
  const read = file === undefined && !options.json && !options.csv;
  for (const warning of read ? [] : (deliverable.warnings ?? [])) io.warn(`kplan: ${warning}\n`);
  for (const { path } of outputs) io.warn(`kplan: wrote ${path}\n`);
}
