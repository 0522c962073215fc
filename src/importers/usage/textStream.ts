import { Fault } from '../../faults/fault.ts';
import { type ByteSource, bytesOf, saidPath } from './byteStream.ts';

function encodingOf(bytes: Uint8Array): string | null {
  const [first, second, third, fourth] = bytes;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const zeros = (first === 0 && third === 0) || (second === 0 && fourth === 0);
  return bytes.length >= 4 && (marked || zeros) ? 'UTF-16' : null;
}

function notUtf8(path: string, encoding: string): Fault {
  return new Fault('invalid', 'not text in UTF-8', { where: path, value: encoding, allowed: 'CSV, TSV, JSON or JSON lines in UTF-8' });
}

/**
 * The text of a source in parts, without its byte order mark.
 *
 * @throws Fault `invalid` that names the encoding where it is not UTF-8, and as `bytesOf`
 */
export async function* textOf(source: ByteSource): AsyncGenerator<string> {
  const path = saidPath(source);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decoded = (bytes?: Uint8Array) => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw notUtf8(path, bytes?.some((byte) => byte < 9) ? 'binary' : 'Latin-1 or another encoding of one byte');
    }
  };
  let isFirst = true;
  for await (const bytes of bytesOf(source)) {
    const encoding = isFirst ? encodingOf(bytes) : null;
    if (encoding !== null) throw notUtf8(path, encoding);
    isFirst = false;
    const text = decoded(bytes);
    if (text !== '') yield text;
  }
  const rest = decoded();
  if (rest !== '') yield rest;
}
