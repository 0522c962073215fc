import { leavesOf } from '../../../cost/tokenLeaves.ts';
import { amountIn, countField, optionalCount, textIn } from '../fieldValues.ts';
import type { UsageFormat } from '../usageFormat.ts';
import { requestRow } from '../usageRow.ts';
import { blocksIn } from './mooncake.ts';

/** Seconds that may be blank, in ms. */
function millisecondsIn(value: unknown, name: string): number | null {
  const seconds = amountIn(value, name);
  return seconds === null ? null : seconds * 1000;
}

const SESSION_TIMES = 'times count from the start of each session, so nothing is said of arrivals';

/** Calls of coding sessions as a table, with the cached tokens of an ideal cache. */
export const agenticRequests: UsageFormat = {
  id: 'agentic-requests',
  name: 'agentic coding requests',
  needs: ['trace_id', 'seq', 't_s', 'input_tokens', 'output_tokens', 'cached_tokens_ideal'],
  knows: ['is_subagent', 'model', 'api_time_s', 'think_time_s', 'stop', 'input_types', 'output_types'],
  notice: `${SESSION_TIMES}; cached tokens are those of an ideal cache of the session`,
  open: (fields) => {
    const [input, output] = [countField(fields, 'input_tokens'), countField(fields, 'output_tokens')];
    const [cached, model] = [countField(fields, 'cached_tokens_ideal'), fields.field('model')];
    const [session, helper, since, took] = ['trace_id', 'is_subagent', 't_s', 'api_time_s'].map((name) => fields.field(name));
    return (record) =>
      requestRow({
        leaves: leavesOf(
          { input: input(record), output: output(record), cacheRead: cached(record), cached: 'inside' },
          'cached_tokens_ideal',
        ),
        cachedKnown: true,
        model: textIn(model(record)),
        conversation: textIn(session?.(record)) ?? '',
        isAside: textIn(helper?.(record)) === '1',
        sinceStartMs: millisecondsIn(since?.(record), 't_s'),
        durationMs: millisecondsIn(took?.(record), 'api_time_s'),
      });
  },
};

/** Whole coding sessions, one on each line; their calls are rows. */
export const agenticSessions: UsageFormat = {
  id: 'agentic-sessions',
  name: 'agentic coding sessions',
  needs: ['t', 'in', 'out', 'hash_ids', 'session'],
  knows: ['type', 'model', 'input_types', 'output_types', 'stop', 'api_time', 'think_time', 'ttft', 'block_size'],
  blockTokens: 64,
  notice: SESSION_TIMES,
  open: (fields) => {
    const [input, output] = [countField(fields, 'in'), countField(fields, 'out')];
    const [model, blocks, session, size] = ['model', 'hash_ids', 'session', 'block_size'].map((name) => fields.field(name));
    const [kind, since, took] = ['type', 't', 'api_time'].map((name) => fields.field(name));
    const blockSize = optionalCount(fields, 'block_size');
    return (record) =>
      requestRow({
        leaves: leavesOf({ input: input(record), output: output(record), cached: 'inside' }, 'in'),
        model: textIn(model?.(record)),
        blocks: size && (blockSize(record) ?? 64) === 64 ? blocksIn(blocks?.(record), 'hash_ids') : null,
        blockScope: textIn(session?.(record)),
        conversation: textIn(session?.(record)) ?? '',
        isAside: textIn(kind?.(record)) === 'subagent',
        sinceStartMs: millisecondsIn(since?.(record), 't'),
        durationMs: millisecondsIn(took?.(record), 'api_time'),
      });
  },
};
