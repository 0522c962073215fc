import { fieldsOf } from './answerPart.ts';
import { AnswerTally } from './answerTally.ts';
import { endpointText } from './endpointText.ts';
import { eventStream, LONGEST_EVENT } from './eventStream.ts';
import type { Failure } from './failure.ts';
import type { Protocol } from './protocols/protocol.ts';
import type { RecordedOddities } from './record.ts';
import type { Redact } from './secrets.ts';
import { utf8Text } from './utf8Text.ts';

/** Largest answer that is read, bytes after decompression. */
const LARGEST_BODY = 64 * 2 ** 20;
/** Characters of a body that is no stream, for the message. */
const SAMPLE = 4096;

/** How far an answer may go beyond what was asked before it is broken off: servers count a few tokens otherwise. */
const LENGTH_MARGIN = 1.5;
const SPARE_TOKENS = 32;

/** Finish reasons with which engines say that they gave a request up. */
const GIVEN_UP: ReadonlySet<string> = new Set(['abort', 'error']);

/**
 * Reads the body of one answer, in whatever pieces it comes: events of a stream, or the JSON or page that came in its place. Only the times
 * depend on where it is cut.
 */
export class AnswerReader {
  readonly tally: AnswerTally;
  readonly #protocol: Protocol;
  readonly #redact: Redact;
  readonly #text = utf8Text();
  readonly #events = eventStream((data) => this.#takeEvent(data));
  #kind: 'unknown' | 'events' | 'json' | 'page' = 'unknown';
  #bytes = 0;
  #ms = 0;
  #body = '';
  #malformed = 0;
  #sample: string | null = null;
  #tooLarge: string | null = null;
  readonly #mostTokens: number;
  #tooLong = false;
  #ended = false;

  /** @param asked output tokens that the request allows */
  constructor(protocol: Protocol, redact: Redact, asked: number) {
    this.#protocol = protocol;
    this.#mostTokens = Math.ceil(asked * LENGTH_MARGIN) + SPARE_TOKENS;
    this.#redact = redact;
    this.tally = new AnswerTally(protocol.messageEvents);
  }

  /** Takes the next bytes, seen at `ms`; false where nothing more needs to be read. */
  feed(bytes: Uint8Array, ms: number): boolean {
    this.#ms = ms;
    this.#takeText(this.#text.decode(bytes.subarray(0, LARGEST_BODY - this.#bytes)));
    this.#bytes += bytes.length;
    if (this.#bytes > LARGEST_BODY) this.#refuse(`the answer is larger than ${LARGEST_BODY} bytes`);
    return !this.brokenOff && this.tally.doneMs === null;
  }

  /** Whether more came than may be read, so that the rest is not waited for. */
  get brokenOff(): boolean {
    return this.#tooLarge !== null || this.#tooLong;
  }

  /** Takes the end of the body, which must not be called after a break in it. */
  end(ms: number): void {
    if (this.tally.doneMs !== null || this.brokenOff) return;
    this.#ms = ms;
    this.#takeText(this.#text.end());
    this.#ended = true;
    if (this.#kind === 'events') this.#events.end();
    if (this.#kind === 'json') this.#takeWhole();
  }

  /** Why a body that was read to its end is no answer; null where it is one. */
  get failure(): Failure | null {
    const { error, finishReason, doneMs, chunks } = this.tally;
    if (error !== null) return { code: 'error-in-stream', message: this.#printable(error) };
    if (this.#kind === 'json') return { code: 'not-a-stream', message: 'the answer came in one piece, not as a stream' };
    if (this.#kind === 'page') return { code: 'not-a-stream', message: `a page instead of a stream: ${this.#printable(this.#body)}` };
    if (this.#tooLarge !== null) return { code: 'malformed', message: this.#tooLarge };
    if (this.#tooLong) return { code: 'too-long', message: `broken off after ${this.tally.received} tokens, far more than were asked for` };
    if (finishReason !== null && GIVEN_UP.has(finishReason))
      return { code: 'error-in-stream', message: `the server gave up (finish reason ${finishReason})` };
    if (this.#malformed > 0) return { code: 'malformed', message: `${this.#malformed} frames are no JSON: ${this.#sample}` };
    if (finishReason === null && (doneMs === null || chunks.length === 0))
      return { code: 'incomplete', message: 'the stream ended without [DONE] or a finish reason' };
    return null;
  }

  get oddities(): RecordedOddities | null {
    const { usageDisagrees, doneMs, finishReason } = this.tally;
    const doneMissing = this.#kind === 'events' && doneMs === null && finishReason !== null;
    const invalidText = this.#text.invalid;
    if (this.#malformed === 0 && !invalidText && !usageDisagrees && !doneMissing) return null;
    return { malformedFrames: this.#malformed, malformedSample: this.#sample, invalidText, usageDisagrees, doneMissing };
  }

  #printable(text: string): string {
    return endpointText(this.#redact(text));
  }

  #refuse(message: string): void {
    if (this.tally.doneMs === null && !this.#tooLong) this.#tooLarge ??= message;
  }

  #takeText(text: string): void {
    let rest = text;
    if (this.#kind === 'unknown') {
      rest = text.trimStart();
      if (rest === '') return;
      this.#kind = rest[0] === '{' || rest[0] === '[' ? 'json' : rest[0] === '<' ? 'page' : 'events';
    }
    if (this.#kind === 'events') {
      if (!this.#events.feed(rest)) this.#refuse(`an event is longer than ${LONGEST_EVENT} characters`);
      return;
    }
    const most = this.#kind === 'json' ? LONGEST_EVENT + 1 : SAMPLE;
    this.#body += rest.slice(0, most - this.#body.length);
  }

  #takeEvent(data: string): void {
    const text = data.trim();
    if (text === '' || this.tally.doneMs !== null || this.#tooLong) return;
    if (text === '[DONE]') {
      this.tally.doneMs = this.#ms;
      return;
    }
    const frame = objectIn(text);
    if (frame !== null) {
      this.tally.take(this.#protocol.part(frame), this.#ms);
      this.#tooLong = this.tally.received > this.#mostTokens;
    } else if (!this.#ended) {
      this.#malformed++;
      this.#sample ??= endpointText(this.#redact(text), 80);
    }
  }

  #takeWhole(): void {
    const frame = this.#body.length > LONGEST_EVENT ? null : objectIn(this.#body);
    if (frame !== null) this.tally.takeWhole(this.#protocol.whole(frame));
  }
}

function objectIn(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? fieldsOf(value) : null;
  } catch {
    return null;
  }
}
