import {
  type AnswerPart,
  countOf,
  errorOf,
  type Fields,
  fieldsOf,
  itemsOf,
  SILENT,
  someCounts,
  textOf,
  type UsageCounts,
} from '../answerPart.ts';
import type { Ask } from '../ask.ts';
import { modelRules } from '../modelRules.ts';
import type { BodyFor } from './protocol.ts';

/** What chat and plain completions share in the body of a request. */
export function sharedBody({ model, continuousUsage }: BodyFor, { recorded, fullLength }: Ask): Record<string, unknown> {
  const rules = modelRules(model);
  return {
    model,
    stream: true,
    stream_options: { include_usage: true, ...(continuousUsage ? { continuous_usage_stats: true } : {}) },
    max_tokens: recorded.maxOutputTokens,
    ...(rules === null ? {} : { temperature: rules.temperature, top_p: rules.topP }),
    ...(fullLength ? { ignore_eos: true } : {}),
  };
}

export function bearer(key: string | null): Record<string, string> {
  return key === null ? {} : { authorization: `Bearer ${key}` };
}

/** What a frame says beside its text: finish, usage and error. Moonshot has had its usage inside the choice. */
export function framePart(frame: Fields): { readonly choice: Fields; readonly part: AnswerPart } {
  const [first] = itemsOf(frame['choices']);
  const choice = fieldsOf(first);
  const part: AnswerPart = {
    ...SILENT,
    hasChoice: first !== undefined,
    finish: textOf(choice['finish_reason']) || null,
    usage: countsOf(fieldsOf(frame['usage'] ?? choice['usage'])),
    error: errorOf(frame),
  };
  return { choice, part };
}

function countsOf(usage: Fields): UsageCounts | null {
  return someCounts({
    inputTokens: countOf(usage['prompt_tokens']),
    cachedTokens: countOf(fieldsOf(usage['prompt_tokens_details'])['cached_tokens']) ?? countOf(usage['cached_tokens']),
    outputTokens: countOf(usage['completion_tokens']),
    reasoningTokens: countOf(fieldsOf(usage['completion_tokens_details'])['reasoning_tokens']) ?? countOf(usage['reasoning_tokens']),
  });
}
