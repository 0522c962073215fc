import { createParser } from 'eventsource-parser';

/** Longest event of a stream, and with it longest line, characters. */
export const LONGEST_EVENT = 2 ** 20;

/** Reads events out of text that comes in pieces. */
export interface EventStream {
  /** @returns false once an event is longer than `LONGEST_EVENT`; nothing is read any more */
  feed(text: string): boolean;
  /** Reads what stands after the last line end. */
  end(): void;
}

/**
 * Server-sent events, wherever the text is cut. CR, LF and CRLF all become LF before the parser sees them: an event that ends in CR is
 * there when its CR is, not with the character after it.
 */
export function eventStream(onEvent: (data: string) => void): EventStream {
  const parser = createParser({ onEvent: ({ data }) => onEvent(data) });
  // The parser looks for a byte order mark at the beginning, which the decoder has taken off.
  parser.feed(':\n');
  let afterReturn = false;
  let sinceBlank = 0;
  let lineLength = 0;
  return {
    feed(text) {
      if (text === '') return sinceBlank <= LONGEST_EVENT;
      const whole = afterReturn && text.startsWith('\n') ? text.slice(1) : text;
      afterReturn = text.endsWith('\r');
      const lines = whole.replace(/\r\n?/g, '\n');
      let eventsEnd = 0;
      for (let from = 0; from < lines.length; ) {
        const end = lines.indexOf('\n', from);
        const to = end < 0 ? lines.length : end;
        lineLength += to - from;
        sinceBlank += to - from;
        from = to + 1;
        if (sinceBlank > LONGEST_EVENT) {
          parser.feed(lines.slice(0, eventsEnd));
          return false;
        }
        if (end < 0) break;
        if (lineLength === 0) {
          sinceBlank = 0;
          eventsEnd = from;
        }
        lineLength = 0;
      }
      parser.feed(lines);
      return true;
    },
    end() {
      parser.feed('\n\n');
    },
  };
}
