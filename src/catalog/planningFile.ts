import { z } from 'zod';
import { bandFact, fact, sources, text } from './fields.ts';

/** data/planning.yaml: what plans take for granted where nothing is asked. */
export const planningFile = z.strictObject({
  staffing: z.strictObject({ ftePerEightGpus: bandFact, usdPerFteMonth: bandFact }),
  spreadMonths: fact,
  workDaysPerMonth: fact,
  workHoursPerDay: fact,
  activeHoursPerDay: fact,
  loadBytesPerSecond: bandFact,
  interactiveTpotMs: fact,
  thinkingChanges: z.array(z.strictObject({ from: text, to: text, ratio: bandFact })),
  sources,
});
