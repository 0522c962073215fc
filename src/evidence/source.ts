/** How a fact came to be known. */
export type FactKind = 'spec' | 'measured' | 'quoted' | 'estimated' | 'assumed';

/** Where a fact was read: a page, or a repository path and commit, with the date that it speaks for. */
export interface Source {
  readonly ref: string;
  /** ISO date, to the day or the month. */
  readonly date: string;
  readonly kind: FactKind;
  readonly note?: string;
}

/** Key of a source in the catalog, e.g. `gpus/h200-sxm#spec`. */
export type SourceId = string;

/** A number with the source that states it; its unit is in the name of the field that holds it. */
export interface Fact {
  readonly value: number;
  readonly source: SourceId;
}

/** A number that sources give as a band, with the source that states it. */
export interface BandFact {
  readonly low: number;
  readonly value: number;
  readonly high: number;
  readonly source: SourceId;
}
