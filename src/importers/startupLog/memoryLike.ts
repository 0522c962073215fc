import { type PlainLine, shortText } from './plainLine.ts';
import type { UnreadLine } from './startupLog.ts';

const AMOUNT = /\d ?(?:[KMG]iB|[MG]B)\b/;
const OF_MEMORY = /mem|cache|buffer|alloc|weight|graph|\bkv\b|vram|gpu|cuda|pool|model|state/i;
const CAPACITY = /\bkv[ _]?cache\b.*?\b\d[\d,]{3,}\b|\bmax_total_num_tokens\b/i;

/** A bar that is drawn over and over, or code of a traceback. */
const NO_STATEMENT = /\d%\||(?:it|s)\/(?:s|it)\]|^\s*File "|^\s{4,}\w+\(/;

/** Whether a line states an amount of memory, or of tokens in a KV cache. */
export function looksLikeMemory(text: string): boolean {
  return ((AMOUNT.test(text) && OF_MEMORY.test(text)) || CAPACITY.test(text)) && !NO_STATEMENT.test(text);
}

/** Shapes of unread lines that are kept. */
const MOST_SHAPES = 200;

/** Lines that nobody could read, those of one shape together. */
export class UnreadLines {
  readonly #shapes = new Map<string, { readonly line: number; readonly text: string; times: number }>();

  add({ number, text }: PlainLine): void {
    const shape = text.slice(0, 400).replace(/\d+(?:[.,]\d+)*/g, '#');
    const known = this.#shapes.get(shape);
    if (known) known.times++;
    else if (this.#shapes.size < MOST_SHAPES) this.#shapes.set(shape, { line: number, text: shortText(text), times: 1 });
  }

  all(): UnreadLine[] {
    return [...this.#shapes.values()].map((shape) => ({ ...shape }));
  }
}
