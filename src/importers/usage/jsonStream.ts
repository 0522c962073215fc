import { Fault } from '../../faults/fault.ts';
import { jsonExtent } from '../shared/jsonExtent.ts';

/** A line may hold a session with all its blocks. */
const LONGEST_LINE = 2 ** 26;
/** A document that is no list of lines must be held whole. */
const LARGEST_DOCUMENT = 2 ** 28;

/** Takes a value and the line that it begins on; a Fault for a line that is no JSON. */
type TakeValue = (value: unknown, line: number) => void;

function tooLong(where: string, most: number, allowed: string): Fault {
  return new Fault('invalid', 'too much text for one value', { where, allowed: `at most ${most / 2 ** 20} MiB; ${allowed}` });
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return new Fault('invalid', 'not JSON', { where, allowed: 'one JSON object on each line' });
  }
}

/** Whether the first line is a value of its own, broken or not, and not the beginning of a document. */
function isLine(line: string): boolean {
  const text = line.trim();
  return text.startsWith('{') && text.endsWith('}');
}

/** A whole document: one value, or several after another. */
function readDocument(path: string, text: string, take: TakeValue): void {
  let line = 1;
  let counted = 0;
  for (let at = text.search(/\S|$/); at < text.length; ) {
    line += text.slice(counted, at).split('\n').length - 1;
    counted = at;
    const extent = jsonExtent(text, at);
    if (!('json' in extent))
      throw new Fault('invalid', `not JSON: ${extent.reason}`, { where: `${path}:${line}`, allowed: 'JSON that is whole' });
    const value = parsed(extent.json, `${path}:${line}`);
    if (value instanceof Fault) throw value;
    take(value, line);
    const next = text.slice(extent.end).search(/\S/);
    at = next < 0 ? text.length : extent.end + next;
  }
}

/**
 * Hands over JSON values: one after the other where each stands on a line of its own, else those of the whole document.
 *
 * @param path the file, for messages
 * @param text in parts
 * @throws Fault `invalid` where a document is broken, nested too deep or too large; a broken line is handed over as a Fault
 */
export async function readJsonStream(path: string, text: AsyncIterable<string>, take: TakeValue): Promise<void> {
  let rest: string[] = [];
  let held = 0;
  let line = 0;
  let byLine: boolean | null = null;
  const takeLine = (whole: string) => {
    line++;
    if (whole.trim() !== '') take(parsed(whole, `${path}:${line}`), line);
  };
  for await (const part of text) {
    rest.push(part);
    held += part.length;
    if (byLine && held > LONGEST_LINE && !part.includes('\n')) throw tooLong(`${path}:${line + 1}`, LONGEST_LINE, 'shorter lines');
    if (held > LARGEST_DOCUMENT) throw tooLong(path, LARGEST_DOCUMENT, 'one object on each line');
    if (byLine === false || !part.includes('\n')) continue;
    const joined = rest.join('');
    const lines = joined.split('\n');
    byLine ??= isLine(lines.find((each) => each.trim() !== '') ?? '');
    if (!byLine) {
      rest = [joined];
      continue;
    }
    const open = lines.pop() ?? '';
    for (const whole of lines) takeLine(whole);
    rest = [open];
    held = open.length;
  }
  const left = rest.join('');
  if (byLine) takeLine(left);
  else readDocument(path, left, take);
}
