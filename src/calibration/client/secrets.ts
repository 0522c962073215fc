/** Takes every secret out of a text. */
export type Redact = (text: string) => string;

const SHOWN = '[key]';
/** Shorter ones would be found in words that are none. */
const SHORTEST_ENCODED = 8;
const BEARER = /\bBearer\s+[^\s"'<>,;]+/gi;
const API_KEY = /\bx-api-key["']?\s*[:=]\s*["']?[^\s"'<>,;]+/gi;

/**
 * What takes keys out of texts: the key itself, the forms in which a URL or JSON holds it, and whatever stands after `Bearer` or `x-api-key`.
 *
 * @param keys the secrets of the run; empty ones are passed over
 * @example redactor(['sk-a/b'])('key sk-a/b, ?key=sk-a%2Fb') // 'key [key], ?key=[key]'
 * @example redactor([])('Authorization: Bearer abc') // 'Authorization: Bearer [key]'
 */
export function redactor(keys: readonly string[]): Redact {
  const forms = [...new Set(keys.filter((key) => key !== '').flatMap(formsOf))].sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const form of forms) clean = clean.replaceAll(form, SHOWN);
    return clean.replace(BEARER, `Bearer ${SHOWN}`).replace(API_KEY, `x-api-key: ${SHOWN}`);
  };
}

function formsOf(key: string): string[] {
  const encoded = encodeURIComponent(key);
  const inJson = JSON.stringify(key).slice(1, -1);
  const encodings: readonly BufferEncoding[] = key.length < SHORTEST_ENCODED ? [] : ['base64', 'base64url'];
  const inBase64 = encodings.flatMap((encoding) => [key, `:${key}`].map((text) => Buffer.from(text).toString(encoding).replace(/=+$/, '')));
  return [
    ...inBase64,
    encodeURIComponent(encoded),
    key,
    encoded,
    encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    inJson,
    inJson.replaceAll('/', '\\/'),
  ];
}

/** Names of fields whose values are kplan's own words, which a key of the same spelling must not change. */
const OWN_WORDS: ReadonlySet<string> = new Set(['schema', 'code', 'channel', 'place']);

/**
 * A value of JSON with every text in it redacted.
 *
 * @example redacted({ schema: 'none', said: ['none'] }, redactor(['none'])) // { schema: 'none', said: ['[key]'] }
 */
export function redacted(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => redacted(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, OWN_WORDS.has(name) ? held : redacted(held, redact)]));
}
