import { leavesOf } from '../../../cost/tokenLeaves.ts';
import { allBlank, countField, optionalCount, textIn, timeField } from '../fieldValues.ts';
import type { UsageFormat } from '../usageFormat.ts';
import { REQUEST } from '../usageRow.ts';

const COUNTS = ['num_model_requests', 'input_tokens', 'output_tokens'];

/** Usage export of OpenAI: buckets whose input holds the cached tokens; empty days are rows with blanks. */
export const openAiUsage: UsageFormat = {
  id: 'openai-usage',
  name: 'OpenAI usage export',
  needs: ['start_time', 'end_time', 'num_model_requests', 'input_tokens', 'output_tokens'],
  knows: [
    ...['start_time_iso', 'end_time_iso', 'project_id', 'user_id', 'api_key_id', 'model', 'batch', 'service_tier'],
    ...['input_cached_tokens', 'input_uncached_tokens', 'input_text_tokens', 'output_text_tokens', 'input_cached_text_tokens'],
    ...['input_audio_tokens', 'input_cached_audio_tokens', 'output_audio_tokens'],
    ...['input_image_tokens', 'input_cached_image_tokens', 'output_image_tokens'],
  ],
  open: (fields) => {
    const empty = allBlank(fields, COUNTS);
    const [from, to] = [timeField(fields, 'start_time'), timeField(fields, 'end_time')];
    const [requests, input, output] = COUNTS.map((name) => countField(fields, name)) as [Read, Read, Read];
    const [cached, uncached] = [optionalCount(fields, 'input_cached_tokens'), optionalCount(fields, 'input_uncached_tokens')];
    const model = fields.field('model');
    return (record) => {
      if (empty(record)) return null;
      const [fresh, cacheRead, atMs] = [uncached(record), cached(record), from(record)];
      return {
        ...REQUEST,
        atMs,
        spanMs: Math.max(to(record) - atMs, 0),
        requests: requests(record),
        leaves: leavesOf(
          fresh === null
            ? { input: input(record), output: output(record), cacheRead: cacheRead ?? 0, cached: 'inside' }
            : { input: fresh, output: output(record), cacheRead: cacheRead ?? input(record) - fresh, cached: 'beside' },
          'input_cached_tokens',
        ),
        cachedKnown: cacheRead !== null || fresh !== null,
        model: textIn(model(record)),
      };
    };
  },
};

type Read = ReturnType<typeof countField>;
