import { Fault, type FaultCode } from '../../faults/fault.ts';
import { type JsonPath, pathText } from '../shared/jsonPath.ts';

/**
 * Why a part of a registry becomes no price.
 *
 * template: it describes the file · not-metered: it costs nothing · not-per-token: it is priced otherwise · broken: it cannot be read ·
 * duplicate: an earlier row of the file has its id · outlier: far from all others, held back · conflict: the catalog has another price of
 * that day · file: nothing of the file could be read
 */
export type RefusalKind = 'template' | 'not-metered' | 'not-per-token' | 'broken' | 'duplicate' | 'outlier' | 'conflict' | 'file';

interface FlawDetails {
  readonly value?: unknown;
  readonly allowed?: string;
}

/** A part of a registry that becomes no price, with its place in the document. */
export class RowFlaw extends Error {
  override readonly name = 'RowFlaw';
  readonly kind: RefusalKind;
  readonly code: FaultCode;
  readonly path: JsonPath;
  readonly details: FlawDetails;

  constructor(kind: RefusalKind, code: FaultCode, reason: string, path: JsonPath, details: FlawDetails = {}) {
    super(reason);
    this.kind = kind;
    this.code = code;
    this.path = path;
    this.details = details;
  }

  /** The same for the answer, with the file and the line. */
  fault(file: string, line: number): Fault {
    return new Fault(this.code, this.message, { where: `${file}:${line}: ${pathText(this.path)}`, ...this.details });
  }
}

/** Runs the work and keeps the flaw that it ends in. */
export function flawedOr<T>(work: () => T): T | RowFlaw {
  try {
    return work();
  } catch (error) {
    if (error instanceof RowFlaw) return error;
    throw error;
  }
}
