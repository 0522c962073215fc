/** Tokens as one event counts them; null where it does not say. */
export interface UsageCounts {
  readonly inputTokens: number | null;
  readonly cachedTokens: number | null;
  readonly outputTokens: number | null;
  readonly reasoningTokens: number | null;
}

/** A piece of a tool call; the first of a call carries its name. */
export interface ToolPart {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** What one event of a stream says, whatever the protocol. */
export interface AnswerPart {
  readonly reasoning: string;
  readonly signature: string;
  readonly content: string;
  readonly tools: readonly ToolPart[];
  /** Whether it is about the generation, and not about the request alone. */
  readonly hasChoice: boolean;
  readonly finish: string | null;
  readonly usage: UsageCounts | null;
  readonly error: string | null;
  /** Whether the stream says that nothing follows. */
  readonly done: boolean;
}

/** An event that says nothing. */
export const SILENT: AnswerPart = {
  reasoning: '',
  signature: '',
  content: '',
  tools: [],
  hasChoice: false,
  finish: null,
  usage: null,
  error: null,
  done: false,
};

export type Fields = Readonly<Record<string, unknown>>;

/** The fields of a JSON object; none of anything else. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A count of tokens; null where it is none. */
export function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** The counts, or null where none of them is given. */
export function someCounts(counts: UsageCounts): UsageCounts | null {
  return Object.values(counts).some((count) => count !== null) ? counts : null;
}

/** What an `error` of a frame says; null where there is none. */
export function errorOf(frame: Fields): string | null {
  const error = frame['error'] ?? (frame['object'] === 'error' ? frame : null);
  if (error === null) return null;
  const { message, type, code } = fieldsOf(error);
  const said = [error, message, type, code].find((text) => typeof text === 'string' && text !== '');
  return textOf(said) || 'an error without a message';
}
