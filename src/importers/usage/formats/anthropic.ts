import { leavesOf } from '../../../cost/tokenLeaves.ts';
import { countField, optionalCount, textIn, timeField } from '../fieldValues.ts';
import type { UsageFormat } from '../usageFormat.ts';
import { REQUEST } from '../usageRow.ts';

/** Usage of Anthropic's console: buckets with four disjoint input columns, and no count of requests. */
export const anthropicConsole: UsageFormat = {
  id: 'anthropic-console',
  name: 'Anthropic Console usage',
  needs: ['usage_date_utc', 'usage_input_tokens_no_cache', 'usage_output_tokens'],
  knows: [
    ...['usage_input_tokens_cache_write_5m', 'usage_input_tokens_cache_write_1h', 'usage_input_tokens_cache_read'],
    ...['model_version', 'api_key', 'workspace', 'usage_type', 'context_window', 'web_search_count', 'inference_geo', 'speed'],
  ],
  open: (fields) => {
    const at = timeField(fields, 'usage_date_utc');
    const [input, output] = [countField(fields, 'usage_input_tokens_no_cache'), countField(fields, 'usage_output_tokens')];
    const read = optionalCount(fields, 'usage_input_tokens_cache_read');
    const write = optionalCount(fields, 'usage_input_tokens_cache_write_5m');
    const write1h = optionalCount(fields, 'usage_input_tokens_cache_write_1h');
    const model = fields.field('model_version');
    return (record) => {
      const cacheRead = read(record);
      const counts = { input: input(record), output: output(record), cacheRead: cacheRead ?? 0, cached: 'beside' } as const;
      return {
        ...REQUEST,
        atMs: at(record),
        spanMs: null,
        requests: null,
        leaves: leavesOf({ ...counts, cacheWrite: write(record) ?? 0, cacheWrite1h: write1h(record) ?? 0 }, 'usage_input_tokens_no_cache'),
        cachedKnown: cacheRead !== null,
        model: textIn(model(record)),
      };
    };
  },
};
