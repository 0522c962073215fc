import { type AnswerPart, countOf, type Fields, fieldsOf, itemsOf, textOf } from '../answerPart.ts';
import type { Ask, Message, Tool } from '../ask.ts';
import { checkToolChoice, modelRules } from '../modelRules.ts';
import { bearer, framePart, sharedBody } from './openaiFrame.ts';
import type { BodyFor, Protocol } from './protocol.ts';

/** Chat completions of OpenAI, as vLLM, SGLang, llama.cpp and most paid APIs speak them. */
export const openai: Protocol = {
  path: 'v1/chat/completions',
  messageEvents: false,
  headers: bearer,
  body: chatBody,
  part: (frame) => chatPart(frame, 'delta'),
  whole: (frame) => ({ ...chatPart(frame, 'message'), done: true }),
};

function chatBody(endpoint: BodyFor, ask: Ask): Record<string, unknown> {
  const messages: readonly Message[] = typeof ask.content === 'string' ? [{ role: 'user', content: ask.content }] : ask.content;
  const choice = ask.toolChoice ?? 'auto';
  if (ask.tools) checkToolChoice(modelRules(endpoint.model), choice);
  return {
    ...sharedBody(endpoint, ask),
    messages: messages.map(messageBody),
    ...(ask.tools ? { tools: ask.tools.map(toolBody), tool_choice: choice } : {}),
  };
}

function toolBody({ name, description, parameters }: Tool) {
  return { type: 'function', function: { name, description, parameters } };
}

/** Thinking goes back as `reasoning_content`, which Moonshot asks for, SGLang takes and vLLM still accepts. */
function messageBody(message: Message): Record<string, unknown> {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.toolCallId, content: message.content };
  if (message.role !== 'assistant') return { role: message.role, content: message.content };
  const calls = message.toolCalls.map(({ id, name, arguments: text }) => ({ id, type: 'function', function: { name, arguments: text } }));
  return {
    role: 'assistant',
    content: message.content,
    ...(message.reasoning === '' ? {} : { reasoning_content: message.reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

function chatPart(frame: Fields, holder: 'delta' | 'message'): AnswerPart {
  const { choice, part } = framePart(frame);
  const said = fieldsOf(choice[holder]);
  return {
    ...part,
    reasoning: textOf(said['reasoning']) || textOf(said['reasoning_content']),
    content: textOf(said['content']) || textOf(said['refusal']),
    tools: itemsOf(said['tool_calls']).map((call, place) => {
      const { id, index, function: called } = fieldsOf(call);
      const { name, arguments: text } = fieldsOf(called);
      return { index: countOf(index) ?? place, id: textOf(id), name: textOf(name), arguments: textOf(text) };
    }),
  };
}
