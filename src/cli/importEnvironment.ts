import { homedir } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { cacheFolderOf, type ImportEnvironment } from '../importers/model/index.ts';
import type { Io } from './io.ts';

/** The world around an import, as this process sees it. */
export function importEnvironment(io: Io): ImportEnvironment {
  return {
    fetch,
    variables: process.env,
    now: () => new Date(),
    cacheFolder: cacheFolderOf(process.env, homedir()),
    warn: (sentence) => io.warn(`kplan: ${sentence}\n`),
    sleep: (milliseconds) => setTimeout(milliseconds),
  };
}
