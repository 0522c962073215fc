import { leavesOf } from '../../../cost/tokenLeaves.ts';
import { countField, timeField } from '../fieldValues.ts';
import type { UsageFormat } from '../usageFormat.ts';
import { requestRow } from '../usageRow.ts';

/** Traces of Azure's public data set: when, and two lengths. */
export const azureTrace: UsageFormat = {
  id: 'azure-trace',
  name: 'Azure LLM inference trace',
  needs: ['TIMESTAMP', 'ContextTokens', 'GeneratedTokens'],
  knows: [],
  open: (fields) => {
    const [at, input, output] = [
      timeField(fields, 'TIMESTAMP'),
      countField(fields, 'ContextTokens'),
      countField(fields, 'GeneratedTokens'),
    ];
    return (record) =>
      requestRow({
        atMs: at(record),
        leaves: leavesOf({ input: input(record), output: output(record), cached: 'inside' }, 'ContextTokens'),
      });
  },
};
