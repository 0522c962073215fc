/** A value as Python writes it: what is no literal is kept as its text. */
export type PythonValue = string | number | boolean | null | readonly PythonValue[] | ReadonlyMap<string, PythonValue>;

const DEEPEST = 24;
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };

/** Reads Python's representation of dicts, lists and `key=value` arguments from left to right; text that ends early is taken as far as it goes. */
class PythonReader {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  /** `key=value, key=value` up to a closing bracket or the end. */
  arguments(close: string, depth: number): Map<string, PythonValue> {
    const found = new Map<string, PythonValue>();
    for (;;) {
      this.#skip();
      if (this.#at >= this.#text.length || this.#text[this.#at] === close) break;
      const key = this.#match(/[A-Za-z_]\w*(?==)/y);
      if (key === null) {
        if (!this.#pass()) break;
        continue;
      }
      this.#at++;
      found.set(key, this.value(depth + 1));
    }
    this.#at++;
    return found;
  }

  /** `'key': value, …` up to the closing brace. */
  dict(depth: number): Map<string, PythonValue> {
    const found = new Map<string, PythonValue>();
    this.#at++;
    for (;;) {
      this.#skip();
      if (this.#at >= this.#text.length || this.#text[this.#at] === '}') break;
      const key = this.value(depth + 1);
      this.#skip();
      if (this.#text[this.#at] !== ':') {
        if (!this.#pass()) break;
        continue;
      }
      this.#at++;
      found.set(String(key), this.value(depth + 1));
    }
    this.#at++;
    return found;
  }

  value(depth: number): PythonValue {
    this.#skip();
    const first = this.#text[this.#at] ?? '';
    if (first === "'" || first === '"') return this.#quoted(first);
    if (first in CLOSING && depth >= DEEPEST) return this.#bracketed(first);
    if (first === '{') return this.dict(depth);
    if (first === '[' || first === '(') return this.#list(CLOSING[first] ?? '', depth);
    if (first === '<') return this.#bracketed(first);
    const word = this.#match(/[^\s,()[\]{}]+/y) ?? '';
    const next = this.#text[this.#at];
    if (next === '(' && /^[\w.]+$/.test(word)) {
      if (depth >= DEEPEST) return this.#bracketed('(');
      this.#at++;
      return this.arguments(')', depth + 1);
    }
    return wordValue(word);
  }

  #list(close: string, depth: number): PythonValue[] {
    const found: PythonValue[] = [];
    this.#at++;
    for (;;) {
      this.#skip();
      if (this.#at >= this.#text.length || this.#text[this.#at] === close) break;
      const before = this.#at;
      found.push(this.value(depth + 1));
      if (this.#at === before && !this.#pass()) break;
    }
    this.#at++;
    return found;
  }

  #quoted(quote: string): string {
    let text = '';
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const letter = this.#text[this.#at] ?? '';
      if (letter === quote) break;
      if (letter === '\\') this.#at++;
      text += letter === '\\' ? (this.#text[this.#at] ?? '') : letter;
    }
    this.#at++;
    return text;
  }

  /** A representation that is no literal, such as `<CompilationMode.VLLM_COMPILE: 3>`, as text. */
  #bracketed(open: string): string {
    const close = CLOSING[open] ?? '';
    const from = this.#at;
    let inside = 0;
    for (; this.#at < this.#text.length; this.#at++) {
      const letter = this.#text[this.#at];
      if (letter === open) inside++;
      if (letter === close && --inside === 0) break;
    }
    this.#at++;
    return this.#text.slice(from, this.#at);
  }

  #skip(): void {
    while (/[\s,]/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  /** Steps over one character that nothing expects; false at the end. */
  #pass(): boolean {
    this.#at++;
    return this.#at < this.#text.length;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }
}

function wordValue(word: string): PythonValue {
  const key = word.toLowerCase();
  if (key === 'none' || key === 'null' || key === '') return null;
  if (key === 'true' || key === 'false') return key === 'true';
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(word) ? Number(word) : word;
}

/**
 * Reads the arguments that stand in a log from a position on: `{'tp': 8, …}`, `ServerArgs(tp_size=8, …)` or `model='x', tp=8`.
 *
 * @param text a line
 * @param at where the dict, or the first key, begins
 * @returns names to values; nested objects are maps, nothing of the text becomes a property name
 * @example pythonArguments("args: Namespace(tp=8, dtype=torch.bfloat16, x={'a': [1, None]})", 16).get('dtype') // 'torch.bfloat16'
 */
export function pythonArguments(text: string, at: number): ReadonlyMap<string, PythonValue> {
  const reader = new PythonReader(text, at);
  return text[at] === '{' ? reader.dict(0) : reader.arguments(')', 0);
}
