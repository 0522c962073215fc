import { loadCatalog } from '../catalog/index.ts';
import { Fault } from '../faults/fault.ts';
import { nearestNames } from '../faults/nearest.ts';
import { breakEven } from '../plan/breakEven.ts';
import type { Catalog } from '../plan/catalog.ts';
import { fit } from '../plan/fit.ts';
import { explainReport, type Sheet } from '../report/explainReport.ts';
import type { Report } from '../report/report.ts';
import { termTable } from '../report/termTable.ts';
import { breakEvenQueryOf } from './breakEvenQuery.ts';
import { deliver } from './deliver.ts';
import { fitQueryOf } from './fitQuery.ts';
import { EXIT, type Io } from './io.ts';
import { parseTermId, type TermId } from './termId.ts';

const WAYS: Readonly<Record<string, string>> = { tp: 'tp', adp: 'attentionDp', pp: 'pp', ep: 'ep', dcp: 'dcp', dp: 'dp' };

/** The options behind a row key: `['a100-80-sxm', '16', 'tp8-pp2']`. */
function rowOptions([gpu = '', gpus = '', layout = '']: readonly string[]): Record<string, string> {
  const ways = layout.split('-').map((part): [string, string] => {
    const [, name = '', count = ''] = /^([a-z]+)(\d+)$/.exec(part) ?? [];
    const option = WAYS[name];
    if (option === undefined)
      throw new Fault('invalid', 'not a layout', { where: 'ID', value: layout, allowed: 'a layout such as tp8-pp2' });
    return [option, count];
  });
  return { gpu, gpus, pp: '1', dp: '1', attentionDp: '1', ...Object.fromEntries(ways) };
}

function sheetOf({ command, options, row }: TermId, catalog: Catalog): Sheet {
  const words = Object.fromEntries(options);
  if (command === 'breakeven') return breakEven({ ...breakEvenQueryOf(words), terms: true }, catalog);
  const { results, sources } = fit({ ...fitQueryOf({ ...words, ...rowOptions(row) }), terms: true }, catalog);
  return { terms: results[0]?.terms ?? [], sources };
}

/** Answers `kplan explain`: asks the question of the id again and shows how the number came about. */
export async function runExplain(id: string, options: { readonly json?: boolean }, io: Io): Promise<number> {
  const asked = parseTermId(id);
  const sheet = sheetOf(asked, loadCatalog());
  const report = explainReport(sheet, asked.term);
  if (report === null) {
    const names = sheet.terms.map((term) => term.id);
    throw new Fault('unknown', 'the answer has no such number', {
      where: 'ID',
      value: asked.term,
      allowed: `the ids that \`kplan ${asked.command} --ids\` prints`,
      nearest: nearestNames(asked.term, names),
    });
  }
  await deliver(
    {
      schema: 'kplan/explain@1',
      document: () => ({ schema: 'kplan/explain@1', id, term: asked.term, terms: sheet.terms, sources: sheet.sources }),
      table: () => termTable(sheet.terms, (term) => term),
      report: (): Report => report,
    },
    options,
    io,
  );
  return EXIT.done;
}
