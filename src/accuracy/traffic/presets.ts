import { inputTokensOf } from '../../cost/tokenLeaves.ts';
import { agenticRequests } from '../../importers/usage/formats/agentic.ts';
import { azureTrace } from '../../importers/usage/formats/azure.ts';
import { mooncakeTrace } from '../../importers/usage/formats/mooncake.ts';
import { JSON_FIELDS } from '../../importers/usage/usageFile.ts';
import type { UsageFormat } from '../../importers/usage/usageFormat.ts';
import type { UsageRow } from '../../importers/usage/usageRow.ts';
import { servegenFigures } from './servegenFigures.ts';
import { traceLines, traceRecords } from './traceFile.ts';
import { listedFigures, type TraceRequest, type TrafficFigures } from './trafficFigures.ts';

/** The context window of Kimi K2.7 Code, in tokens. */
const LONGEST_CALL = 262_144;

/** The requests of a trace, read as `kplan import workload` reads them. */
function requestsOf(format: UsageFormat, records: readonly Readonly<Record<string, unknown>>[]): TraceRequest[] {
  const read = format.open({ ...JSON_FIELDS, zones: new Set() }, { cacheWrites: 'inside' });
  return records
    .flatMap((record): readonly UsageRow[] => {
      const row = read(record);
      return row !== null && 'leaves' in row ? [row] : [];
    })
    .map(({ atMs, leaves, conversation, isAside, sinceStartMs }) => ({
      atMs,
      inputTokens: inputTokensOf(leaves),
      outputTokens: leaves.output,
      turn:
        conversation === null || sinceStartMs === null || isAside
          ? null
          : { conversation, atMs: sinceStartMs, freshTokens: inputTokensOf(leaves) - leaves.cacheRead },
    }));
}

function azureFigures(text = ''): TrafficFigures {
  return listedFigures(requestsOf(azureTrace, traceRecords(text)));
}

function agenticFigures(text = ''): TrafficFigures {
  return listedFigures(requestsOf(agenticRequests, traceRecords(text)).filter(({ inputTokens }) => inputTokens <= LONGEST_CALL));
}

/** A preset whose traffic is computed from published traces. */
interface TracePreset {
  /** What the files are, in the order in which they are given. */
  readonly files: readonly string[];
  readonly figures: (...texts: string[]) => TrafficFigures;
}

/** By the id of the preset. */
export const TRACE_PRESETS: Readonly<Record<string, TracePreset>> = {
  'agentic-coding-claude': { files: ['agentic_coding_requests.csv'], figures: agenticFigures },
  'azure-chat': { files: ['AzureLLMInferenceTrace_conv.csv'], figures: azureFigures },
  'azure-code-complete': { files: ['AzureLLMInferenceTrace_code.csv'], figures: azureFigures },
  'kimi-chat': { files: ['conversation_trace.jsonl'], figures: (text = '') => listedFigures(requestsOf(mooncakeTrace, traceLines(text))) },
  'reasoning-r1': {
    files: ['servegen_lengths.csv', 'servegen_deepseek-r1_rates.csv'],
    figures: (lengths = '', rates = '') => servegenFigures('deepseek-r1', lengths, rates),
  },
};
