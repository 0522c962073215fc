import type { BenchImport } from '../importers/bench/benchImport.ts';
import { importBenchTable } from './importBenchTable.ts';
import { listBlock, type Report, tableBlock } from './report.ts';
import { asSentence } from './sections.ts';

/** An import of result files arranged for reading; refusals are said apart, run by run. */
export function importBenchReport(imported: BenchImport): Report {
  const { schema, answer, assumed } = imported;
  return {
    schema,
    blocks: [
      { kind: 'answer', text: answer },
      ...tableBlock('Runs', importBenchTable(imported)),
      ...listBlock('Taken for given', assumed.map(asSentence)),
    ],
  };
}
