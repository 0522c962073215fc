import { servegenFigures } from './servegenFigures.ts';
import { traceRecords } from './traceFile.ts';
import { listedFigures, type TraceRequest, type TrafficFigures } from './trafficFigures.ts';

/** The context window of Kimi K2.7 Code, in tokens. */
const LONGEST_CALL = 262_144;

/** Times such as `2023-11-16 18:17:03.9799600`, in UTC. */
function azureRequests(text: string): TraceRequest[] {
  return traceRecords(text).map((row) => {
    const [seconds = '', fraction = '0'] = (row['TIMESTAMP'] ?? '').split('.');
    return {
      atMs: Date.parse(`${seconds.replace(' ', 'T')}Z`) + Number(`0.${fraction}`) * 1_000,
      inputTokens: Number(row['ContextTokens']),
      outputTokens: Number(row['GeneratedTokens']),
    };
  });
}

function mooncakeRequests(text: string): TraceRequest[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const row = JSON.parse(line) as { timestamp: number; input_length: number; output_length: number };
      return { atMs: row.timestamp, inputTokens: row.input_length, outputTokens: row.output_length };
    });
}

function agenticRequests(text: string): TraceRequest[] {
  return traceRecords(text)
    .map((row) => ({ atMs: null, inputTokens: Number(row['input_tokens']), outputTokens: Number(row['output_tokens']) }))
    .filter(({ inputTokens }) => inputTokens <= LONGEST_CALL);
}

/** A preset whose traffic is computed from published traces. */
interface TracePreset {
  /** What the files are, in the order in which they are given. */
  readonly files: readonly string[];
  readonly figures: (...texts: string[]) => TrafficFigures;
}

/** By the id of the preset. */
export const TRACE_PRESETS: Readonly<Record<string, TracePreset>> = {
  'agentic-coding-claude': { files: ['agentic_coding_requests.csv'], figures: (text = '') => listedFigures(agenticRequests(text)) },
  'azure-chat': { files: ['AzureLLMInferenceTrace_conv.csv'], figures: (text = '') => listedFigures(azureRequests(text)) },
  'azure-code-complete': { files: ['AzureLLMInferenceTrace_code.csv'], figures: (text = '') => listedFigures(azureRequests(text)) },
  'kimi-chat': { files: ['conversation_trace.jsonl'], figures: (text = '') => listedFigures(mooncakeRequests(text)) },
  'reasoning-r1': {
    files: ['servegen_lengths.csv', 'servegen_deepseek-r1_rates.csv'],
    figures: (lengths = '', rates = '') => servegenFigures('deepseek-r1', lengths, rates),
  },
};
