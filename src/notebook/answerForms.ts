import { Fault } from '../faults/fault.ts';
import { nearestNames } from '../faults/nearest.ts';
import type { AdviseAnswer } from '../plan/advise/adviseAnswer.ts';
import type { BreakEvenAnswer } from '../plan/breakEven/breakEvenAnswer.ts';
import type { CostAnswer } from '../plan/cost/costAnswer.ts';
import type { Dossier } from '../plan/dossier/dossier.ts';
import type { FitAnswer } from '../plan/fit/fitAnswer.ts';
import type { HybridAnswer } from '../plan/hybrid/hybridAnswer.ts';
import type { OffloadAnswer } from '../plan/offload/offloadAnswer.ts';
import type { ReuseAnswer } from '../plan/reuse/reuseAnswer.ts';
import type { SizeAnswer } from '../plan/size/sizeAnswer.ts';
import type { SpeedAnswer, SpeedRanking } from '../plan/speed/speedAnswer.ts';
import { adviseRawTable, adviseReport } from '../report/adviseReport.ts';
import { breakEvenReport } from '../report/breakEvenReport.ts';
import { monthlyRawTable } from '../report/breakEvenTables.ts';
import { costReport } from '../report/costReport.ts';
import { costRawTable } from '../report/costTables.ts';
import { fitReport } from '../report/fitReport.ts';
import { fitRawTable } from '../report/fitTable.ts';
import { hybridReport } from '../report/hybridReport.ts';
import { hybridRawTable } from '../report/hybridTables.ts';
import { offloadReport } from '../report/offloadReport.ts';
import { offloadRawTable } from '../report/offloadTable.ts';
import { dossierFigures, dossierReport } from '../report/page/pageReport.ts';
import type { Report } from '../report/report.ts';
import { reuseReport } from '../report/reuseReport.ts';
import { reuseRawTable } from '../report/reuseTables.ts';
import { sizeReport } from '../report/sizeReport.ts';
import { sizeRawTable } from '../report/sizeTables.ts';
import { speedRankReport } from '../report/speedRankReport.ts';
import { speedRankRawTable } from '../report/speedRankTable.ts';
import { speedReport } from '../report/speedReport.ts';
import { speedRawTable } from '../report/speedTables.ts';
import type { Table } from '../report/table.ts';

/** Every answer that a notebook shows. */
export type Answer =
  | AdviseAnswer
  | BreakEvenAnswer
  | CostAnswer
  | Dossier
  | FitAnswer
  | HybridAnswer
  | OffloadAnswer
  | ReuseAnswer
  | SizeAnswer
  | SpeedAnswer
  | SpeedRanking;

/** How an answer is read, and the table of its `--csv`. */
export interface Forms<A> {
  readonly report: (answer: A) => Report;
  readonly table: (answer: A) => Table;
}

type AnswerOf<S extends Answer['schema']> = Extract<Answer, { readonly schema: S }>;

const FORMS: { readonly [S in Answer['schema']]: Forms<AnswerOf<S>> } = {
  'kplan/advise@1': { report: adviseReport, table: adviseRawTable },
  'kplan/breakeven@1': { report: breakEvenReport, table: monthlyRawTable },
  'kplan/cost@1': { report: costReport, table: costRawTable },
  'kplan/report@1': { report: dossierReport, table: dossierFigures },
  'kplan/fit@1': { report: fitReport, table: fitRawTable },
  'kplan/hybrid@1': { report: hybridReport, table: hybridRawTable },
  'kplan/offload@1': { report: offloadReport, table: offloadRawTable },
  'kplan/reuse@1': { report: reuseReport, table: reuseRawTable },
  'kplan/size@1': { report: sizeReport, table: sizeRawTable },
  'kplan/speed@1': { report: speedReport, table: speedRawTable },
  'kplan/speed-rank@1': { report: speedRankReport, table: speedRankRawTable },
};

/** What can be shown, by the schema of the answer. */
export const SHOWN_SCHEMAS = Object.keys(FORMS);

/**
 * The forms of an answer, by its schema.
 *
 * @throws Fault `unknown` where no such answer is shown
 */
export function formsOf<A extends Answer>({ schema }: A): Forms<A> {
  if (Object.hasOwn(FORMS, schema)) return FORMS[schema] as unknown as Forms<A>;
  throw new Fault('unknown', 'no such answer can be shown', {
    where: 'schema',
    value: schema,
    allowed: SHOWN_SCHEMAS.join(', '),
    nearest: nearestNames(String(schema), SHOWN_SCHEMAS),
  });
}
