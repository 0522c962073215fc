import { leavesOf } from '../../../cost/tokenLeaves.ts';
import { DAY_MS } from '../../../units/time.ts';
import { amountIn, countField, optionalCount, textIn, timeField } from '../fieldValues.ts';
import type { UsageFormat } from '../usageFormat.ts';
import { REQUEST, requestRow } from '../usageRow.ts';

/** Activity of OpenRouter as CSV, one row per generation; a cancelled one still costs. */
export const openRouterCsv: UsageFormat = {
  id: 'openrouter-activity',
  name: 'OpenRouter activity',
  needs: ['created_at', 'tokens_prompt', 'tokens_completion'],
  knows: [
    ...['generation_id', 'cost_total', 'cost_web_search', 'cost_cache', 'cost_file_processing', 'byok_usage_inference'],
    ...['tokens_reasoning', 'tokens_cached', 'model_permaslug', 'provider_name', 'variant', 'cancelled', 'streamed', 'user'],
    ...['finish_reason_raw', 'finish_reason_normalized', 'generation_time_ms', 'time_to_first_token_ms'],
    ...['api_key_disabled', 'api_key_name', 'app_name'],
  ],
  open: (fields) => {
    const at = timeField(fields, 'created_at');
    const [input, output] = [countField(fields, 'tokens_prompt'), countField(fields, 'tokens_completion')];
    const [cached, thinking] = [optionalCount(fields, 'tokens_cached'), optionalCount(fields, 'tokens_reasoning')];
    const [cost, model, cancelled] = [fields.field('cost_total'), fields.field('model_permaslug'), fields.field('cancelled')];
    return (record) => {
      const [cacheRead, inThought] = [cached(record), thinking(record)];
      return requestRow({
        atMs: at(record),
        leaves: leavesOf(
          { input: input(record), output: output(record), cacheRead: cacheRead ?? 0, thinking: inThought ?? 0, cached: 'inside' },
          'tokens_prompt',
        ),
        cachedKnown: cacheRead !== null,
        thinkingKnown: inThought !== null,
        model: textIn(model(record)),
        costUsd: amountIn(cost(record), 'cost_total'),
        outcome: /^(true|1|yes)$/i.test(textIn(cancelled(record)) ?? '') ? 'cancelled' : 'done',
      });
    };
  },
};

/** Activity of OpenRouter from its API: days by model and endpoint, without cached tokens. */
export const openRouterApi: UsageFormat = {
  id: 'openrouter-api',
  name: 'OpenRouter activity (API)',
  needs: ['date', 'requests', 'prompt_tokens', 'completion_tokens', 'usage'],
  knows: ['model', 'model_permaslug', 'endpoint_id', 'provider_name', 'byok_usage_inference', 'reasoning_tokens'],
  open: (fields) => {
    const at = timeField(fields, 'date');
    const [requests, input, output] = [
      countField(fields, 'requests'),
      countField(fields, 'prompt_tokens'),
      countField(fields, 'completion_tokens'),
    ];
    const [thinking, model, usage] = [optionalCount(fields, 'reasoning_tokens'), fields.field('model'), fields.field('usage')];
    return (record) => {
      const inThought = thinking(record);
      return {
        ...REQUEST,
        atMs: at(record),
        spanMs: DAY_MS,
        requests: requests(record),
        leaves: leavesOf({ input: input(record), output: output(record), thinking: inThought ?? 0, cached: 'inside' }, 'prompt_tokens'),
        thinkingKnown: inThought !== null,
        model: textIn(model(record)),
        costUsd: amountIn(usage(record), 'usage'),
      };
    };
  },
};
