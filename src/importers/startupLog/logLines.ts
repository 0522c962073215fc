import { TextDecoder } from 'node:util';
import { Fault } from '../../faults/fault.ts';

/** Characters of one line that are looked at; what follows is skipped. */
export const LONGEST_LINE = 65_536;

/** Bytes after which a log is refused. */
export const LARGEST_LOG = 200 * 2 ** 20;

/** Lines, or parts of lines, after which a log is refused; ten seconds' work. */
const MOST_PARTS = 1_000_000;

/** Characters below which a part says nothing. */
const SHORTEST_PART = 6;

/** One line, or the part of one between two carriage returns. */
export interface LogLine {
  /** Counted from 1, by line feeds alone. */
  readonly number: number;
  readonly text: string;
}

/** UTF-16 where a byte order mark says so (a redirect of Windows PowerShell writes it), else UTF-8; broken bytes are replaced. */
function decoderFor(first: Uint8Array): TextDecoder {
  return new TextDecoder(first[0] === 0xff && first[1] === 0xfe ? 'utf-16le' : 'utf-8');
}

/**
 * Splits a log into lines in bounded memory: a carriage return ends a part as a terminal would overwrite it, and a part longer than
 * `LONGEST_LINE` is cut.
 */
export class LogLines {
  readonly #name: string;
  readonly #take: (line: LogLine) => void;
  #decoder: TextDecoder | null = null;
  #rest = '';
  #number = 1;
  #lines = 0;
  #bytes = 0;
  #parts = 0;
  #skipping = false;
  #cut = 0;

  /**
   * @param name the file, for messages
   * @param take called for each part in turn
   */
  constructor(name: string, take: (line: LogLine) => void) {
    this.#name = name;
    this.#take = take;
  }

  /** Lines so far; the last one counts without a line feed too. */
  get lines(): number {
    return this.#lines;
  }

  /** Parts that were cut so far. */
  get cutLines(): number {
    return this.#cut;
  }

  /**
   * Takes the next bytes.
   *
   * @throws Fault `invalid` where the log is larger than `LARGEST_LOG` or has more than a million lines
   */
  push(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#bytes > LARGEST_LOG) throw this.#tooLarge(`more than ${LARGEST_LOG} bytes`);
    this.#decoder ??= decoderFor(chunk);
    this.#split(this.#decoder.decode(chunk, { stream: true }));
  }

  /** Hands over the last part. */
  end(): void {
    this.#split(this.#decoder?.decode() ?? '');
    if (this.#rest !== '') {
      this.#lines = this.#number;
      this.#hand(this.#rest);
    }
    this.#rest = '';
  }

  #split(text: string): void {
    let from = 0;
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code !== 10 && code !== 13) continue;
      this.#close(text.slice(from, at));
      if (code === 10) this.#lines = this.#number++;
      from = at + 1;
    }
    this.#hold(text.slice(from));
  }

  #close(end: string): void {
    this.#hold(end);
    if (this.#rest !== '') this.#hand(this.#rest);
    this.#rest = '';
    this.#skipping = false;
  }

  #hold(more: string): void {
    if (this.#skipping) return;
    this.#rest += more;
    if (this.#rest.length <= LONGEST_LINE) return;
    this.#rest = this.#rest.slice(0, LONGEST_LINE);
    this.#skipping = true;
    this.#cut++;
  }

  #hand(text: string): void {
    if (text.length < SHORTEST_PART) return;
    if (++this.#parts > MOST_PARTS) throw this.#tooLarge(`more than ${MOST_PARTS} lines`);
    this.#take({ number: this.#number, text });
  }

  #tooLarge(value: string): Fault {
    return new Fault('invalid', 'the log is too large', {
      where: this.#name,
      value,
      allowed: 'at most 200 MiB and a million lines; the start-up is at the beginning, so its first 50 MB are enough',
    });
  }
}
