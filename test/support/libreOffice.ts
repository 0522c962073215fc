import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A formula of OpenFormula with the numbers it reads: `{flow}` and `{days}` stand for the ranges that hold them. */
export interface SheetCase {
  readonly formula: string;
  readonly flow?: readonly number[];
  /** ISO days. */
  readonly days?: readonly string[];
}

/** A start that hangs must not hang the tests. */
const TIMEOUT_MS = 120_000;
const MS_PER_DAY = 86_400_000;

/** The first line of `soffice --version`; null where it is not installed. */
export function libreOfficeVersion(): string | null {
  try {
    const profile = mkdtempSync(join(tmpdir(), 'kplan-soffice-'));
    const text = execFileSync('soffice', [`-env:UserInstallation=file://${profile}`, '--version'], {
      encoding: 'utf8',
      stdio: 'pipe',
      timeout: TIMEOUT_MS,
    });
    rmSync(profile, { recursive: true, force: true });
    return /LibreOffice [0-9.]+/.exec(text)?.[0] ?? null;
  } catch {
    return null;
  }
}

/** Column names from B on. */
function column(place: number): string {
  const index = place + 1;
  const letter = (at: number) => String.fromCharCode(65 + at);
  return index < 26 ? letter(index) : `${letter(Math.floor(index / 26) - 1)}${letter(index % 26)}`;
}

function range(row: number, length: number): string {
  return `[.B${row}:.${column(length - 1)}${row}]`;
}

function cell(value: number): string {
  return `<table:table-cell office:value-type="float" office:value="${value}"/>`;
}

function serialDay(date: string): number {
  return (Date.parse(`${date}T00:00:00Z`) - Date.UTC(1899, 11, 30)) / MS_PER_DAY;
}

/** A flat OpenDocument sheet: for each case a row of its formula and flow, and a row of its days. */
function document(cases: readonly SheetCase[]): string {
  const rows = cases.map(({ formula, flow = [], days = [] }, index) => {
    const row = 2 * index + 1;
    const text = formula.replace('{flow}', range(row, flow.length)).replace('{days}', range(row + 1, days.length));
    const first = `<table:table-cell table:formula="of:=${text.replaceAll('<', '&lt;').replaceAll('"', '&quot;')}"/>`;
    return [
      `<table:table-row>${first}${flow.map(cell).join('')}</table:table-row>`,
      `<table:table-row><table:table-cell/>${days.map((day) => cell(serialDay(day))).join('')}</table:table-row>`,
    ].join('\n');
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:body><office:spreadsheet><table:table table:name="cases">
${rows.join('\n')}
</table:table></office:spreadsheet></office:body></office:document>
`;
}

/** Raw values, not the shown ones: separator comma, quote ", UTF-8, all columns, "as shown" off. */
const CSV_FILTER = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false';

/** A number, also where the sheet writes it in per cent. */
function numberOf(text: string): number | null {
  const [digits, scale] = text.endsWith('%') ? [text.slice(0, -1), 100] : [text, 1];
  return digits !== '' && Number.isFinite(Number(digits)) ? Number(digits) / scale : null;
}

/** What LibreOffice makes of each formula: a number, or the name of its error. */
export function calculate(cases: readonly SheetCase[]): (number | string)[] {
  const folder = mkdtempSync(join(tmpdir(), 'kplan-soffice-'));
  try {
    writeFileSync(join(folder, 'cases.fods'), document(cases));
    const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;
    const args = [profile, '--headless', '--convert-to', CSV_FILTER, '--outdir', folder, join(folder, 'cases.fods')];
    execFileSync('soffice', args, { stdio: 'pipe', timeout: TIMEOUT_MS, env: { ...process.env, LC_ALL: 'C' } });
    const lines = readFileSync(join(folder, 'cases.csv'), 'utf8').split('\n');
    return cases.map((_, index) => {
      const text = (lines[2 * index] ?? '').split(',')[0]?.replaceAll('"', '') ?? '';
      return numberOf(text) ?? text;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
