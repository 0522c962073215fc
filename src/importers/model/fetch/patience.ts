/** Ends a request whose server says nothing for a while, or is too slow over the whole. */
export class Patience {
  readonly #abort = new AbortController();
  readonly #silenceMs: number;
  readonly #whole: NodeJS.Timeout;
  #silence: NodeJS.Timeout;

  constructor(silenceMs: number, transferMs: number) {
    const end = () => this.#abort.abort();
    this.#silenceMs = silenceMs;
    this.#whole = setTimeout(end, silenceMs + transferMs);
    this.#silence = setTimeout(end, silenceMs);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The server said something. */
  heard(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#abort.abort(), this.#silenceMs);
  }

  done(): void {
    clearTimeout(this.#whole);
    clearTimeout(this.#silence);
  }
}
