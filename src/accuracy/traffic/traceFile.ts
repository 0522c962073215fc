import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { utf8Text } from '../../catalog/utf8Text.ts';

/** A published trace as text; packed files end in `.gz`. */
export function traceText(path: string): string {
  const bytes = readFileSync(path);
  return utf8Text(path.endsWith('.gz') ? gunzipSync(bytes) : bytes, path, 'CSV or lines of JSON');
}

/** The records of a trace in CSV by their titles. */
export function traceRecords(text: string): Readonly<Record<string, string>>[] {
  return parse(text, { columns: true, bom: true, skip_empty_lines: true });
}

/** The records of a trace in lines of JSON. */
export function traceLines(text: string): Readonly<Record<string, unknown>>[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line));
}
