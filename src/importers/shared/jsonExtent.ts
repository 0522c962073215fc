/** Brackets within brackets: no file of figures comes near. */
const DEEPEST = 64;
/** Groups and lists of one value: each takes memory that its two letters do not show. */
const MOST_GROUPS = 5_000_000;

/** Words that Python writes for numbers and JSON does not know. */
const PYTHON_NUMBER = /-?Infinity|NaN/y;

/** A value within a text. */
interface JsonExtent {
  /** The value as JSON, Python's words as texts; its lines are those of the text. */
  readonly json: string;
  /** Offset behind it. */
  readonly end: number;
}

/** Why there is no value, and the offset at which that shows. */
interface NoExtent {
  readonly reason: string;
  readonly at: number;
}

/**
 * One object or list from its first bracket to the last, in bounded depth and number of parts; its grammar is not looked at.
 *
 * `NaN`, `Infinity` and `-Infinity`, which Python writes, become texts of that name.
 *
 * @param from offset of the first bracket
 * @example jsonExtent('{"a":NaN} {}', 0) // { json: '{"a":"NaN"}', end: 9 }
 */
export function jsonExtent(text: string, from: number): JsonExtent | NoExtent {
  if (text[from] !== '{' && text[from] !== '[') return { reason: 'no bracket opens it', at: from };
  const pieces: string[] = [];
  let copied = from;
  let depth = 0;
  let groups = 0;
  for (let at = from; at < text.length; at++) {
    const letter = text[at];
    if (letter === '"') {
      for (at++; at < text.length && text[at] !== '"'; at++) {
        if (text[at] === '\n') return { reason: 'a text that does not end', at };
        if (text[at] === '\\') at++;
      }
    } else if (letter === '{' || letter === '[') {
      if (++groups > MOST_GROUPS) return { reason: `more than ${MOST_GROUPS} groups and lists`, at };
      if (++depth > DEEPEST) return { reason: `nested deeper than ${DEEPEST} levels`, at };
    } else if (letter === '}' || letter === ']') {
      if (--depth === 0) return { json: `${pieces.join('')}${text.slice(copied, at + 1)}`, end: at + 1 };
    } else if (letter === 'N' || letter === 'I' || letter === '-') {
      PYTHON_NUMBER.lastIndex = at;
      const [word] = PYTHON_NUMBER.exec(text) ?? [];
      if (word === undefined) continue;
      pieces.push(text.slice(copied, at), `"${word}"`);
      at += word.length - 1;
      copied = at + 1;
    }
  }
  return { reason: 'what begins here does not end', at: from };
}
