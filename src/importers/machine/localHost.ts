import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import type { Run } from './command.ts';
import type { MachineAccess } from './machine.ts';

const TIMEOUT_MS = 30_000;
const MOST_OUTPUT_BYTES = 8 * 2 ** 20;

const run: Run = (command, args) =>
  new Promise((resolve) => {
    const options = { timeout: TIMEOUT_MS, maxBuffer: MOST_OUTPUT_BYTES, windowsHide: true, encoding: 'utf8' } as const;
    execFile(command, [...args], options, (error, stdout, stderr) => {
      const absent = error !== null && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES');
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve(absent ? null : { code, stdout, stderr });
    });
  });

/** Memory of the machine, or of the container where it may use less. */
function ramBytes(): number {
  const allowed = process.constrainedMemory();
  return allowed > 0 ? Math.min(totalmem(), allowed) : totalmem();
}

/** Free bytes of the disk that a folder stands on; null where the system does not say. */
async function freeDiskBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** The machine that kplan runs on, with the disk of a folder. */
export async function localHost(folder: string): Promise<MachineAccess> {
  return { run, ramBytes: ramBytes(), freeDiskBytes: await freeDiskBytes(folder), env: process.env };
}
