import { leavesOf, type TokenLeaves } from '../../../cost/tokenLeaves.ts';
import { amountIn, countOf, objectIn, optionalTime, textIn, timeField } from '../fieldValues.ts';
import type { UsageFormat } from '../usageFormat.ts';
import { requestRow } from '../usageRow.ts';

const READ = /^(input_cache_read|input_cached_tokens|cache_read_input_tokens|input_cache_read_tokens)$/;
const WRITE = /^(input_cache_creation|cache_creation_input_tokens|input_cache_creation_5m|input_cache_write)$/;
const WRITE_1H = /^input_cache_creation_1h$/;
const THINKING = /^(output_reasoning|output_reasoning_tokens|reasoning_tokens)$/;

/** Leaves of a map of usage: all keys are disjoint where they add up to its `total`; else thinking is inside the output. */
function leavesIn(usage: Readonly<Record<string, unknown>>): TokenLeaves {
  const sum = (pattern: RegExp) =>
    Object.keys(usage)
      .filter((key) => pattern.test(key))
      .reduce((all, key) => all + (countOf(usage, key) ?? 0), 0);
  const [input, output, total] = [countOf(usage, 'input') ?? 0, countOf(usage, 'output') ?? 0, countOf(usage, 'total')];
  const [cacheRead, cacheWrite, cacheWrite1h, thinking] = [sum(READ), sum(WRITE), sum(WRITE_1H), sum(THINKING)];
  const cached = cacheRead + cacheWrite + cacheWrite1h;
  const thinkingBeside = thinking > 0 && total === input + cached + output + thinking;
  const cachedInside = cached > 0 && total === input + output;
  return leavesOf(
    {
      input,
      output: thinkingBeside ? output + thinking : output,
      cacheRead,
      cacheWrite,
      cacheWrite1h,
      thinking,
      cached: cachedInside ? 'inside' : 'beside',
    },
    'usage_details',
  );
}

/** Observations of Langfuse; those without usage are other steps of a trace. Its texts are never read. */
export const langfuse: UsageFormat = {
  id: 'langfuse-observations',
  name: 'Langfuse observations',
  needs: ['start_time', 'usage_details'],
  knows: [
    ...['id', 'trace_id', 'project_id', 'environment', 'type', 'parent_observation_id', 'end_time', 'name', 'metadata', 'level'],
    ...['status_message', 'version', 'input', 'output', 'provided_model_name', 'model_parameters', 'cost_details'],
    ...['completion_start_time', 'prompt_name', 'prompt_version', 'total_cost', 'latency', 'time_to_first_token', 'model_id'],
    ...['created_at', 'updated_at', 'prompt_id', 'tool_calls', 'tool_call_names', 'tool_definitions', 'usage_pricing_tier_name'],
  ],
  open: (fields) => {
    const at = timeField(fields, 'start_time');
    const [trace, ended] = [fields.has('trace_id') ? fields.field('trace_id') : null, optionalTime(fields, 'end_time')];
    const [usage, model, cost, level] = ['usage_details', 'provided_model_name', 'total_cost', 'level'].map((name) => fields.field(name));
    return (record) => {
      const details = objectIn(usage?.(record));
      if (details === null || Object.keys(details).length === 0) return null;
      const [atMs, end] = [at(record), trace ? ended(record) : null];
      return requestRow({
        atMs,
        leaves: leavesIn(details),
        cachedKnown: Object.keys(details).some((key) => READ.test(key)),
        thinkingKnown: Object.keys(details).some((key) => THINKING.test(key)),
        model: textIn(model?.(record)),
        costUsd: amountIn(cost?.(record), 'total_cost'),
        outcome: textIn(level?.(record)) === 'ERROR' ? 'failed' : 'done',
        conversation: trace && (textIn(trace(record)) ?? ''),
        durationMs: end === null || end < atMs ? null : end - atMs,
      });
    };
  },
};
