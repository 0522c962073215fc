import { describe, expect, it } from 'vitest';
import { utf8Text } from '../../src/catalog/utf8Text.ts';
import { faultOf } from '../importers/model/support/environment.ts';

describe('the text of a file', () => {
  it.each(['', 'a', 'é', '{"a":1}', 'ab\u0000'])('%j is read, with a byte order mark or without', (text) => {
    expect(utf8Text(Buffer.from(text), 'x', 'JSON')).toBe(text);
    expect(utf8Text(Buffer.from(`\ufeff${text}`), 'x', 'JSON')).toBe(text);
  });

  it.each([
    ['UTF-16', Buffer.from('\ufeff{"a":1}', 'utf16le')],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le')],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le').swap16()],
    ['Latin-1 or another encoding of one byte', Buffer.from('caf\u00e9 au lait', 'latin1')],
    ['binary', Buffer.from([0x50, 0x4b, 3, 4, 0xff])],
  ])('in %s is refused by that name', async (encoding, bytes) => {
    const { code, details } = await faultOf(() => utf8Text(bytes, 'x', 'JSON or CSV'));
    expect([code, details.value, details.allowed]).toEqual(['invalid', encoding, 'JSON or CSV in UTF-8']);
  });
});
