import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Fault } from '../faults/fault.ts';
import { checkOutputs, type Output, writeOutputs } from '../report/output.ts';

/** Makes the last folder of a path where it is missing; returns what takes it away again. */
function makeFolder(folder: string): () => void {
  if (existsSync(folder)) return () => undefined;
  checkOutputs([{ where: '--out', path: join(dirname(folder), basename(folder)) }]);
  mkdirSync(folder);
  return () => rmdirSync(folder);
}

/**
 * Writes files into a folder, all or none; the folder itself is made where its own folder exists. Files that kplan wrote are replaced, no
 * others.
 *
 * @param known names of all files that such a folder may have; one that is not written must not be left of another plan
 * @throws Fault where a file may not or cannot be written, or is left of another plan
 */
export function writeFolder(
  folder: string,
  files: readonly { readonly name: string; readonly content: string }[],
  known: readonly string[],
): string[] {
  if (folder === '-')
    throw new Fault('unsupported', 'several files go into a folder', {
      where: '--out',
      value: folder,
      allowed: '--emit for one file on stdout',
    });
  const left = known.find((name) => !files.some((file) => file.name === name) && existsSync(join(folder, name)));
  if (left !== undefined)
    throw new Fault('exists', 'it is of another plan, and this one has no such file', {
      where: '--out',
      value: join(folder, left),
      allowed: 'another folder',
    });
  const undo = makeFolder(folder);
  const outputs: Output[] = files.map(({ name, content }) => ({ where: '--out', path: join(folder, name), content }));
  try {
    writeOutputs(outputs, { otherwise: 'another folder' });
  } catch (error) {
    undo();
    throw error;
  }
  return outputs.map(({ path }) => path);
}
