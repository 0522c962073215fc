import { Fault } from '../faults/fault.ts';

/** Zeros in every second place of the beginning: letters of two bytes. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second, third, fourth] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  return bytes.length >= 4 && ((first === 0 && third === 0) || (second === 0 && fourth === 0));
}

/** What the bytes are most likely, as none of them is UTF-8. */
function encodingOf(bytes: Uint8Array): string {
  if (isUtf16(bytes)) return 'UTF-16';
  return bytes.subarray(0, 4096).some((byte) => byte < 9) ? 'binary' : 'Latin-1 or another encoding of one byte';
}

/**
 * The text of a file in UTF-8, with or without a byte order mark.
 *
 * @param name the file, for messages
 * @param formats what it may hold, such as `JSON`
 * @throws Fault `invalid` that says which encoding it is
 */
export function utf8Text(bytes: Uint8Array, name: string, formats: string): string {
  try {
    if (!isUtf16(bytes)) return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  throw new Fault('invalid', 'not text', { where: name, value: encodingOf(bytes), allowed: `${formats} in UTF-8` });
}
