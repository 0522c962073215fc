import type { SourceId } from '../evidence/source.ts';

/** Something that decides beside money. */
export interface Constraint {
  readonly id: string;
  readonly side: 'api' | 'self-host' | 'both';
  /** Models that it is about; all where none are named. */
  readonly models?: readonly string[];
  /** Providers that it is about; all where none are named. */
  readonly providers?: readonly string[];
  /** A word or two for a table. */
  readonly label: string;
  readonly text: string;
  readonly source: SourceId;
}

/**
 * The constraints that stand beside a way of serving a model.
 *
 * @param provider of the API; null on one's own machines
 */
export function constraintsOn(constraints: readonly Constraint[], model: string, provider: string | null): Constraint[] {
  const side = provider === null ? 'self-host' : 'api';
  return constraints.filter(
    (constraint) =>
      (constraint.side === 'both' || constraint.side === side) &&
      (constraint.models?.includes(model) ?? true) &&
      (constraint.providers === undefined || (provider !== null && constraint.providers.includes(provider))),
  );
}
