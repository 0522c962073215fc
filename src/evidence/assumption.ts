import type { Origin } from './term.ts';

/** Something that an answer takes for granted, said in words; `source` is `user` where the user chose it. */
export interface Assumption {
  readonly code: string;
  readonly text: string;
  readonly source: Origin;
}
