import type { RecordedAsk } from '../client/record.ts';
import type { ConversationShape } from './conversation.ts';

/** Lengths of the requests of a step. */
export interface LadderShape {
  readonly name: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Share of the input that all requests of the shape begin with. */
  readonly sharedInput: number;
  /** Where a request is a turn of a conversation that is resent and grows; a step then counts conversations. */
  readonly conversation?: ConversationShape;
}

/** How requests of a step come: as many as that in flight, so many a second, or a share of the rate that was found before. */
export type StepLoad =
  | { readonly kind: 'concurrency'; readonly concurrency: number }
  | { readonly kind: 'rate'; readonly requestsPerSecond: number }
  | { readonly kind: 'share-of-found'; readonly share: number };

/** One step of a calibration: a shape under a load. */
export interface LadderStep {
  /** Its place in the ladder. */
  readonly place: number;
  readonly shape: LadderShape;
  readonly load: StepLoad;
  /** Requests, those to warm up included. */
  readonly requests: number;
  /** The first ones, whose times do not count. */
  readonly warmUp: number;
}

/**
 * The numbers of the requests, or conversations, of a step that have no record yet; a conversation that was begun has one.
 *
 * @param held of any steps
 */
export function unsentNumbers({ place, shape, requests }: LadderStep, held: readonly { readonly ask: RecordedAsk }[]): number[] {
  const turns = shape.conversation?.turns ?? 1;
  const done = new Set(held.filter(({ ask }) => ask.step === place).map(({ ask }) => Math.floor(ask.number / turns)));
  return Array.from({ length: requests }, (_, number) => number).filter((number) => !done.has(number));
}

/** Prompts are made of words that are one token in most vocabularies, not in all. */
const PROMPT_MARGIN = 1.25;
/** Of a chat template, at most. */
const TEMPLATE_TOKENS = 64;

/** Tokens of one request at most: its input with what tokenizers and templates may add, and its longest output. */
export function worstTokens({ inputTokens, outputTokens }: Pick<LadderShape, 'inputTokens' | 'outputTokens'>): {
  readonly input: number;
  readonly output: number;
} {
  return { input: Math.ceil(inputTokens * PROMPT_MARGIN) + TEMPLATE_TOKENS, output: outputTokens };
}
