import type { LoggedFigure } from '../../importers/startupLog/startupLog.ts';

/** Units of what is held against a log. */
export type LineUnit = 'GiB' | 'token' | 'B/token' | 'sequence';

/** What foretells a figure. */
export type LineSource = 'kplan' | 'log';

/** One figure as kplan gives it and as the log states it. */
export interface ReconcileLine {
  readonly id: string;
  readonly what: string;
  readonly unit: LineUnit;
  /** What foretells the figure: kplan, or other figures of the same log, which say nothing of kplan. */
  readonly source: LineSource;
  /** null where kplan cannot say; the explanation then has the reason. */
  readonly predicted: number | null;
  /** null where the log does not say. */
  readonly logged: number | null;
  /** Predicted less logged. */
  readonly residual: number | null;
  /** Of what is logged. */
  readonly residualShare: number | null;
  /** By how much the two may differ. */
  readonly tolerance: number | null;
  readonly within: boolean | null;
  readonly explanation: string;
  /** Line of the log. */
  readonly line: number | null;
}

/** A prediction, exact or with the band that holds 80 % of cases. */
export type Prediction = number | { readonly low: number; readonly value: number; readonly high: number };

/** What of a log a prediction is held against. */
export interface LoggedValue {
  readonly value: number;
  readonly line: number | null;
}

/** A figure of a log as something to hold a prediction against. */
export function stated(figure: LoggedFigure | undefined): LoggedValue | null {
  return figure ? { value: figure.value, line: figure.line } : null;
}

interface Comparison {
  readonly id: string;
  readonly what: string;
  readonly unit: LineUnit;
  /** kplan where it is left out. */
  readonly source?: LineSource;
  readonly predicted: Prediction;
  readonly logged: LoggedValue;
  /** By how much the two may differ; the half of the band on the side of the log where it is left out. */
  readonly tolerance?: number;
  /** What explains the residual, once it and whether it is within the tolerance are known. */
  readonly explain: (residual: number, within: boolean) => string;
}

function middle(predicted: Prediction): number {
  return typeof predicted === 'number' ? predicted : predicted.value;
}

function halfBand(predicted: Prediction, logged: number): number {
  if (typeof predicted === 'number') return 0;
  return logged > predicted.value ? predicted.high - predicted.value : predicted.value - predicted.low;
}

/** Holds a prediction against what a log states. */
export function compared({ id, what, unit, source = 'kplan', predicted, logged, tolerance, explain }: Comparison): ReconcileLine {
  const value = middle(predicted);
  const residual = value - logged.value;
  const allowed = tolerance ?? halfBand(predicted, logged.value);
  const within = Math.abs(residual) <= allowed * (1 + 1e-9);
  return {
    id,
    what,
    unit,
    source,
    predicted: value,
    logged: logged.value,
    residual,
    residualShare: logged.value === 0 ? null : residual / Math.abs(logged.value),
    tolerance: allowed,
    within,
    explanation: explain(residual, within),
    line: logged.line,
  };
}

/** A figure of the log that kplan cannot say, with the reason. */
export function unpredicted(id: string, what: string, unit: LineUnit, logged: LoggedValue, reason: string): ReconcileLine {
  return {
    id,
    what,
    unit,
    source: 'kplan',
    predicted: null,
    logged: logged.value,
    residual: null,
    residualShare: null,
    tolerance: null,
    within: null,
    explanation: reason,
    line: logged.line,
  };
}

/** A prediction that the log does not state, with what it is good for. */
export function unlogged(id: string, what: string, unit: LineUnit, predicted: Prediction, remark: string): ReconcileLine {
  return {
    id,
    what,
    unit,
    source: 'kplan',
    predicted: middle(predicted),
    logged: null,
    residual: null,
    residualShare: null,
    tolerance: null,
    within: null,
    explanation: remark,
    line: null,
  };
}
