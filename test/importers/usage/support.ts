import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Fault } from '../../../src/faults/fault.ts';
import { importUsage, type UsageWords, type WorkloadDocument } from '../../../src/importers/usage/index.ts';

/** Imports files of these contents as a command would. */
export async function imported(
  contents: string | Buffer | readonly (string | Buffer)[],
  words: UsageWords = {},
): Promise<WorkloadDocument> {
  const folder = mkdtempSync(join(tmpdir(), 'kplan-usage-'));
  const all = typeof contents === 'string' || Buffer.isBuffer(contents) ? [contents] : contents;
  const paths = all.map((content, index) => {
    const path = join(folder, `file-${index + 1}`);
    writeFileSync(path, content);
    return path;
  });
  return importUsage(paths, words, { stdin: Readable.from([]) });
}

/** Imports what another program writes, in parts of these sizes. */
export async function importedParts(text: Buffer, sizes: readonly number[], words: UsageWords = {}): Promise<WorkloadDocument> {
  const parts: Buffer[] = [];
  for (let at = 0, index = 0; at < text.length; index++) {
    const size = Math.max(1, sizes[index % sizes.length] ?? 1);
    parts.push(text.subarray(at, at + size));
    at += size;
  }
  return importUsage(['-'], words, { stdin: Readable.from(parts) });
}

/** The fault that an import ends in. */
export async function faultOf(contents: string | Buffer, words: UsageWords = {}): Promise<Fault> {
  try {
    await imported(contents, words);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

/** A table as CSV. */
export function csv(columns: string, ...rows: readonly string[]): string {
  return `${[columns, ...rows].join('\n')}\n`;
}

export const AZURE = csv(
  'TIMESTAMP,ContextTokens,GeneratedTokens',
  '2023-11-16 18:17:03.9799600,4808,10',
  '2023-11-16 18:17:04.0319600,3180,8',
  '2023-11-16 18:17:04.0319601,110,27',
);
