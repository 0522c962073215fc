import { leavesOf } from '../../../cost/tokenLeaves.ts';
import { Fault } from '../../../faults/fault.ts';
import { amountIn, countField } from '../fieldValues.ts';
import type { UsageFormat } from '../usageFormat.ts';
import { requestRow, SHARED_BLOCKS } from '../usageRow.ts';

/** Ids of blocks as a trace lists them. */
export function blocksIn(value: unknown, name: string): readonly number[] | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value) && value.every((id) => Number.isSafeInteger(id))) return value as number[];
  throw new Fault('invalid', 'not a list of block ids', { where: name, value: typeof value, allowed: 'whole numbers in brackets' });
}

/** Traces of Mooncake: milliseconds since the file began, lengths, and the 512-token blocks of the input. */
export const mooncakeTrace: UsageFormat = {
  id: 'mooncake-trace',
  name: 'Mooncake trace',
  needs: ['timestamp', 'input_length', 'output_length'],
  knows: ['hash_ids'],
  blockTokens: 512,
  open: (fields) => {
    const [at, blocks] = [fields.field('timestamp'), fields.field('hash_ids')];
    const [input, output] = [countField(fields, 'input_length'), countField(fields, 'output_length')];
    return (record) => {
      const atMs = amountIn(at(record), 'timestamp');
      if (atMs === null) throw new Fault('missing', 'a time is missing', { where: 'timestamp' });
      return requestRow({
        atMs,
        leaves: leavesOf({ input: input(record), output: output(record), cached: 'inside' }, 'input_length'),
        blocks: blocksIn(blocks(record), 'hash_ids'),
        blockScope: SHARED_BLOCKS,
      });
    };
  },
  clock: 'file',
};
