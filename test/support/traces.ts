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

/** One call of a coding session. */
export interface AgenticCall {
  readonly isSubagent: boolean;
  /** Seconds since the session began. */
  readonly at: number;
  readonly input: number;
  readonly output: number;
  /** Input that an unlimited KV cache of the session holds. */
  readonly cached: number;
  readonly apiSeconds: number;
  readonly thinkSeconds: number;
  readonly stop: string;
  readonly isToolResult: boolean;
  readonly isThinking: boolean;
}

/** The sessions of the agentic coding trace, their calls in order. */
export function agenticSessions(): AgenticCall[][] {
  const sessions = new Map<string, AgenticCall[]>();
  for (const line of lines('agentic_coding_requests.csv.gz').slice(1)) {
    const [id = '', , isSubagent, at, , input, output, cached, api, think, stop = '', inputTypes = '', outputTypes = ''] = line.split(',');
    const session = sessions.get(id) ?? [];
    sessions.set(id, session);
    session.push({
      isSubagent: isSubagent === '1',
      at: Number(at),
      input: Number(input),
      output: Number(output),
      cached: Number(cached),
      apiSeconds: Number(api),
      thinkSeconds: Number(think),
      stop,
      isToolResult: inputTypes.split('|').includes('tool_result'),
      isThinking: outputTypes.split('|').includes('thinking'),
    });
  }
  return [...sessions.values()];
}

/** What the whole sessions of the raw sample say of their prefix. */
export function sampledSessions(): { readonly toolTokens: number; readonly systemTokens: number }[] {
  return lines('agentic_coding_raw_sample.jsonl.gz').map((line) => {
    const { tool_tokens, system_tokens } = JSON.parse(line) as { tool_tokens: number; system_tokens: number };
    return { toolTokens: tool_tokens, systemTokens: system_tokens };
  });
}

/** A table by its titles. */
export function tableRows(file: string): Readonly<Record<string, string>>[] {
  const [titles = '', ...rows] = lines(file);
  const names = titles.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, index) => [names[index] ?? '', cell])));
}
