import { z } from 'zod';
import { amount, estimate, evidence, query } from './common.ts';
import { fleetLine, tariffLine } from './money.ts';
import { sensitivityRow } from './outlook.ts';

const way = z.enum(['host', 'api', 'both']);
const whole = z.int().min(0);

/** The document of `kplan advise --json`. */
export const adviseSchema = z.strictObject({
  schema: z.literal('kplan/advise@1'),
  query,
  answer: z.string(),
  choice: way,
  probability: amount.max(1).nullable().describe('That the chosen way is the cheapest; null where nothing can be hosted.'),
  budgetUsdPerMonth: amount.nullable(),
  ways: z
    .array(
      z.strictObject({
        way,
        offer: z.string().nullable(),
        tariff: z.string().nullable(),
        usdPerMonth: estimate,
        replicas: whole,
        instances: whole,
        ownShare: amount,
        inBudget: amount.max(1).nullable(),
      }),
    )
    .describe('Ascending in cost.'),
  turns: z.array(sensitivityRow),
  changed: z.strictObject({ message: z.string(), change: z.record(z.string(), z.union([z.string(), z.number()])) }).nullable(),
  commands: z.array(z.strictObject({ part: z.enum(['both', 'volumes', 'replicas', 'cost']), command: z.string() })),
  fleets: z.array(fleetLine),
  tariffs: z.array(tariffLine),
  ...evidence,
});
