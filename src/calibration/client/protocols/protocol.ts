import type { AnswerPart } from '../answerPart.ts';
import type { Ask } from '../ask.ts';
import { anthropic } from './anthropic.ts';
import { completions } from './completions.ts';
import { openai } from './openai.ts';

export type ProtocolName = 'openai' | 'completions' | 'anthropic';

/** What the body of a request needs to know of its endpoint. */
export interface BodyFor {
  readonly model: string;
  readonly continuousUsage: boolean;
}

/** How a request is written and its answer read. */
export interface Protocol {
  /** Under the root of the endpoint. */
  readonly path: string;
  /** Whether usage comes with the events of a message, and not on chunks. */
  readonly messageEvents: boolean;
  headers(key: string | null): Record<string, string>;
  /** @throws Fault where the protocol or the rules of the model do not allow what is asked */
  body(endpoint: BodyFor, ask: Ask): Record<string, unknown>;
  /** What one event of the stream says. */
  part(frame: Readonly<Record<string, unknown>>): AnswerPart;
  /** What an answer in one piece says. */
  whole(frame: Readonly<Record<string, unknown>>): AnswerPart;
}

/** The protocols by name. */
export const PROTOCOLS: Readonly<Record<ProtocolName, Protocol>> = { openai, completions, anthropic };
