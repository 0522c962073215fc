import { Fault } from '../../../faults/fault.ts';
import type { ImportEnvironment } from '../environment.ts';
import { type ByteSource, checkRange, prefixSource } from './byteSource.ts';
import { type Answer, ask, type Request, shown } from './request.ts';

/** Bytes that the first request asks for: most headers lie in them whole. */
const PROBE_BYTES = 2 ** 17;
/** The largest file that is taken whole from a server that ignores ranges. */
const LARGEST_WHOLE_BYTES = 2 ** 26;
/** The most that one read may ask for. */
const LARGEST_READ_BYTES = 2 ** 27;

interface Part {
  readonly bytes: Uint8Array;
  /** Of the whole file. */
  readonly total: number;
}

function partOf(answer: Answer, url: URL, start: number, end: number): Part {
  const header = answer.headers.get('content-range') ?? '';
  const [, from, to, total] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(header.trim()) ?? [];
  const size = Number(total);
  const fits = total !== undefined && Number(from) === start && Number(to) === Math.min(end, size) - 1;
  if (!fits || answer.body.length !== Number(to) - start + 1)
    throw new Fault('unavailable', 'the server sent another part than was asked for', {
      where: shown(url),
      value: header === '' ? 'no Content-Range' : header,
      allowed: `bytes ${start}-${end - 1} with the length of the file`,
    });
  return { bytes: answer.body, total: size };
}

/**
 * A file at an address, read by HTTP ranges; a server that ignores them is asked once and only for small files.
 *
 * @param access a token, sent to the host of `url` alone
 * @throws Fault as `ask`, and `unavailable` for parts that were not asked for
 */
export async function rangeSource(url: URL, env: ImportEnvironment, access: Pick<Request, 'token' | 'hub'> = {}): Promise<ByteSource> {
  const name = shown(url);
  const rangeOf = (start: number, end: number) => `bytes=${start}-${end - 1}`;
  const first = await ask(
    { url, ...access, range: rangeOf(0, PROBE_BYTES), mostBytes: LARGEST_WHOLE_BYTES, expectedBytes: PROBE_BYTES },
    env,
  );
  if (first.status === 200) return prefixSource(name, first.body, first.body.length);
  const { bytes: head, total } = partOf(first, url, 0, PROBE_BYTES);
  return {
    name,
    byteLength: total,
    read: async (start, end) => {
      checkRange({ name, byteLength: total }, start, end);
      if (end <= head.length) return head.subarray(start, end);
      if (end - start > LARGEST_READ_BYTES)
        throw new Fault('invalid', 'too much of the file is asked for', { where: name, value: `${end - start} bytes` });
      const answer = await ask({ url, ...access, range: rangeOf(start, end), mostBytes: end - start }, env);
      const part = answer.status === 206 ? partOf(answer, url, start, end) : null;
      if (part?.total !== total) throw new Fault('unavailable', 'the file changed while it was read', { where: name });
      return part.bytes;
    },
  };
}
