import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type Cell, type CellValue, readXlsx } from 'hucre/xlsx';
import { zipEntries } from '../../src/importers/offers/zipArchive.ts';

/** Numbers by cell, such as `B7`, by the place of their sheet from 1. */
export type Edits = Readonly<Record<number, Readonly<Record<string, number>>>>;

const TIMEOUT_MS = 240_000;

/** An archive of stored files. */
function zip(files: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const title = Buffer.from(name);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt32LE(crc32(bytes), 10);
    head.writeUInt32LE(bytes.length, 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt16LE(title.length, 22);
    const entry = Buffer.concat([Buffer.from('504b0102', 'hex'), Buffer.from([20, 0]), head, Buffer.alloc(14), title]);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry);
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), head, title, bytes]);
    parts.push(local);
    offset += local.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

function editedSheet(xml: string, edits: Readonly<Record<string, number>>): string {
  let text = xml.replace(/(<\/f>)<v>[^<]*<\/v>/g, '$1');
  for (const [cell, value] of Object.entries(edits)) {
    const changed = text.replace(new RegExp(`(<c r="${cell}"[^>]*><v>)[^<]*(</v>)`), `$1${value}$2`);
    if (changed === text && !text.includes(`<c r="${cell}"`)) throw new Error(`no number in ${cell}`);
    text = changed;
  }
  return text;
}

/** A workbook with some numbers changed and every computed value taken out, so that a program that shows one has computed it. */
export function editedWorkbook(bytes: Uint8Array, edits: Edits = {}): Buffer {
  return zip(
    zipEntries(bytes, 'workbook').map(({ name, bytes: part }) => {
      const [, place] = /^xl\/worksheets\/sheet([0-9]+)\.xml$/.exec(name) ?? [];
      if (place === undefined) return { name, bytes: part };
      return { name, bytes: Buffer.from(editedSheet(Buffer.from(part).toString('utf8'), edits[Number(place)] ?? {})) };
    }),
  );
}

/** The cells of a sheet by name, such as `B7`. */
export type SheetValues = ReadonlyMap<string, CellValue>;

function nameOf(row: number, column: number): string {
  const letters = (place: number): string =>
    place < 26 ? String.fromCharCode(65 + place) : `${letters(Math.floor(place / 26) - 1)}${letters(place % 26)}`;
  return `${letters(column)}${row + 1}`;
}

/** The values of a workbook, by sheet and cell. */
export async function workbookValues(bytes: Uint8Array): Promise<ReadonlyMap<string, SheetValues>> {
  const { sheets } = await readXlsx(bytes);
  return new Map(
    sheets.map(({ name, rows }) => [
      name,
      new Map(rows.flatMap((row, at) => row.map((value, column): [string, CellValue] => [nameOf(at, column), value]))),
    ]),
  );
}

/** The formula cells of a workbook, by sheet. */
export async function workbookFormulas(bytes: Uint8Array): Promise<ReadonlyMap<string, ReadonlyMap<string, Cell>>> {
  const { sheets } = await readXlsx(bytes, { readStyles: true });
  return new Map(
    sheets.map(({ name, cells }) => [
      name,
      new Map(
        [...(cells ?? [])].flatMap(([place, cell]): [string, Cell][] => {
          const [row = 0, column = 0] = place.split(',').map(Number);
          return cell.formula === undefined ? [] : [[nameOf(row, column), cell]];
        }),
      ),
    ]),
  );
}

/** What LibreOffice makes of some workbooks, in one run. */
export async function recalculated(
  files: Readonly<Record<string, Uint8Array>>,
): Promise<ReadonlyMap<string, ReadonlyMap<string, SheetValues>>> {
  const folder = mkdtempSync(join(tmpdir(), 'kplan-soffice-'));
  try {
    const out = join(folder, 'out');
    mkdirSync(out);
    const names = Object.keys(files);
    for (const name of names) writeFileSync(join(folder, `${name}.xlsx`), files[name] ?? '');
    const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;
    const inputs = names.map((name) => join(folder, `${name}.xlsx`));
    execFileSync('soffice', [profile, '--headless', '--convert-to', 'xlsx', '--outdir', out, ...inputs], {
      stdio: 'pipe',
      timeout: TIMEOUT_MS,
      env: { ...process.env, LC_ALL: 'C' },
    });
    const read = names.map(async (name) => [name, await workbookValues(readFileSync(join(out, `${name}.xlsx`)))] as const);
    return new Map(await Promise.all(read));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
