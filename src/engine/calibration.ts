/** What a start-up log of the same model, GPU and engine showed beyond kplan's own arithmetic: offsets that a plan adds to it. */
export interface MemoryCalibration {
  /** How an answer names it. */
  readonly name: string;
  /** Ids of what the log was made with; it says nothing of others. */
  readonly model: string;
  readonly gpu: string;
  readonly engine: string;
  /** Weights as loaded less weights as derived, of one GPU; 0 where the log did not show them. */
  readonly weightOffsetBytes: number;
  /** Overhead as logged less overhead as modelled for the deployment of the log; null where the log did not show it. */
  readonly overheadOffsetBytes: number | null;
  /** Where it comes from, for a person. */
  readonly source: string;
}
