import type { ServerKind } from '../metrics/metricNames.ts';

/** A model that an endpoint offers. */
export interface OfferedModel {
  readonly id: string;
  /** The checkpoint behind the name, where it is said. */
  readonly root: string | null;
  readonly maxModelLen: number | null;
}

/** What an endpoint says of itself; null where it does not. */
export interface EndpointFacts {
  readonly server: ServerKind | null;
  readonly engineVersion: string | null;
  readonly healthy: boolean | null;
  readonly models: readonly OfferedModel[];
  /** Longest context of the model that is asked for. */
  readonly maxModelLen: number | null;
  readonly kvTokens: number | null;
  readonly kvCacheDtype: string | null;
  readonly prefixCaching: boolean | null;
  /** What speculates, or `none`. */
  readonly speculation: string | null;
  readonly maxSequences: number | null;
  readonly tp: number | null;
  readonly pp: number | null;
  readonly dp: number | null;
  readonly ep: number | null;
  readonly notes: readonly string[];
}

/** Nothing said yet. */
export const NOTHING_SAID: EndpointFacts = {
  server: null,
  engineVersion: null,
  healthy: null,
  models: [],
  maxModelLen: null,
  kvTokens: null,
  kvCacheDtype: null,
  prefixCaching: null,
  speculation: null,
  maxSequences: null,
  tp: null,
  pp: null,
  dp: null,
  ep: null,
  notes: [],
};

/**
 * Two readings of one endpoint as one: what the first does not say, the second may; notes and models of both.
 *
 * @example mergedFacts({ ...NOTHING_SAID, tp: 8 }, { tp: 4, dp: 2 }).dp // 2
 */
export function mergedFacts(known: EndpointFacts, more: Partial<EndpointFacts>): EndpointFacts {
  const said = Object.entries(known).filter(([, value]) => value !== null);
  const models = [...known.models, ...(more.models ?? []).filter(({ id }) => !known.models.some((model) => model.id === id))];
  return { ...NOTHING_SAID, ...more, ...Object.fromEntries(said), models, notes: [...new Set([...known.notes, ...(more.notes ?? [])])] };
}
