import { leavesOf } from '../../../cost/tokenLeaves.ts';
import { DAY_MS } from '../../../units/time.ts';
import { amountIn, countField, countOf, fieldOf, objectIn, optionalCount, optionalTime, textIn, timeField } from '../fieldValues.ts';
import type { UsageFormat, UsageRecord } from '../usageFormat.ts';
import { REQUEST, requestRow, type UsageRow } from '../usageRow.ts';

/** What the metadata of a request says of its tokens; null where it says nothing. */
interface Details {
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
  readonly thinking: number | null;
}

function firstCount(objects: readonly unknown[], name: string): number | null {
  for (const object of objects) {
    const count = countOf(object, name);
    if (count !== null) return count;
  }
  return null;
}

const NO_DETAILS: Details = { cacheRead: null, cacheWrite: null, thinking: null };
const FAILED = /^(failure|failed|error)$/i;

function outcomeIn(status: unknown): UsageRow['outcome'] {
  return status !== 'success' && FAILED.test(textIn(status) ?? '') ? 'failed' : 'done';
}

function detailsIn(metadata: unknown): Details {
  if (metadata === undefined) return NO_DETAILS;
  const top = objectIn(metadata);
  if (top === null) return NO_DETAILS;
  const usages = [fieldOf(top, 'usage_object'), fieldOf(top, 'additional_usage_values'), top];
  const inner = (name: string) => usages.map((usage) => fieldOf(usage, name));
  return {
    cacheRead: firstCount(usages, 'cache_read_input_tokens') ?? firstCount(inner('prompt_tokens_details'), 'cached_tokens'),
    cacheWrite: firstCount(usages, 'cache_creation_input_tokens'),
    thinking: firstCount(inner('completion_tokens_details'), 'reasoning_tokens'),
  };
}

/** One call through LiteLLM's proxy; its texts are never read. */
export const liteLlmSpendLogs: UsageFormat = {
  id: 'litellm-spend-logs',
  name: 'LiteLLM spend logs',
  needs: ['startTime', 'prompt_tokens', 'completion_tokens', 'spend'],
  knows: [
    ...['request_id', 'call_type', 'api_key', 'total_tokens', 'endTime', 'request_duration_ms', 'completionStartTime', 'model', 'model_id'],
    ...['model_group', 'custom_llm_provider', 'api_base', 'user', 'metadata', 'cache_hit', 'cache_key', 'request_tags', 'team_id'],
    ...['organization_id', 'end_user', 'requester_ip_address', 'messages', 'response', 'session_id', 'status', 'mcp_namespaced_tool_name'],
    ...['agent_id', 'proxy_server_request'],
  ],
  open: (fields, { cacheWrites }) => {
    const [at, input, output] = [
      timeField(fields, 'startTime'),
      countField(fields, 'prompt_tokens'),
      countField(fields, 'completion_tokens'),
    ];
    const [spend, metadata, model, status] = [
      fields.field('spend'),
      fields.field('metadata'),
      fields.field('model'),
      fields.field('status'),
    ];
    const [session, ended] = [fields.has('session_id') ? fields.field('session_id') : null, optionalTime(fields, 'endTime')];
    return (record): UsageRow => {
      const details = detailsIn(metadata(record));
      const [atMs, end] = [at(record), session ? ended(record) : null];
      return requestRow({
        atMs,
        leaves: liteLlmLeaves(input(record), output(record), details, cacheWrites),
        cachedKnown: details.cacheRead !== null,
        thinkingKnown: details.thinking !== null,
        model: textIn(model(record)),
        costUsd: amountIn(spend(record), 'spend'),
        outcome: outcomeIn(status(record)),
        conversation: session && (textIn(session(record)) ?? ''),
        durationMs: end === null || end < atMs ? null : end - atMs,
      });
    };
  },
};

function liteLlmLeaves(input: number, output: number, details: Details, cacheWrites: 'inside' | 'beside') {
  const { cacheRead, cacheWrite, thinking } = details;
  const beside = cacheWrites === 'beside' ? (cacheWrite ?? 0) : 0;
  return leavesOf(
    {
      input: input + beside,
      output,
      cacheRead: cacheRead ?? 0,
      cacheWrite: cacheWrite ?? 0,
      thinking: thinking ?? 0,
      cached: 'inside',
    },
    'prompt_tokens',
  );
}

/** Daily tables of LiteLLM: buckets by user, team or tag. */
export const liteLlmDaily: UsageFormat = {
  id: 'litellm-daily',
  name: 'LiteLLM daily spend',
  needs: ['date', 'prompt_tokens', 'completion_tokens', 'api_requests'],
  knows: [
    ...['id', 'cache_read_input_tokens', 'cache_creation_input_tokens', 'spend', 'successful_requests', 'failed_requests', 'model'],
    ...['user_id', 'team_id', 'api_key', 'model_group', 'custom_llm_provider', 'created_at', 'updated_at', 'organization_id', 'tag'],
    ...['mcp_namespaced_tool_name', 'endpoint'],
  ],
  open: (fields, { cacheWrites }) => {
    const at = timeField(fields, 'date');
    const [input, output, requests] = ['prompt_tokens', 'completion_tokens', 'api_requests'].map((name) => countField(fields, name)) as [
      Read,
      Read,
      Read,
    ];
    const [read, write] = [optionalCount(fields, 'cache_read_input_tokens'), optionalCount(fields, 'cache_creation_input_tokens')];
    const [spend, model] = [fields.field('spend'), fields.field('model')];
    return (record) => {
      const details = { cacheRead: read(record), cacheWrite: write(record), thinking: null };
      return {
        ...REQUEST,
        atMs: at(record),
        spanMs: DAY_MS,
        requests: requests(record),
        leaves: liteLlmLeaves(input(record), output(record), details, cacheWrites),
        cachedKnown: details.cacheRead !== null,
        model: textIn(model(record)),
        costUsd: amountIn(spend(record), 'spend'),
      };
    };
  },
};

type Read = (record: UsageRecord) => number;
