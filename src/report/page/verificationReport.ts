import type { Report } from '../report.ts';
import type { Table } from '../table.ts';
import type { Verification } from './reportPage.ts';

/** A verification with the file that it is of. */
interface FileVerification extends Verification {
  readonly schema: string;
  readonly file: string;
}

function verdict({ answers, page, madeBy, firstDifference }: FileVerification): string {
  if (!answers) return 'The answers do NOT come out the same: the inputs in the file, or kplan itself, differ from those that made it.';
  if (page === null)
    return `The answers come out the same, but the page itself was NOT checked: it says that kplan ${madeBy} made it. Verify it with that release.`;
  if (page) return 'The answers come out the same, and the page is byte for byte what kplan makes of them.';
  return `The answers come out the same, but the page was changed: what it shows is NOT what kplan makes of them, first in line ${firstDifference}.`;
}

/** What verifying a page found, in words and as a table. */
export function verificationReport(found: FileVerification): { readonly report: Report; readonly table: Table } {
  const { file, answers, page, madeBy, asOf } = found;
  const said = (same: boolean | null) => (same === null ? 'not compared' : same ? 'same' : 'differs');
  return {
    report: {
      schema: found.schema,
      blocks: [
        { kind: 'answer', text: verdict(found) },
        { kind: 'text', text: `${file}: made by kplan ${madeBy}, facts as of ${asOf}.` },
      ],
    },
    table: {
      columns: ['file', 'answers', 'page', 'madeBy', 'asOf'].map((title) => ({ title })),
      rows: [{ cells: [file, said(answers), said(page), madeBy, asOf] }],
    },
  };
}
