import type { DataDiffAnswer } from '../plan/facts/dataDiff.ts';
import { changesTable, disagreementsTable } from './dataDiffTable.ts';
import { type Report, tableBlock } from './report.ts';

/** Changes of price and disagreements arranged for reading. */
export function dataDiffReport({ schema, answer, query, changes, disagreements }: DataDiffAnswer): Report {
  return {
    schema,
    blocks: [
      { kind: 'answer', text: answer },
      ...tableBlock('What changed', changesTable(changes)),
      ...tableBlock(`Who disagrees by more than ${query['thresholdPercent']} %`, disagreementsTable(disagreements)),
      {
        kind: 'text',
        text: `Prices as of ${query['asOf']}, USD per million tokens or per GPU-hour. An unpublished price counts as what is billed instead: the cache at the input price, thinking as output.`,
      },
    ],
  };
}
