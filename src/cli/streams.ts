import { fstatSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { EXIT, type Io } from './io.ts';

/** What a run needs of its process; a test hands in streams of its own. */
export interface Surroundings {
  readonly stdout: Writable & { readonly fd?: number; readonly columns?: number; readonly isTTY?: boolean };
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The streams of a process as a run writes to them. */
export interface Streams {
  readonly io: Io;
  /** What the process exits with: the code of the run, or 1 where its result could not be written. */
  readonly exitCode: (code: number) => number;
}

const DEFAULT_WIDTH = 120;
const NARROWEST = 40;
const WIDEST = 1000;

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the device fails',
};

/** Columns to write for: those of the terminal, else those of the environment variable COLUMNS, else 120. */
export function columnsOf({ stdout, env }: Surroundings): number {
  const asked = stdout.columns ?? Number(env['COLUMNS'] || DEFAULT_WIDTH);
  return Number.isInteger(asked) && asked > 0 ? Math.min(WIDEST, Math.max(NARROWEST, asked)) : DEFAULT_WIDTH;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown cause';
}

/** Whether a descriptor is a plain file, of which the stream of Node.js may write a part alone when the disk fills up. */
function isPlainFile(fd: number | undefined): fd is number {
  return fd !== undefined && fstatSync(fd).isFile();
}

function writeWhole(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}

/**
 * Connects a run to the streams of its process. A reader that leaves early (EPIPE) ends nothing and changes no exit code; a result
 * that cannot be written (ENOSPC) is said in one line on stderr and makes the exit code 1. Nobody calls `process.exit`, so that a slow
 * reader gets everything.
 *
 * @param around stdout, stderr and the environment
 * @param failed told when a result is lost, which may be after the run has ended
 */
export function connect(around: Surroundings, failed: () => void = () => undefined): Streams {
  const { stdout, stderr, env } = around;
  let gone = false;
  let lost = false;
  const warn = (text: string) => {
    try {
      stderr.write(text);
    } catch {
      // Nobody is left to be told.
    }
  };
  const refused = (error: unknown) => {
    if (gone) return;
    gone = true;
    const code = codeOf(error);
    if (code === 'EPIPE') return;
    lost = true;
    warn(`kplan: stdout cannot be written: ${REASONS[code] ?? 'the system refuses'} (${code})\n`);
    failed();
  };
  stdout.on('error', refused);
  stderr.on('error', () => undefined);
  const write = (text: string) => {
    if (gone) return;
    try {
      if (isPlainFile(stdout.fd)) writeWhole(stdout.fd, text);
      else stdout.write(text);
    } catch (error) {
      refused(error);
    }
  };
  return {
    io: { write, warn, width: columnsOf(around), color: stdout.isTTY === true && !env['NO_COLOR'] },
    exitCode: (code) => (lost ? EXIT.internal : code),
  };
}
