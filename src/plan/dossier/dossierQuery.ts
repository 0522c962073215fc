import type { Assumption } from '../../evidence/assumption.ts';
import type { BreakEvenQuery } from '../breakEven/breakEven.ts';
import type { FitQuery } from '../fit/question.ts';
import type { HybridQuery } from '../hybrid/hybrid.ts';
import type { SizeQuery } from '../size/sizeQuestion.ts';
import type { SpeedQuery } from '../speed/speedQuestion.ts';

/** Who reads a report: who decides on money, who keeps it running, who knows the model, or all of them. */
export const AUDIENCES = ['cfo', 'sre', 'ml', 'all'] as const;

export type Audience = (typeof AUDIENCES)[number];

/** What a report is asked: one question as each command takes it. */
export interface DossierQuery {
  readonly audience: Audience;
  /** As `breakeven` and `cost` take it; `speed` and `fit` are asked of its best fleets. */
  readonly money: BreakEvenQuery;
  /** As `size` takes it; null where no busiest hour is given. */
  readonly size: SizeQuery | null;
  /** As `hybrid` takes it; null where no demand by the hour is given. */
  readonly hybrid: HybridQuery | null;
  /** What `speed` and `fit` are asked beside that: requests in flight, sequences that must fit at once. */
  readonly replica?: Pick<SpeedQuery, 'concurrency'> & Pick<FitQuery, 'sequences'>;
  /** What is to be said of the facts behind the question. */
  readonly told?: { readonly assumptions: readonly Assumption[]; readonly warnings: readonly string[] };
}

/** The answers that a report may hold. */
export const PARTS = ['breakEven', 'cost', 'hybrid', 'size', 'speed', 'fit'] as const;

export type Part = (typeof PARTS)[number];

const READ_BY: Readonly<Record<Audience, readonly Part[]>> = {
  cfo: ['breakEven', 'cost', 'hybrid'],
  sre: ['breakEven', 'size', 'speed', 'fit'],
  ml: ['breakEven', 'speed', 'fit'],
  all: PARTS,
};

/** The answers that an audience reads; what it costs is always one. */
export function partsFor({ audience }: DossierQuery): readonly Part[] {
  return READ_BY[audience];
}
