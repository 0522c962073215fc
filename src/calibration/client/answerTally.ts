import type { AnswerPart, ToolPart, UsageCounts } from './answerPart.ts';
import type { AssistantMessage } from './ask.ts';
import type { RecordedUsage, RequestRecord, UsagePlace } from './record.ts';

type Chunk = RequestRecord['chunks'][number];

/** A token of text has about four characters, so that a stream of single ones has no more tokens than this says. */
const CHARACTERS_PER_TOKEN = 4;

const NOTHING: UsageCounts = { inputTokens: null, cachedTokens: null, outputTokens: null, reasoningTokens: null };

/** Adds up what the events of one answer say: when tokens came, on which channel, what they were, and what the server counted. */
export class AnswerTally {
  readonly #messageEvents: boolean;
  readonly chunks: Chunk[] = [];
  firstAnswerMs: number | null = null;
  finishReason: string | null = null;
  error: string | null = null;
  doneMs: number | null = null;
  #counts = NOTHING;
  #place: UsagePlace = 'none';
  #disagrees = false;
  /** Output tokens that the chunks so far account for; null once one did not tell. */
  #told: number | null = 0;
  #reasoning = '';
  #signature = '';
  #content = '';
  /** Of reasoning, content and arguments of tools. */
  #characters = 0;
  readonly #calls = new Map<number, { id: string; name: string; arguments: string }>();

  constructor(messageEvents: boolean) {
    this.#messageEvents = messageEvents;
  }

  /** Takes what one event says; what comes after the end is passed over. */
  take(part: AnswerPart, ms: number): void {
    if (this.doneMs !== null) return;
    this.#takeUsage(part);
    this.#takeText(part, ms);
    this.finishReason = part.finish ?? this.finishReason;
    this.error ??= part.error;
    if (part.done) this.doneMs = ms;
  }

  /** Takes the counts of an answer in one piece, whose tokens have no times. */
  takeWhole(part: AnswerPart): void {
    this.#takeUsage(part);
    if (part.usage) this.#place = 'body';
    this.#addText(part);
    this.finishReason = part.finish;
    this.error = part.error;
  }

  get usage(): RecordedUsage {
    return { place: this.#place, ...this.#counts };
  }

  get usageDisagrees(): boolean {
    const { inputTokens, cachedTokens, outputTokens } = this.#counts;
    const tooManyChunks = outputTokens !== null && this.chunks.length > outputTokens;
    return this.#disagrees || tooManyChunks || (inputTokens !== null && (cachedTokens ?? 0) > inputTokens);
  }

  /**
   * Output tokens that have come at least: as counted on the way, for what is counted at the end may be wrong; else one for each chunk, but
   * for chunks of single characters one for four of these.
   */
  get received(): number {
    const onTheWay = this.finishReason === null && this.doneMs === null;
    const chunks = Math.min(this.chunks.length, Math.ceil(this.#characters / CHARACTERS_PER_TOKEN));
    return Math.max(chunks, onTheWay ? (this.#counts.outputTokens ?? 0) : 0);
  }

  get answer(): AssistantMessage {
    const toolCalls = [...this.#calls].sort(([a], [b]) => a - b).map(([, call]) => call);
    return { role: 'assistant', reasoning: this.#reasoning, signature: this.#signature, content: this.#content, toolCalls };
  }

  #takeText(part: AnswerPart, ms: number): void {
    this.#addText(part);
    const called = part.tools.some(({ name, arguments: text }) => name !== '' || text !== '');
    const channel = part.content !== '' ? 'content' : called ? 'tool' : part.reasoning !== '' ? 'reasoning' : null;
    if (channel === null) return;
    if (channel !== 'reasoning') this.firstAnswerMs ??= ms;
    const counted = part.usage?.outputTokens ?? null;
    const tokens = counted === null || this.#told === null || counted < this.#told ? null : counted - this.#told;
    this.#told = tokens === null ? null : counted;
    this.chunks.push({ ms, tokens, channel });
  }

  #addText(part: AnswerPart): void {
    this.#reasoning += part.reasoning;
    this.#signature += part.signature;
    this.#content += part.content;
    this.#characters += part.reasoning.length + part.content.length;
    for (const piece of part.tools) this.#addCall(piece);
  }

  #addCall({ index, id, name, arguments: text }: ToolPart): void {
    const call = this.#calls.get(index) ?? { id: '', name: '', arguments: '' };
    this.#characters += text.length;
    this.#calls.set(index, { id: call.id || id, name: call.name || name, arguments: call.arguments + text });
  }

  #takeUsage({ usage, hasChoice, finish }: AnswerPart): void {
    if (usage === null) return;
    const atEnd = finish !== null || this.finishReason !== null;
    const closed =
      this.#place === 'finish-chunk' || this.#place === 'last-chunk' || (this.#place === 'every-chunk' && this.finishReason !== null);
    const before = this.#counts;
    if (contradicts(before.inputTokens, usage.inputTokens) && before.inputTokens !== 0) this.#disagrees = true;
    if (before.outputTokens !== null && usage.outputTokens !== null) {
      if (usage.outputTokens < before.outputTokens || (closed && usage.outputTokens > before.outputTokens)) this.#disagrees = true;
    }
    this.#counts = {
      inputTokens: usage.inputTokens ?? before.inputTokens,
      cachedTokens: usage.cachedTokens ?? before.cachedTokens,
      outputTokens: usage.outputTokens ?? before.outputTokens,
      reasoningTokens: usage.reasoningTokens ?? before.reasoningTokens,
    };
    if (this.#messageEvents) this.#place = 'message-events';
    else if (this.#place !== 'every-chunk') this.#place = !hasChoice ? 'last-chunk' : atEnd ? 'finish-chunk' : 'every-chunk';
  }
}

function contradicts(before: number | null, after: number | null): boolean {
  return before !== null && after !== null && before !== after;
}
