import type { AssistantMessage, Message, Tool } from '../client/ask.ts';
import { promptOf } from './prompt.ts';

/** Lengths of an agent's conversation. */
export interface ConversationShape {
  readonly turns: number;
  /** Of the instructions that every conversation begins with. */
  readonly systemTokens: number;
  /** Of the task, and of each result that a tool hands back. */
  readonly taskTokens: number;
  readonly resultTokens: number;
  readonly outputTokens: number;
}

/** Coding agents resend a growing conversation; the lengths are small enough to fit any context and to end in minutes. */
export const AGENTIC_SHAPE: ConversationShape = {
  turns: 8,
  systemTokens: 2048,
  taskTokens: 512,
  resultTokens: 1024,
  outputTokens: 256,
};

/** The one tool that is offered, so that a model may answer by calling it. */
export const READ_FILE_TOOL: Tool = {
  name: 'read_file',
  description: 'Reads a file of the project.',
  parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
};

/** The words of the user or of a tool in a turn. */
function wordsOf(seed: number, conversation: number, turn: number, tokens: number): string {
  return promptOf({ seed, number: conversation * 1000 + turn, tokens, sharedTokens: 0 });
}

/**
 * The first messages of a conversation: instructions that all share, and a task of its own.
 *
 * @param conversation number within the run
 * @example openingMessages(AGENTIC_SHAPE, 1, 0).map(({ role }) => role) // ['system', 'user']
 */
export function openingMessages({ systemTokens, taskTokens }: ConversationShape, seed: number, conversation: number): Message[] {
  return [
    { role: 'system', content: promptOf({ seed, number: 0, tokens: systemTokens, sharedTokens: systemTokens }) },
    { role: 'user', content: wordsOf(seed, conversation, 0, taskTokens) },
  ];
}

/**
 * The messages of the next turn: all before it, the answer with what the model thought, and the result of every tool that it called, or a
 * further word of the user where it called none.
 *
 * @param turn number of the turn that these messages ask for, from 1
 * @example nextMessages(AGENTIC_SHAPE, [], { role: 'assistant', content: 'done', reasoning: 'hm', signature: '', toolCalls: [] }, 1, 0, 1).map(({ role }) => role) // ['assistant', 'user']
 */
export function nextMessages(
  { resultTokens }: ConversationShape,
  before: readonly Message[],
  answer: AssistantMessage,
  seed: number,
  conversation: number,
  turn: number,
): Message[] {
  const words = wordsOf(seed, conversation, turn, resultTokens);
  const replies: Message[] =
    answer.toolCalls.length === 0
      ? [{ role: 'user', content: words }]
      : answer.toolCalls.map(({ id }, at) => ({ role: 'tool', toolCallId: id, content: at === 0 ? words : 'ok' }));
  return [...before, answer, ...replies];
}

/**
 * Tokens of a turn at most: everything said before it, answers of full length.
 *
 * @param turn from 0
 * @returns input tokens, and the share of them that the turn before has sent or made
 * @example conversationTurn({ turns: 2, systemTokens: 60, taskTokens: 40, resultTokens: 50, outputTokens: 50 }, 1) // { inputTokens: 200, sharedInput: 0.75 }
 */
export function conversationTurn(
  { systemTokens, taskTokens, resultTokens, outputTokens }: ConversationShape,
  turn: number,
): { readonly inputTokens: number; readonly sharedInput: number } {
  const inputTokens = systemTokens + taskTokens + turn * (resultTokens + outputTokens);
  const sent = turn === 0 ? systemTokens : inputTokens - resultTokens;
  return { inputTokens, sharedInput: sent / inputTokens };
}
