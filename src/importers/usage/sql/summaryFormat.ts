import { Fault } from '../../../faults/fault.ts';
import { amountIn, optionalCount, textIn } from '../fieldValues.ts';
import type { Fields, UsageFormat } from '../usageFormat.ts';
import { SUMMARY_COLUMNS, SUMMARY_KINDS, SUMMARY_SCHEMA, type SummaryColumn } from './summaryColumns.ts';
import type { SummaryRow } from './summaryRow.ts';

const ANOTHER = 'the result of the query that this release prints: kplan workload sql';
const IS_SUMMARY = /^kplan\/workload-summary@/;

/** Warehouses write NULL as nothing or as `\N`. */
function withoutNulls(fields: Fields): Fields {
  return {
    ...fields,
    field: (name) => {
      const read = fields.field(name);
      return (record) => {
        const value = read(record);
        return value === '\\N' ? null : value;
      };
    },
  };
}

/** The result of the query of `kplan workload sql`: sums of a log that stays where it is. */
export const warehouseSummary: UsageFormat = {
  id: 'warehouse-summary',
  name: 'summary of a warehouse',
  needs: ['summary', 'kind', 'requests'],
  knows: Object.keys(SUMMARY_COLUMNS),
  isSummary: true,
  open: (all) => {
    const fields = withoutNulls(all);
    const [summary, kind, name, usd, squares] = (['summary', 'kind', 'name', 'usd', 'squares_ms2'] as const).map((each) =>
      fields.field(each),
    ) as [Read, Read, Read, Read, Read];
    const missing = Object.keys(SUMMARY_COLUMNS).find((column) => !fields.has(column));
    const counts = (Object.entries(SUMMARY_COLUMNS) as [SummaryColumn, string][])
      .filter(([, type]) => type === 'int')
      .map(([column]) => [column, optionalCount(fields, column)] as const);
    return (record): SummaryRow => {
      const schema = textIn(summary(record));
      if (schema !== SUMMARY_SCHEMA)
        throw new Fault(
          'unsupported',
          schema !== null && IS_SUMMARY.test(schema) ? 'it is of another release of kplan' : 'not a summary of kplan',
          {
            where: 'summary',
            value: schema ?? 'nothing',
            allowed: `${SUMMARY_SCHEMA}: ${ANOTHER}`,
          },
        );
      if (missing !== undefined) throw new Fault('missing', 'a column is missing', { where: missing, allowed: ANOTHER });
      const word = textIn(kind(record));
      const known = SUMMARY_KINDS.find((each) => each === word);
      if (known === undefined)
        throw new Fault('invalid', 'no such kind of row', { where: 'kind', value: word ?? 'nothing', allowed: SUMMARY_KINDS.join(', ') });
      const numbers = Object.fromEntries(counts.map(([column, read]) => [column, read(record) ?? 0])) as SummaryRow['sums'];
      return {
        kind: known,
        name: textIn(name(record)),
        sums: { ...numbers, usd: amountIn(usd(record), 'usd') ?? 0, squares_ms2: amountIn(squares(record), 'squares_ms2') ?? 0 },
      };
    };
  },
};

type Read = ReturnType<Fields['field']>;
