import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../../../../src/faults/fault.ts';
import type { ImportEnvironment } from '../../../../src/importers/model/environment.ts';

export const TOKEN = 'hf_SecretOfTheUser0123456789';

export interface TestEnvironment extends ImportEnvironment {
  readonly warnings: string[];
  readonly waits: number[];
}

/** An environment with a cache of its own, in which waiting takes no time. */
export function testEnvironment(more: Partial<ImportEnvironment> = {}): TestEnvironment {
  const warnings: string[] = [];
  const waits: number[] = [];
  return {
    fetch: globalThis.fetch,
    variables: {},
    now: () => new Date('2026-11-22T12:00:00Z'),
    cacheFolder: join(mkdtempSync(join(tmpdir(), 'kplan-import-')), 'cache'),
    warn: (sentence) => warnings.push(sentence),
    sleep: async (milliseconds) => void waits.push(milliseconds),
    warnings,
    waits,
    ...more,
  };
}

/** A fetch that fails as it does without a network. */
export const noNetwork: typeof fetch = async () => {
  throw new TypeError('fetch failed');
};

/** A folder that vanishes with the machine's temporary files. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'kplan-model-'));
}

/** Every file below a folder. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The fault that a promise or function ends in; anything else is a failure of the test. */
export async function faultOf(work: Promise<unknown> | (() => unknown)): Promise<Fault> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('no fault was raised');
}
