import type { RecordedAsk } from './record.ts';

/** A tool that the model may call; `parameters` is a JSON Schema. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export type ToolChoice = 'auto' | 'none' | 'required';

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON, as the model wrote it. */
  readonly arguments: string;
}

/** A turn of the model; thinking goes back with it, under the signature that some servers put on it. */
export interface AssistantMessage {
  readonly role: 'assistant';
  readonly reasoning: string;
  readonly signature: string;
  readonly content: string;
  readonly toolCalls: readonly ToolCall[];
}

export type Message =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | AssistantMessage
  | { readonly role: 'tool'; readonly toolCallId: string; readonly content: string };

/** One request of the ladder. */
export interface Ask {
  readonly recorded: RecordedAsk;
  /** When it was due, on the clock of the run. */
  readonly intendedMs: number;
  /** A prompt, or a conversation so far. */
  readonly content: string | readonly Message[];
  readonly tools?: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  /** Goes on to the last token allowed, past the end that the model sees; only own engines take it (`ignore_eos`). */
  readonly fullLength?: boolean;
}
