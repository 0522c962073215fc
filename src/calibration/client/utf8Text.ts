import { TextDecoder } from 'node:util';

/** Decodes bytes that come in pieces, and remembers whether any were no UTF-8. */
export interface Utf8Text {
  decode(bytes: Uint8Array): string;
  end(): string;
  /** Whether replacement characters stand where bytes could not be read. */
  readonly invalid: boolean;
}

/** A decoder that never puts a replacement character where a cut is; a strict one beside it tells a sent U+FFFD from a broken byte. */
export function utf8Text(): Utf8Text {
  const lenient = new TextDecoder();
  let strict: TextDecoder | null = new TextDecoder('utf-8', { fatal: true });
  const check = (bytes?: Uint8Array) => {
    try {
      strict?.decode(bytes, { stream: bytes !== undefined });
    } catch {
      strict = null;
    }
  };
  return {
    decode(bytes) {
      check(bytes);
      return lenient.decode(bytes, { stream: true });
    },
    end() {
      check();
      return lenient.decode();
    },
    get invalid() {
      return strict === null;
    },
  };
}
