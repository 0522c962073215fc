import type { PricesImport } from '../importers/prices/pricesImport.ts';
import { disagreementsTable } from './dataDiffTable.ts';
import { importPricesTable } from './importPricesTable.ts';
import { type Block, listBlock, type Report, tableBlock } from './report.ts';

function sameBlock({ rows }: PricesImport): Block[] {
  const same = rows.filter(({ change }) => change === 'same').length;
  const text = same === 1 ? '1 price is as before.' : `${same} prices are as before.`;
  return same === 0 ? [] : [{ kind: 'text', text }];
}

/** An import of price registries arranged for reading: what changes first; refusals are said apart, row by row. */
export function importPricesReport(imported: PricesImport): Report {
  const { schema, answer, notes } = imported;
  return {
    schema,
    blocks: [
      { kind: 'answer', text: answer },
      ...tableBlock('Changed, USD per million tokens; before: input / cache read / output', importPricesTable(imported, 'changed')),
      ...tableBlock('New, USD per million tokens', importPricesTable(imported, 'new')),
      ...sameBlock(imported),
      ...tableBlock('Registries that do not agree, USD per million tokens', disagreementsTable(imported.disagreements)),
      ...listBlock('Left out and taken for given', notes),
    ],
  };
}
