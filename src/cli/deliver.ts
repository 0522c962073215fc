import { Fault } from '../faults/fault.ts';
import { csvTable } from '../report/csvTable.ts';
import { renderMarkdown, renderText, renderTextFile } from '../report/renderReport.ts';
import type { Report } from '../report/report.ts';
import type { Table } from '../report/table.ts';
import type { Io } from './io.ts';
import type { SharedOptions } from './options.ts';

/** A result in all forms that it can be asked in; each is made only when it is. */
export interface Deliverable {
  readonly schema: string;
  readonly document: () => unknown;
  readonly table: () => Table;
  readonly report: () => Report;
}

function render({ schema, document, table, report }: Deliverable, options: SharedOptions, io: Io): string {
  const forms = (['json', 'csv', 'markdown'] as const).filter((form) => options[form]);
  if (forms.length > 1) {
    throw new Fault('contradiction', 'one form at a time', {
      where: `--${forms[1]}`,
      value: `--${forms[0]} is given too`,
      allowed: 'one of --json, --csv, --markdown',
    });
  }
  if (options.json) return `${JSON.stringify(document(), null, 2)}\n`;
  if (options.csv) return csvTable(table(), schema);
  if (options.markdown) return renderMarkdown(report());
  return options.out === undefined ? renderText(report(), { width: io.width, colour: io.color }) : renderTextFile(report(), 120);
}

/**
 * Renders a result as asked and puts it on stdout or, whole or not at all, into the file of `--out`.
 *
 * @throws Fault where the file may not or cannot be written
 */
export async function deliver(deliverable: Deliverable, options: SharedOptions, io: Io): Promise<void> {
  const text = render(deliverable, options, io);
  if (options.out === undefined) {
    io.write(text);
    return;
  }
  const { writeOutput } = await import('../report/output.ts');
  writeOutput(options.out, text, { force: options.force === true });
  io.warn(`kplan: wrote ${options.out}\n`);
}
