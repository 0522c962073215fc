import type { z } from 'zod';
import { Fault } from '../faults/fault.ts';
import type { Checked } from './dataFolder.ts';
import type { workloadFile } from './workloadFile.ts';

/** What rounding of the stated tokens may leave: half a token, or a thousandth. */
const rounding = (tokens: number) => Math.max(0.5, tokens / 1_000);

/** Adds a fault for every mean length that is not that of the cells. */
export function checkLengths(files: readonly Checked<z.output<typeof workloadFile>>[], faults: Fault[]): void {
  for (const { content, data } of files)
    for (const field of ['inputTokens', 'outputTokens'] as const) {
      const mean = content.lengths.reduce((sum, cell) => sum + cell.share * cell[field], 0);
      if (Math.abs(mean - content[field]) > rounding(content[field]))
        faults.push(
          new Fault('contradiction', `${field}: not the mean of lengths`, {
            where: data.where([field]),
            value: content[field],
            allowed: `about ${Number(mean.toPrecision(6))}`,
          }),
        );
    }
}
