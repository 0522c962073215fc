import type { FaultCode } from '../../faults/fault.ts';
import type { MeasurementRow } from './measurementRow.ts';

/** A row that a run became. */
export interface ImportedRow extends MeasurementRow {
  /** The catalog held it before, or a file before this one did. */
  readonly known: boolean;
}

/** A run that became no row, or a file that holds none. */
export interface RefusedRun {
  readonly code: FaultCode;
  /** File, object and field. */
  readonly where: string;
  readonly message: string;
  readonly value: string | null;
  readonly allowed: string | null;
  readonly nearest: readonly string[];
}

/** What an import of result files came to. */
export interface BenchImport {
  readonly schema: 'kplan/import-bench@1';
  readonly answer: string;
  /** The file of measurements in the catalog folder. */
  readonly catalog: string;
  readonly added: number;
  readonly rows: readonly ImportedRow[];
  readonly refused: readonly RefusedRun[];
  /** What neither files nor options say. */
  readonly assumed: readonly string[];
}
