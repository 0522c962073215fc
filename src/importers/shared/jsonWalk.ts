const SPACE = /[ \t\r\n]*/y;
/** What may follow a backslash. */
const ESCAPE = /["\\/bfnrt]|u[\da-fA-F]{4}/y;
const WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** What a walk tells on its way. */
export interface JsonListener {
  /** An object or a list begins. */
  readonly opened: (bracket: '{' | '[') => void;
  /** The key of the member that follows, quotes and escapes included; in lists null. */
  readonly member: (quotedKey: string | null, at: number) => void;
  readonly closed: () => void;
}

/** Goes through JSON token by token and stops where the grammar does. */
export class JsonWalk {
  readonly #text: string;
  readonly #listener: JsonListener | undefined;
  #at = 0;

  /** @param text a text whose brackets are nested in bounded depth */
  constructor(text: string, listener?: JsonListener) {
    this.#text = text;
    this.#listener = listener;
  }

  /** Where the first value ends, or stops being one. */
  get at(): number {
    return this.#at;
  }

  /** Walks through one value; false where the grammar ends before it does. */
  value(): boolean {
    this.#take(SPACE);
    const letter = this.#text[this.#at];
    if (letter === '{') return this.#members('{', '}', () => this.#key() && this.value());
    if (letter === '[') return this.#members('[', ']', () => this.#item() && this.value());
    return letter === '"' ? this.#quoted() : this.#take(WORD);
  }

  #members(open: '{' | '[', close: string, member: () => boolean): boolean {
    this.#at++;
    this.#listener?.opened(open);
    for (let isFirst = true; !this.#letter(close); isFirst = false) {
      if (!isFirst && !this.#letter(',')) return false;
      if (!member()) return false;
    }
    this.#listener?.closed();
    return true;
  }

  #item(): boolean {
    this.#take(SPACE);
    this.#listener?.member(null, this.#at);
    return true;
  }

  #key(): boolean {
    this.#take(SPACE);
    const from = this.#at;
    if (!this.#quoted()) return false;
    this.#listener?.member(this.#text.slice(from, this.#at), from);
    return this.#letter(':');
  }

  /** A text may be long, so no pattern takes it whole. */
  #quoted(): boolean {
    if (this.#text[this.#at] !== '"') return false;
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      if (this.#text[this.#at] === '"') {
        this.#at++;
        return true;
      }
      if (this.#text.charCodeAt(this.#at) < 0x20) return false;
      if (this.#text[this.#at] !== '\\') continue;
      this.#at++;
      if (!this.#take(ESCAPE)) return false;
      this.#at--;
    }
    return false;
  }

  #letter(expected: string): boolean {
    this.#take(SPACE);
    if (this.#text[this.#at] !== expected) return false;
    this.#at++;
    return true;
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return false;
    this.#at += found.length;
    return true;
  }
}
