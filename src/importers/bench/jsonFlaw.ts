const SPACE = /[ \t\r\n]*/y;
/** What may follow a backslash. */
const ESCAPE = /["\\/bfnrt]|u[\da-fA-F]{4}/y;
const WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Goes through JSON token by token and stops where the grammar does. */
class FlawFinder {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Where the first value ends, or stops being one. */
  get at(): number {
    return this.#at;
  }

  value(): boolean {
    this.#take(SPACE);
    const letter = this.#text[this.#at];
    if (letter === '{') return this.#members('}', () => this.#key() && this.value());
    if (letter === '[') return this.#members(']', () => this.value());
    return letter === '"' ? this.#quoted() : this.#take(WORD);
  }

  #members(close: string, member: () => boolean): boolean {
    this.#at++;
    if (this.#letter(close)) return true;
    for (;;) {
      if (!member()) return false;
      if (this.#letter(close)) return true;
      if (!this.#letter(',')) return false;
    }
  }

  #key(): boolean {
    this.#take(SPACE);
    return this.#quoted() && this.#letter(':');
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

/**
 * Where a text stops being JSON, which the messages of the runtime say only sometimes, and never without quoting it.
 *
 * @param json a text that is no JSON, its brackets nested in bounded depth
 * @returns the offset of the first letter that is wrong
 * @example jsonFlaw('{"a": 1,}') // 8
 */
export function jsonFlaw(json: string): number {
  const finder = new FlawFinder(json);
  finder.value();
  return finder.at;
}
