/** What a run that was started came to. */
export type Outcome = 'fits' | 'oom' | 'fails';

/** One row of a file of start-up observations, as it states them; null where it says nothing. */
export interface StartupRow {
  readonly id: string;
  /** Line of the file. */
  readonly line: number;
  readonly source: string;
  readonly date: string;
  readonly model: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly gpu: string;
  readonly gpus: number | null;
  readonly tp: number | null;
  readonly pp: number | null;
  readonly dp: number | null;
  /** Ranks of expert parallelism, or true where it is only said to be on. */
  readonly ep: number | true | null;
  /** Groups of attention data parallelism, or true where it is only said to be on. */
  readonly attentionDp: number | true | null;
  readonly dcp: number | null;
  readonly weightFormat: string;
  readonly kvDtype: string;
  /** vLLM's memory utilisation or SGLang's static fraction. */
  readonly fraction: number | null;
  /** The engine computed that fraction itself. */
  readonly fractionIsOwn: boolean;
  readonly maxModelLen: number | null;
  readonly maxNumSeqs: number | null;
  readonly flags: string;
  readonly weightsGiB: number | null;
  /** What was printed about activations and graphs, as words. */
  readonly nonKv: string;
  readonly kvGiB: number | null;
  readonly kvTokens: number | null;
  readonly maxConcurrency: number | null;
  readonly outcome: Outcome;
  readonly notes: string;
}

/** GiB and tokens of one row were computed from each other, so neither proves the other. */
export function isDerived({ notes }: StartupRow): boolean {
  return /\bderived\b/i.test(notes);
}

/** The row's tokens and GiB were both printed, and may be held against each other. */
export function isCheckable({ notes }: StartupRow): boolean {
  return /\bcheck\b/i.test(notes);
}
