import type { CalibratedFigures } from '../../calibration/calibration.ts';
import type { Deployment } from '../../engine/deployment.ts';
import type { StartOutcome, StartupLog, UnreadLine } from '../../importers/startupLog/startupLog.ts';
import type { Verdict } from '../../memory/memoryPlan.ts';
import type { Contradiction } from './contradiction.ts';
import type { ReconcileLine } from './line.ts';

/** What became of the start, and what kplan would have said. */
export interface ReconcileVerdict {
  readonly predicted: Verdict | null;
  readonly logged: StartOutcome['kind'];
  /** null where the two cannot be held against each other. */
  readonly agrees: boolean | null;
  readonly explanation: string;
  readonly line: number | null;
}

/** Prediction against log, line by line: the document of `kplan reconcile --json`. */
export interface Reconciliation {
  readonly schema: 'kplan/reconcile@1';
  readonly answer: string;
  readonly log: Pick<StartupLog, 'name' | 'engine' | 'version' | 'model' | 'starts' | 'lines' | 'cutLines'>;
  readonly recognised: readonly string[];
  readonly assumed: readonly string[];
  readonly lines: readonly ReconcileLine[];
  readonly verdict: ReconcileVerdict;
  /** Lines of the log that look like memory and were not read. */
  readonly unread: readonly UnreadLine[];
}

/** A reconciliation with what a calibration can be made of; null where the log states too little. */
export interface Reconciled {
  readonly reconciliation: Reconciliation;
  readonly flags: StartupLog['flags'];
  /** Why nothing may be calibrated of what was asked. */
  readonly contradictions: readonly Contradiction[];
  readonly basis: {
    readonly deployment: Deployment;
    /** Whether its release is only the default of the engine. */
    readonly releaseAssumed: boolean;
    readonly measured: CalibratedFigures;
    readonly predicted: CalibratedFigures;
  } | null;
  /** Why nothing can be calibrated. */
  readonly noBasis: string | null;
}
