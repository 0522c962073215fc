import type { BreakEvenQuery } from '../breakEven/breakEven.ts';
import type { HybridQuery } from '../hybrid/hybrid.ts';
import type { SizeQuery } from '../size/sizeQuestion.ts';

/** Who reads a report: who decides on money, who keeps it running, who knows the model, or all of them. */
export const AUDIENCES = ['cfo', 'sre', 'ml', 'all'] as const;

export type Audience = (typeof AUDIENCES)[number];

/** What a report is asked: the question of `breakeven` with the service level of `size` and the demand by hour of `hybrid`. */
export interface DossierQuery
  extends BreakEvenQuery,
    Pick<SizeQuery, 'requestsPerSecond' | 'conversationsPerHour' | 'activeShare' | 'levels' | 'whatIf' | 'loadBytesPerSecond'>,
    Pick<HybridQuery, 'profile'> {
  readonly audience: Audience;
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
export function partsFor({ audience, profile }: DossierQuery): readonly Part[] {
  return READ_BY[audience].filter((part) => part !== 'hybrid' || profile !== undefined);
}

/** Whether a volume is asked, without which nothing is said of a month. */
export function asksVolume(query: DossierQuery): boolean {
  return (['tokensPerMonth', 'requestsPerMonth', 'users'] as const).some((name) => query[name] !== undefined);
}
