import { basename } from 'node:path';
import type { InputFile } from '../../catalog/inputFile.ts';
import { utf8Text } from '../../catalog/utf8Text.ts';
import { Fault } from '../../faults/fault.ts';
import { isZip, zipEntries } from './zipArchive.ts';

/** The text of a catalog with what its archive says beside it. */
export interface CatalogText {
  /** The file, for messages; that of an archive behind it. */
  readonly name: string;
  readonly text: string;
  /** What a file in an archive is called; gpuhunt names it after the provider. */
  readonly provider: string | null;
  /** ISO day that the archive states. */
  readonly date: string | null;
  /** ISO day on which the file was last changed, in the archive where it is in one. */
  readonly modified: string;
}

/** The day in gpuhunt's file `version`, such as 20261024. */
function versionDay(text: string): string | null {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})/.exec(text.trim()) ?? [];
  return year === undefined ? null : `${year}-${month}-${day}`;
}

/**
 * The texts that a file holds: itself, or the CSV files of a ZIP archive.
 *
 * @param path for messages
 * @throws Fault where it is no text, or the archive cannot be read or holds no CSV
 */
export function catalogTexts({ bytes, modified }: InputFile, path: string): CatalogText[] {
  if (!isZip(bytes)) return [{ name: path, text: utf8Text(bytes, path, 'CSV, or a ZIP of it,'), provider: null, date: null, modified }];
  const entries = zipEntries(bytes, path);
  const version = entries.find(({ name }) => basename(name) === 'version');
  const date = version ? versionDay(utf8Text(version.bytes.subarray(0, 64), `${path}/version`, 'a day')) : null;
  const found = entries.filter(({ name }) => name.toLowerCase().endsWith('.csv'));
  if (found.length === 0) throw new Fault('missing', 'no CSV in the archive', { where: path, allowed: 'a catalog.zip of gpuhunt' });
  return found.map(({ name, bytes: inside, modified: changed }) => ({
    name: `${path}/${name}`,
    text: utf8Text(inside, `${path}/${name}`, 'CSV'),
    provider: basename(name).replace(/\.csv$/i, ''),
    date,
    modified: changed ?? modified,
  }));
}
