// biome-ignore lint/suspicious/noControlCharactersInRegex: untrusted text must not steer a terminal
const STEERING = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;

/** A space at which no line is broken; renderers print it as a plain one. */
export const FIXED_SPACE = '\u00a0';

/**
 * Text without anything that steers a terminal or hides its direction: runs of control characters become one space.
 *
 * @example inert('H200\u001b[31m') // 'H200 [31m'
 */
export function inert(text: string): string {
  return harmless(text).trim();
}

/** Text as `inert` makes it, but for the spaces at its ends. */
export function harmless(text: string): string {
  return text.replace(STEERING, ' ');
}

/** Printed width of inert text: one column per code point. */
export function widthOf(text: string): number {
  return [...text].length;
}

function broken(word: string, width: number): string[] {
  const points = [...word];
  return Array.from({ length: Math.ceil(points.length / width) }, (_, part) => points.slice(part * width, (part + 1) * width).join(''));
}

/**
 * Breaks text into lines at plain spaces; a word longer than a line is cut.
 *
 * @param text any text; it is made inert first
 * @param width columns of a line, at least 1
 * @example wrap('does not fit', 8) // ['does not', 'fit']
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of inert(text)
    .split(/ +/)
    .flatMap((whole) => broken(whole, Math.max(1, width)))) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
