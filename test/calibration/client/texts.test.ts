import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { endpointText } from '../../../src/calibration/client/endpointText.ts';
import { endpointUrl, pathUrl } from '../../../src/calibration/client/endpointUrl.ts';
import { eventStream } from '../../../src/calibration/client/eventStream.ts';
import { keyFrom } from '../../../src/calibration/client/key.ts';
import { modelRules } from '../../../src/calibration/client/modelRules.ts';
import { MAX_RETRY_AFTER_MS, retryAfterMs } from '../../../src/calibration/client/retryAfter.ts';
import { redactor } from '../../../src/calibration/client/secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'kplan-key-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('redaction', () => {
  it('leaves no form of any key in any text', () => {
    const key = fc
      .string({ minLength: 6, maxLength: 20 })
      .filter((text) => /^[\x21-\x7e]+$/.test(text) && !'[key]x-api-key: Bearer [key]'.includes(text));
    fc.assert(
      fc.property(key, fc.string(), fc.string(), (secret, before, after) => {
        const text = [secret, encodeURIComponent(secret), JSON.stringify(secret)].join(`${after} ${before}`);
        const clean = redactor([secret])(text);
        expect(clean).not.toContain(secret);
        expect(clean).not.toContain(encodeURIComponent(secret));
      }),
    );
  });

  it('takes out what stands after Bearer and x-api-key, whoever it is from', () => {
    const clean = redactor([])('{"authorization":"bearer abc","x-api-key": "def"} X-Api-Key=ghi');
    for (const secret of ['abc', 'def', 'ghi']) expect(clean).not.toContain(secret);
  });
});

describe('text of an endpoint', () => {
  it('holds no control characters and is bounded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), fc.integer({ min: 4, max: 300 }), (text, most) => {
        const shown = endpointText(text, most);
        expect([...shown].length).toBeLessThanOrEqual(most);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not get through
        expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
      }),
    );
  });
});

describe('the key', () => {
  const file = (name: string, text: string, mode: number) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };

  it('comes from a file without its line end, with a note where others can read it', () => {
    expect(keyFrom({ file: file('own', 'sk-1\r\n', 0o600) })).toEqual({ key: 'sk-1', note: null });
    expect(keyFrom({ file: file('open', 'sk-1', 0o644) })?.note).toContain('readable by other users');
    expect(keyFrom({})).toBeNull();
  });

  it.each<[name: string, place: Parameters<typeof keyFrom>[0], words: string]>([
    ['a variable that is not set', { env: 'KPLAN_NO_KEY' }, 'is not set'],
    ['an empty one', { env: 'EMPTY' }, 'the key is empty'],
    ['a header more', { env: 'TWO' }, 'can be no key'],
    ['two places', { env: 'TWO', file: 'x' }, 'named twice'],
    ['no file', { file: '/nowhere/key' }, 'ENOENT'],
    ['a folder', { file: folder }, 'EISDIR'],
  ])('refuses %s', (_name, place, words) => {
    expect(() => keyFrom(place, { EMPTY: ' \n', TWO: 'sk-1\nX: sk-2' })).toThrow(words);
    expect(() => keyFrom(place, { EMPTY: ' \n', TWO: 'sk-1\nX: sk-2' })).not.toThrow('sk-');
  });

  it('is not repeated where it was given in place of its name', () => {
    const keys = [
      'sk-live-1',
      'gsk_abc',
      'nvapi-x',
      'eyJhbGciOi.x.y',
      'Zm9vYmFyYmF6cXV4MDEy',
      '0123456789abcdef01234567',
      '123e4567-e89b-12d3-a456-426614174000',
      'sk-live/AbC+123"==',
    ];
    for (const key of keys)
      for (const place of [{ env: key }, { file: key }]) {
        const told = () => keyFrom(place, {});
        expect(told).toThrow(/--key-(env|file): it wants a name/);
        expect(told).not.toThrow(key);
      }
    expect(() => keyFrom({ env: 'MY-KEY' }, {})).toThrow('wants a name');
    expect(() => keyFrom({ file: '/nowhere/key2.txt' }, {})).toThrow('/nowhere/key2.txt');
    expect(keyFrom({ env: 'sk_place' }, { sk_place: 'k' })?.key).toBe('k');
  });

  it('refuses a file too long for one', () => {
    expect(() => keyFrom({ file: file('long', 'x'.repeat(9000), 0o600) })).toThrow('can be no key');
  });
});

