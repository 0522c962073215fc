/** One line of a metrics page: a name, its labels and its value. */
export interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

/** What a metrics page says, as far as it was read. */
export interface MetricsPage {
  readonly samples: readonly Sample[];
  /** Lines that are no sample. */
  readonly unread: number;
  /** Whether the page is longer than what is read of it. */
  readonly cut: boolean;
}

/** No server comes near: a page of vLLM has some 100 kB. */
const MOST_CHARACTERS = 2 ** 23;
const MOST_SAMPLES = 50_000;
const MOST_LABELS = 256;
const LONGEST_NAME = 256;
const LONGEST_VALUE = 4096;
const LONGEST_NUMBER = 64;

const NAME = /^[A-Za-z_:][A-Za-z0-9_:]*$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', '\\': '\\', '"': '"' };

function numberOf(text: string): number | null {
  if (text.length > LONGEST_NUMBER) return null;
  if (NUMBER.test(text)) return Number(text);
  const plain = text.toLowerCase();
  if (plain === 'nan') return Number.NaN;
  if (plain === '+inf' || plain === 'inf') return Number.POSITIVE_INFINITY;
  return plain === '-inf' ? Number.NEGATIVE_INFINITY : null;
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

/** The labels that begin behind a brace, and where the line goes on; null where they are broken. */
function labelsAt(line: string, start: number): { labels: Map<string, string>; end: number } | null {
  const labels = new Map<string, string>();
  let at = start;
  for (;;) {
    while (isBlank(line[at]) || line[at] === ',') at++;
    if (line[at] === '}') return { labels, end: at + 1 };
    const equals = line.indexOf('=', at);
    if (equals < 0 || equals - at > LONGEST_NAME || labels.size >= MOST_LABELS) return null;
    const name = line.slice(at, equals).trim();
    at = equals + 1;
    while (isBlank(line[at])) at++;
    if (!NAME.test(name) || line[at] !== '"') return null;
    let value = '';
    for (at++; line[at] !== '"'; at++) {
      const character = line[at];
      if (character === undefined || value.length > LONGEST_VALUE) return null;
      if (character === '\\') {
        at++;
        value += ESCAPES[line[at] ?? ''] ?? `\\${line[at] ?? ''}`;
      } else value += character;
    }
    at++;
    labels.set(name, value);
  }
}

function sampleOf(line: string): Sample | null {
  let end = 0;
  while (end < line.length && end <= LONGEST_NAME && line[end] !== '{' && !isBlank(line[end])) end++;
  const name = line.slice(0, end);
  if (!NAME.test(name)) return null;
  while (isBlank(line[end])) end++;
  const braced = line[end] === '{' ? labelsAt(line, end + 1) : { labels: new Map<string, string>(), end };
  if (braced === null) return null;
  const [number = '', ...more] = line
    .slice(braced.end)
    .trim()
    .split(/[ \t]+/, 3);
  const value = numberOf(number);
  const stamped = more.length === 0 || (more.length === 1 && numberOf(more[0] ?? '') !== null) || more[0] === '#';
  return value === null || !stamped ? null : { name, labels: braced.labels, value };
}

/**
 * Reads a page of metrics in the text format of Prometheus: comments and blank lines left out, labels with escapes, `NaN`, `+Inf` and
 * `-Inf`, time stamps and exemplars read over.
 *
 * @param text as the endpoint sent it, not trusted: at most 8 Mi characters and 50,000 samples are read
 * @returns samples in their order; a line that is none is counted and left out
 * @example parsePrometheus('up{job="a"} 1').samples[0]?.value // 1
 */
export function parsePrometheus(text: string): MetricsPage {
  const samples: Sample[] = [];
  let unread = 0;
  let at = 0;
  const length = Math.min(text.length, MOST_CHARACTERS);
  while (at < length && samples.length < MOST_SAMPLES) {
    const next = text.indexOf('\n', at);
    const end = next < 0 ? text.length : next;
    if (end > MOST_CHARACTERS) break;
    const line = text.slice(at, end).trim();
    at = end + 1;
    if (line === '' || line.startsWith('#')) continue;
    const sample = sampleOf(line);
    if (sample) samples.push(sample);
    else unread++;
  }
  return { samples, unread, cut: at < text.length };
}
