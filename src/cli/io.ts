/** Where a run writes to: results to `write`, everything else to `warn`. */
export interface Io {
  readonly write: (text: string) => void;
  readonly warn: (text: string) => void;
  /** Columns of the terminal. */
  readonly width: number;
  readonly color: boolean;
}

/** What `kplan` exits with. */
export const EXIT = { done: 0, internal: 1, badInput: 2, negative: 3, unavailable: 4, partial: 5 } as const;