describe('the address', () => {
  it.each([
    ['http://localhost:8000', 'http://localhost:8000/v1/models'],
    ['http://localhost:8000///', 'http://localhost:8000/v1/models'],
    ['https://api.moonshot.ai/v1', 'https://api.moonshot.ai/v1/models'],
    ['https://openrouter.ai/api/v1/', 'https://openrouter.ai/api/v1/models'],
    ['http://[::1]:8000/llm', 'http://[::1]:8000/llm/v1/models'],
  ])('%s', (text, models) => {
    expect(pathUrl(endpointUrl(text), 'v1/models')).toBe(models);
  });

  it.each([
    ['localhost:8000', 'did you mean http://localhost:8000?'],
    ['gpu-1', 'did you mean http://gpu-1?'],
    ['ftp://host', 'not the address'],
    ['', 'not the address'],
    ['http://', 'not the address'],
    ['https://user:sk-1@host', 'must not hold credentials'],
    ['ftp://user:sk-1@host', 'not the address'],
    ['https://host/v1?key=sk-1', 'must not hold a query'],
    ['https://host/v1#x', 'fragment'],
    ['https://host/v1/chat/completions', 'did you mean https://host/v1?'],
  ])('refuses %s', (text, words) => {
    expect(() => endpointUrl(text)).toThrow(words);
    expect(() => endpointUrl(text)).not.toThrow('sk-1');
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    [{ 'retry-after': '3' }, 3000],
    [{ 'retry-after': ' 1.5 ' }, 1500],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:10 GMT' }, 10_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:10 GMT' }, null],
    [{ 'retry-after': 'Fri, 01 Jan 2027 00:00:10 GMT' }, MAX_RETRY_AFTER_MS],
    [{ 'retry-after-ms': '250', 'retry-after': '3' }, 250],
    [{ 'retry-after-ms': 'soon', 'retry-after': '3' }, 3000],
    [{ 'retry-after-ms': '-1', 'retry-after': '3' }, 3000],
    [{ 'retry-after': '9999' }, MAX_RETRY_AFTER_MS],
    [{ 'retry-after': '1e3' }, null],
    [{ 'retry-after': '-5' }, null],
    [{ 'retry-after': 'soon, perhaps' }, null],
    [{ 'retry-after': '9'.repeat(400) }, null],
    [{}, null],
  ])('%j is %j', (headers, ms) => {
    expect(retryAfterMs(new Headers(headers as Record<string, string>), now)).toBe(ms);
  });
});

/** Each must look at a long text once, not once per character of it; a text that takes squared time would never come back. */
describe('long texts of one character', () => {
  const N = 50_000;
  const hostile = ['a', ' ', '/', 'Bearer ', 'x-api-key ', 'x-api-key="', '-', '9', '\r', '\u2028', '@', '%2F', '\\', '['].map((text) =>
    text.repeat(N),
  );
  const readers: readonly [name: string, read: (text: string) => unknown][] = [
    ['redactor', redactor(['aaaab', 'x/ b"'])],
    ['endpointText', endpointText],
    ['endpointUrl', (text) => () => endpointUrl(`http://h/${text}`)],
    ['retryAfterMs', (text) => retryAfterMs({ get: () => text }, 0)],
    ['modelRules', modelRules],
    ['keyFrom', (text) => () => keyFrom({ env: 'K' }, { K: text })],
    ['eventStream', (text) => eventStream(() => undefined).feed(text.slice(0, 2 ** 20))],
  ];
  it.each(readers)('%s', (_name, read) => {
    for (const text of hostile) {
      const result = read(text);
      if (typeof result !== 'function') continue;
      try {
        result();
      } catch {
        // A refusal is as good as an answer.
      }
    }
  });
});
