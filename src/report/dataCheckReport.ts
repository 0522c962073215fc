import type { DataCheckAnswer } from '../plan/facts/dataCheck.ts';
import { dataCheckTable, overLimitTable } from './dataCheckTable.ts';
import { type Block, type Report, tableBlock } from './report.ts';

/** Facts over their limit that are named one by one. */
const MOST = 20;

function rest({ overLimit }: DataCheckAnswer): Block[] {
  const more = overLimit.length - MOST;
  return more > 0 ? [{ kind: 'text', text: `${more} more are over their limit; --json and --csv name all of them.` }] : [];
}

/** The age of facts arranged for reading: kinds, then what is furthest over its limit. */
export function dataCheckReport(checked: DataCheckAnswer): Report {
  const { schema, answer, overLimit } = checked;
  const remedy = 'Newer prices come in with `kplan import prices` and `kplan import offers`, measurements with `kplan import bench`.';
  return {
    schema,
    blocks: [
      { kind: 'answer', text: answer },
      { kind: 'table', title: 'Facts that count: of each product the newest', table: dataCheckTable(checked) },
      ...tableBlock('Furthest over the limit', overLimitTable(checked, MOST)),
      ...rest(checked),
      ...(overLimit.length > 0 ? [{ kind: 'text', text: remedy } as const] : []),
    ],
  };
}
