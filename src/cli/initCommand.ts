import { lstatSync } from 'node:fs';
import { Fault } from '../faults/fault.ts';
import { TEMPLATE } from '../scenario/template.ts';
import type { InitOptions } from './initOptions.ts';
import { EXIT, type Io } from './io.ts';

/**
 * Answers `kplan init`: writes a scenario to start from.
 *
 * @param path of the file; `-` is stdout
 * @throws Fault where it is there already, or cannot be written
 */
export async function runInit(path: string, { force = false }: InitOptions, io: Io): Promise<number> {
  if (path === '-') {
    io.write(TEMPLATE);
    return EXIT.done;
  }
  const isThere = lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  if (isThere && !force)
    throw new Fault('exists', 'the file is there already', {
      where: 'FILE',
      value: path,
      allowed: 'another name, or --force to replace it',
    });
  const { writeOutputs } = await import('../report/output.ts');
  writeOutputs([{ where: 'FILE', path, content: TEMPLATE }], { force });
  io.warn(`kplan: wrote ${path}; try \`kplan breakeven -f ${path}\`\n`);
  return EXIT.done;
}
