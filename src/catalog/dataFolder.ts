import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { z } from 'zod';
import { Fault } from '../faults/fault.ts';
import { checked } from './check.ts';
import { parseCsv } from './csvFile.ts';
import { utf8Text } from './utf8Text.ts';
import { type PlacedValue, parseYaml } from './yamlFile.ts';

/** A file or row that passed its schema, with its places for later checks. */
export interface Checked<T> {
  /** File name without folder and ending. */
  readonly id: string;
  readonly content: T;
  readonly data: PlacedValue;
}

/** The folder `data/`; what is wrong with it gathers in `faults`. */
export interface DataFolder {
  readonly path: string;
  /** What faults call it; `data` where it is that of the project. */
  readonly label?: string;
  readonly faults: Fault[];
}

/**
 * Throws what is wrong with a folder of the user's own: one fault as it is, several together.
 *
 * @throws {Fault}, or {AggregateError} of every `Fault`
 */
export function throwFaults(faults: readonly Fault[]): void {
  if (faults.length === 1) throw faults[0];
  if (faults.length > 1) throw new AggregateError(faults, faults.map(({ message }) => message).join('\n'));
}

function attempt<T>(folder: DataFolder, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AggregateError || error instanceof Fault)) throw error;
    folder.faults.push(...(error instanceof Fault ? [error] : (error.errors as Fault[])));
    return undefined;
  }
}

/** Reads one YAML file of the folder; undefined after its faults were gathered. */
export function readYamlFile<Schema extends z.ZodType>(
  folder: DataFolder,
  name: string,
  schema: Schema,
): Checked<z.output<Schema>> | undefined {
  const path = join(folder.path, name);
  if (!existsSync(path)) {
    folder.faults.push(new Fault('missing', 'no such file', { where: `data/${name}` }));
    return undefined;
  }
  const data = attempt(folder, () => parseYaml(`data/${name}`, readFileSync(path, 'utf8')));
  const content = data && checked(schema, data, folder.faults);
  return data && content !== undefined ? { id: basename(name, '.yaml'), content, data } : undefined;
}

function yamlFiles(folder: DataFolder, name: string): string[] {
  const path = join(folder.path, name);
  return existsSync(path)
    ? readdirSync(path)
        .filter((file) => file.endsWith('.yaml'))
        .sort()
    : [];
}

/** The ids that the files of a sub-folder stand for, faulty files included, so that one fault does not raise others elsewhere. */
export function idsOf(folder: DataFolder, name: string): ReadonlySet<string> {
  return new Set(yamlFiles(folder, name).map((file) => basename(file, '.yaml')));
}

/** Reads every YAML file of a sub-folder, in the order of their names. */
export function readYamlFolder<Schema extends z.ZodType>(folder: DataFolder, name: string, schema: Schema): Checked<z.output<Schema>>[] {
  const files = yamlFiles(folder, name);
  if (files.length === 0) folder.faults.push(new Fault('missing', 'no YAML files', { where: `data/${name}` }));
  return files.flatMap((file) => readYamlFile(folder, `${name}/${file}`, schema) ?? []);
}

/** Reads the rows of a CSV file whose columns are the keys of the row schema. */
export function readCsvFile<Schema extends z.ZodObject>(folder: DataFolder, name: string, schema: Schema): Checked<z.output<Schema>>[] {
  const path = join(folder.path, name);
  if (!existsSync(path)) {
    folder.faults.push(new Fault('missing', 'no such file', { where: `${folder.label ?? 'data'}/${name}` }));
    return [];
  }
  const label = `${folder.label ?? 'data'}/${name}`;
  const rows = attempt(folder, () => parseCsv(label, utf8Text(readFileSync(path), label, 'CSV'), Object.keys(schema.shape))) ?? [];
  return rows.flatMap((data) => {
    const content = checked(schema, data, folder.faults);
    return content === undefined ? [] : [{ id: (data.value as { id: string }).id, content, data }];
  });
}
