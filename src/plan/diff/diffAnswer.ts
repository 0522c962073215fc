import type { Assumption } from '../../evidence/assumption.ts';
import type { DataAge } from '../answerEvidence.ts';
import type { FigureUnit } from '../figures/figure.ts';
import type { FiguredAnswer } from '../figures/figures.ts';

/** Three numbers of which any may be unbounded. */
export interface OpenBand {
  readonly low: number | null;
  readonly value: number | null;
  readonly high: number | null;
}

/** A word of a question, as it was said and as it is said now. */
export interface InputChange {
  readonly name: string;
  /** null: not said. */
  readonly before: string | null;
  readonly after: string | null;
  /** `file:line:column`; null where a plan says it. */
  readonly beforeAt: string | null;
  readonly afterAt: string | null;
}

/** A verdict in a word, as it was and as it is. */
export interface VerdictChange {
  readonly of: FiguredAnswer['schema'];
  readonly subject: string;
  readonly before: string;
  readonly after: string;
}

/**
 * What both sides of a change have in common, and with it which doubts cancel. `same`: replica and request are the same, all doubts cancel;
 * `load`: the same replica under another request; `layout`: another layout of the same GPUs, engine, format and model; `other`: another GPU, engine,
 * format or model, a prediction on another basis (measured, calibrated, modelled), or answers of different facts, of which nothing cancels.
 */
export type Kinship = 'same' | 'load' | 'layout' | 'other';

/** A figure that the answers say differently. */
export interface FigureDifference {
  readonly of: FiguredAnswer['schema'];
  readonly code: string;
  readonly subject: string;
  /** Of which fleet, price or load it was; another than `subject` where that was replaced. */
  readonly subjectBefore: string;
  readonly label: string;
  readonly unit: FigureUnit;
  /** null: the answer has none. */
  readonly before: OpenBand | null;
  readonly after: OpenBand | null;
  readonly kinship: Kinship;
  /** After less before; the band is what the doubts that do not cancel make of it. null where one side has none. */
  readonly absolute: OpenBand | null;
  /** Change over what it was, 0.1 for 10 % more; null where one side has none or it was not above 0. */
  readonly relative: OpenBand | null;
  /** Whether the band of the change leaves no doubt about its direction. */
  readonly real: boolean;
}

/** A figure that only one side has. */
export interface LoneFigure {
  readonly of: FiguredAnswer['schema'];
  readonly side: 'before' | 'after';
  readonly code: string;
  readonly subject: string;
  readonly label: string;
  readonly unit: FigureUnit;
  readonly value: OpenBand | null;
}

/** A condition on which a change is refused. */
export interface JudgedCondition {
  /** As it was given. */
  readonly condition: string;
  readonly failed: boolean;
  /** What failed it, in words. */
  readonly by: readonly string[];
  /** What would fail it, but is not a real difference. */
  readonly passedOver: readonly string[];
}

/** Which facts both sides rest on. */
export interface FactsCompared {
  readonly before: DataAge | null;
  readonly after: DataAge | null;
  /** Whether the facts that both rest on are of the same day. */
  readonly same: boolean;
  /** Sources of both whose date or address differs. */
  readonly changed: readonly string[];
}

/** What changes between two answers to questions of the same kind. */
export interface DiffAnswer {
  readonly schema: 'kplan/diff@1';
  readonly before: string;
  readonly after: string;
  readonly answer: string;
  readonly inputs: readonly InputChange[];
  readonly verdicts: readonly VerdictChange[];
  readonly figures: readonly FigureDifference[];
  readonly lone: readonly LoneFigure[];
  /** Figures that both say alike. */
  readonly unchanged: number;
  readonly conditions: readonly JudgedCondition[];
  readonly facts: FactsCompared;
  readonly assumptions: readonly Assumption[];
  readonly warnings: readonly string[];
}
