import { z } from 'zod';

/** What `kplan workload sql --json` prints. */
export const workloadSqlSchema = z.strictObject({
  schema: z.literal('kplan/workload-sql@1'),
  dialect: z.string(),
  table: z.string(),
  columns: z.string(),
  timeType: z.enum(['timestamp', 'number']),
  result: z.string().describe('What the rows of its result say that they are.'),
  query: z.string().describe('One statement, which reads the named columns alone and writes nothing.'),
});

/** The document of a query. */
export type WorkloadSqlDocument = z.infer<typeof workloadSqlSchema>;
