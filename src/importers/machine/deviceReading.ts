import type { Gpu } from '../../hardware/gpu.ts';

/** One GPU as a vendor's tool describes it; null where the tool does not say. */
export interface DeviceReading {
  readonly vendor: Gpu['vendor'];
  /** As the tool counts it. */
  readonly index: number;
  /** As the tool spells it. */
  readonly name: string;
  readonly memoryMiB: number | null;
  readonly usedMiB: number | null;
  readonly computeCapability: number | null;
  readonly driverVersion: string | null;
  /** How the GPU is cut into smaller ones (`MIG`, `CPX` …); null where it is whole. */
  readonly partition: string | null;
}

const PLAIN = /^\d+(\.\d+)?$/;

/** A number as these tools print it; null for `[N/A]`, `[Unknown Error]`, `ERR!` and anything else that is none. */
export function readNumber(value: unknown): number | null {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  return PLAIN.test(text) ? Number(text) : null;
}

/** A word as these tools print it; null where they print that there is none. */
export function readWord(value: unknown): string | null {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' || /^(\[.*\]|n\/a|none|unknown|err!)$/i.test(text) ? null : text;
}
