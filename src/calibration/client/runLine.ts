import { z } from 'zod';
import type { StepPeaks } from '../metrics/serverPeaks.ts';
import type { RecordedAsk, RequestRecord } from './record.ts';
import { askSchema, recordSchema } from './recordSchema.ts';

/** That a request was about to be sent: without a record that follows it, nobody knows what came of it. */
export interface SentLine {
  readonly schema: 'kplan/sent@1';
  readonly ask: RecordedAsk;
}

/** What the server had under way at most during a step. */
export interface PeaksLine extends StepPeaks {
  readonly schema: 'kplan/step-peaks@1';
}

/** A line of a file of records after its header. */
export type RunLine = RequestRecord | SentLine | PeaksLine;

const sentSchema: z.ZodType<SentLine> = z.strictObject({ schema: z.literal('kplan/sent@1'), ask: askSchema });

const gauge = z.number().min(0).nullable();

const peaksSchema: z.ZodType<PeaksLine> = z.strictObject({
  schema: z.literal('kplan/step-peaks@1'),
  step: z.int().min(0),
  running: gauge,
  waiting: gauge,
  kvUsage: gauge,
  readings: z.int().min(1),
});

/** The format of a line by the schema that it names; that of a record where it names none of these. */
export function lineSchema(value: unknown): z.ZodType<RunLine> {
  const named = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  return named === 'kplan/sent@1' ? sentSchema : named === 'kplan/step-peaks@1' ? peaksSchema : recordSchema;
}
