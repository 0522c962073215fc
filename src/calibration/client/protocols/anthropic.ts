import {
  type AnswerPart,
  countOf,
  errorOf,
  type Fields,
  fieldsOf,
  itemsOf,
  SILENT,
  someCounts,
  type ToolPart,
  textOf,
  type UsageCounts,
} from '../answerPart.ts';
import type { Ask, Message, ToolChoice } from '../ask.ts';
import { checkToolChoice, modelRules } from '../modelRules.ts';
import type { BodyFor, Protocol } from './protocol.ts';

/** Messages of Anthropic, which vLLM, SGLang and Moonshot speak too. */
export const anthropic: Protocol = {
  path: 'v1/messages',
  messageEvents: true,
  // Anthropic and Moonshot read x-api-key; vLLM and SGLang check the bearer token whatever the protocol.
  headers: (key) => ({ 'anthropic-version': '2023-06-01', ...(key === null ? {} : { 'x-api-key': key, authorization: `Bearer ${key}` }) }),
  body: messagesBody,
  part: eventPart,
  whole: wholeMessage,
};

const CHOICES: Readonly<Record<ToolChoice, string>> = { auto: 'auto', none: 'none', required: 'any' };

function messagesBody({ model }: BodyFor, ask: Ask): Record<string, unknown> {
  const rules = modelRules(model);
  const messages: readonly Message[] = typeof ask.content === 'string' ? [{ role: 'user', content: ask.content }] : ask.content;
  const system = messages.flatMap((message) => (message.role === 'system' ? [message.content] : []));
  const choice = ask.toolChoice ?? 'auto';
  if (ask.tools) checkToolChoice(rules, choice);
  return {
    model,
    stream: true,
    max_tokens: ask.recorded.maxOutputTokens,
    ...(rules === null ? {} : { temperature: rules.temperature, top_p: rules.topP }),
    ...(ask.fullLength ? { ignore_eos: true } : {}),
    ...(system.length === 0 ? {} : { system: system.join('\n\n') }),
    messages: messages.filter(({ role }) => role !== 'system').map(messageBody),
    ...(ask.tools
      ? {
          tools: ask.tools.map(({ name, description, parameters }) => ({ name, description, input_schema: parameters })),
          tool_choice: { type: CHOICES[choice] },
        }
      : {}),
  };
}

function messageBody(message: Message): Record<string, unknown> {
  if (message.role === 'tool')
    return { role: 'user', content: [{ type: 'tool_result', tool_use_id: message.toolCallId, content: message.content }] };
  if (message.role !== 'assistant') return { role: message.role, content: message.content };
  const { reasoning, signature, content, toolCalls } = message;
  return {
    role: 'assistant',
    content: [
      ...(reasoning === '' ? [] : [{ type: 'thinking', thinking: reasoning, signature }]),
      ...(content === '' ? [] : [{ type: 'text', text: content }]),
      ...toolCalls.map(({ id, name, arguments: text }) => ({ type: 'tool_use', id, name, input: inputOf(text) })),
    ],
  };
}

function inputOf(text: string): unknown {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return {};
  }
}

/**
 * `message_start` carries the usage of the input and comes before any token; tokens are in `content_block_delta`, and the name of a tool in
 * the start of its block.
 */
function eventPart(frame: Fields): AnswerPart {
  const type = frame['type'];
  if (type === 'error' || frame['error'] !== undefined) return { ...SILENT, error: errorOf(frame) ?? 'an error without a message' };
  if (type === 'message_start') return { ...SILENT, usage: countsOf(fieldsOf(fieldsOf(frame['message'])['usage'])) };
  if (type === 'message_delta')
    return {
      ...SILENT,
      hasChoice: true,
      finish: textOf(fieldsOf(frame['delta'])['stop_reason']) || null,
      usage: countsOf(fieldsOf(frame['usage'])),
    };
  if (type === 'message_stop') return { ...SILENT, done: true };
  if (type === 'content_block_start') {
    const block = fieldsOf(frame['content_block']);
    return { ...SILENT, hasChoice: true, tools: toolStart(frame, block) };
  }
  return type === 'content_block_delta' ? deltaPart(frame) : SILENT;
}

function toolStart(frame: Fields, block: Fields): ToolPart[] {
  if (block['type'] !== 'tool_use') return [];
  return [{ index: countOf(frame['index']) ?? 0, id: textOf(block['id']), name: textOf(block['name']), arguments: '' }];
}

function deltaPart(frame: Fields): AnswerPart {
  const delta = fieldsOf(frame['delta']);
  const json = textOf(delta['partial_json']);
  return {
    ...SILENT,
    hasChoice: true,
    reasoning: textOf(delta['thinking']),
    signature: textOf(delta['signature']),
    content: textOf(delta['text']),
    tools: json === '' ? [] : [{ index: countOf(frame['index']) ?? 0, id: '', name: '', arguments: json }],
  };
}

/** The input counts neither what was read from the KV cache nor what was written to it. */
function countsOf(usage: Fields): UsageCounts | null {
  const uncached = countOf(usage['input_tokens']);
  const cached = countOf(usage['cache_read_input_tokens']);
  return someCounts({
    inputTokens: uncached === null ? null : uncached + (cached ?? 0) + (countOf(usage['cache_creation_input_tokens']) ?? 0),
    cachedTokens: cached,
    outputTokens: countOf(usage['output_tokens']),
    reasoningTokens: null,
  });
}

function wholeMessage(frame: Fields): AnswerPart {
  const blocks = itemsOf(frame['content']).map(fieldsOf);
  const all = (field: string) => blocks.map((block) => textOf(block[field])).join('');
  return {
    ...SILENT,
    hasChoice: true,
    reasoning: all('thinking'),
    signature: all('signature'),
    content: all('text'),
    tools: blocks.flatMap((block, index) =>
      block['type'] === 'tool_use'
        ? [{ index, id: textOf(block['id']), name: textOf(block['name']), arguments: JSON.stringify(block['input'] ?? {}) }]
        : [],
    ),
    finish: textOf(frame['stop_reason']) || null,
    usage: countsOf(fieldsOf(frame['usage'])),
    error: errorOf(frame),
    done: true,
  };
}
