import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const TRACES = new URL('../../../shared/traces/', import.meta.url);
export const hasTraces = existsSync(TRACES);

export interface TraceRow {
  readonly atMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

function lines(file: string): string[] {
  return gunzipSync(readFileSync(new URL(file, TRACES)))
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '');
}

/** Rows of an Azure 2023 trace; its times have seven fraction digits. */
export function azureRows(file: string): TraceRow[] {
  return lines(file)
    .slice(1)
    .map((line) => {
      const [time = '', input, output] = line.split(',');
      const [seconds, fraction = ''] = time.split('.');
      const atMs = Date.parse(`${seconds?.replace(' ', 'T')}Z`) + Number(`0.${fraction}`) * 1_000;
      return { atMs, inputTokens: Number(input), outputTokens: Number(output) };
    });
}

export function mooncakeRows(file: string): TraceRow[] {
  return lines(file).map((line) => {
    const row = JSON.parse(line) as { timestamp: number; input_length: number; output_length: number };
    return { atMs: row.timestamp, inputTokens: row.input_length, outputTokens: row.output_length };
  });
}
