import type { Assumption } from '../evidence/assumption.ts';
import type { Source, SourceId } from '../evidence/source.ts';

/** How old the facts of an answer are. */
export interface DataAge {
  readonly asOf: string;
  readonly oldestPrice: string | null;
  readonly oldestMeasurement: string | null;
}

/** What every answer rests on. */
export interface AnswerEvidence {
  readonly assumptions: readonly Assumption[];
  readonly warnings: readonly string[];
  readonly sources: Readonly<Record<SourceId, Source>>;
  readonly dataAge: DataAge;
}
