import type { Refusal } from '../shared/refusal.ts';
import type { MeasurementRow } from './measurementRow.ts';

/** A row that a run became. */
export interface ImportedRow extends MeasurementRow {
  /** The catalog held it before, or a file before this one did. */
  readonly known: boolean;
}

/** What an import of result files came to. */
export interface BenchImport {
  readonly schema: 'kplan/import-bench@1';
  readonly answer: string;
  /** The file of measurements in the catalog folder. */
  readonly catalog: string;
  readonly added: number;
  readonly rows: readonly ImportedRow[];
  readonly refused: readonly Refusal[];
  /** What neither files nor options say. */
  readonly assumed: readonly string[];
}
