import type { LogRecord } from './logRecord.ts';
import { type PlainLine, shortText } from './plainLine.ts';
import { inGiB } from './printedNumber.ts';
import type { OutOfMemoryPlace, Stage } from './startupLog.ts';
import type { Wording } from './wording.ts';

/** Where memory runs out in a stage, if the line does not say it. */
const PLACES: Readonly<Record<Stage, OutOfMemoryPlace>> = {
  start: 'load',
  load: 'load',
  profile: 'profile',
  'kv-cache': 'kv-cache',
  'graph-capture': 'graph-capture',
  ready: 'after-start',
};

/** Notes that memory ran out. */
export function ranOut(record: LogRecord, { number, text }: PlainLine, askedGiB: number | null, where = PLACES[record.stage]): void {
  record.end({ kind: 'out-of-memory', where, askedGiB, line: number, text: shortText(text) });
}

/** PyTorch's message on any accelerator, which every engine on it passes on, and the bare error of the driver. */
export const OUT_OF_MEMORY: readonly Wording[] = [
  {
    says: /\b[A-Z]{3,4} out of memory\. Tried to allocate (?<asked>[\d.]+) (?<askedUnit>[KMG]iB)(?:.{0,80}? total capac[a-z]{2,3} of (?<total>[\d.]+) (?<unit>[MG]iB))?/,
    figures: { total: 'GiB' },
    note: ({ asked = '', askedUnit = '' }, record, line) => ranOut(record, line, inGiB(asked, askedUnit)),
  },
  {
    says: /(?:CUDA|HIP|ACL|NPU)[\w ]{0,20} error:? (?:in [^:]{0,80}: )?out of memory|cudaErrorMemoryAllocation|hipErrorOutOfMemory|CUDA_ERROR_OUT_OF_MEMORY/i,
    note: (_, record, line) => ranOut(record, line, null),
  },
];
