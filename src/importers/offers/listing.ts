import { Fault } from '../../faults/fault.ts';
import { parseNumber } from '../../units/number.ts';
import type { CsvRow } from '../shared/csvTable.ts';

/** Why a row of a catalog is no price of GPUs, and yet no flaw. */
export type LeaveReason = 'no-gpu' | 'gpu-share' | 'gpu-alone' | 'no-price' | 'zero-price' | 'on-request' | 'plan' | 'repeat' | 'dearer';

/** A row, or a price of it, that is left out. */
export class LeftOut {
  readonly reason: LeaveReason;
  readonly where: string;

  constructor(reason: LeaveReason, where: string) {
    this.reason = reason;
    this.where = where;
  }
}

/** A GPU as a catalog names it. */
export interface StatedGpu {
  readonly name: string;
  readonly where: string;
  /** Other names in the row, which may say the form factor. */
  readonly beside: readonly string[];
  /** What the memory of one GPU may be, GB; several where the row does not say of how many GPUs it speaks. Empty: not stated. */
  readonly memoryGB: readonly number[];
}

/** A price per instance and hour, as written. */
export interface ListedPrice {
  readonly pricing: 'on-demand' | 'spot';
  readonly usd: number;
  readonly where: string;
}

/** Instances with GPUs, as a catalog lists them. */
export interface Listing {
  /** null where the row does not say. */
  readonly provider: string | null;
  readonly instance: string;
  readonly region: string;
  /** A part of the region; empty where the catalog knows none. */
  readonly zone: string;
  readonly gpus: number;
  readonly gpu: StatedGpu;
  readonly prices: readonly ListedPrice[];
  readonly where: string;
}

const ON_REQUEST = /contact|request|quote|call|sales|custom/i;
const LONGEST_NAME = 120;

/** How many GPUs a row is about. */
export function gpuCount(row: CsvRow, column: string): number | LeftOut {
  const cell = row.cell(column);
  const where = row.where(column);
  const count = cell === '' ? 0 : parseNumber(cell, where, { min: 0, max: 1024 });
  if (count === 0) return new LeftOut('no-gpu', where);
  return Number.isInteger(count) ? count : new LeftOut('gpu-share', where);
}

/** A price of an instance; null where the cell is empty. */
export function listedPrice(row: CsvRow, column: string, pricing: ListedPrice['pricing']): ListedPrice | LeftOut | null {
  const cell = row.cell(column);
  const where = row.where(column);
  if (cell === '') return null;
  if (ON_REQUEST.test(cell)) return new LeftOut('on-request', where);
  const usd = parseNumber(cell, where, { min: 0, max: 1e6 });
  return usd === 0 ? new LeftOut('zero-price', where) : { pricing, usd, where };
}

/**
 * A name that may stand in a catalog: one line that no spreadsheet would run.
 *
 * @throws Fault `invalid` for what is none
 */
export function plainName(row: CsvRow, column: string): string {
  const name = row.cell(column).replace(/^[\s,]+/, '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not reach a catalog
  if (name.length <= LONGEST_NAME && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]|^[=+@-]/.test(name)) return name;
  throw new Fault('invalid', 'not a name', {
    where: row.where(column),
    value: name,
    allowed: `up to ${LONGEST_NAME} characters on one line, not beginning with = + @ or -`,
  });
}
