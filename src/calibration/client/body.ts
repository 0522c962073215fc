import type { Clock } from './clock.ts';

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** How long a connection is given to close an answer that is complete, so that it can be used again. */
const DRAIN_MS = 250;
/** Beginning of a body that is kept for a message, bytes. */
const HEAD_BYTES = 65_536;

/** Reads and forgets the rest of a body, or breaks it off. */
export async function drained(reader: Reader, clock: Clock): Promise<void> {
  const over = new AbortController();
  const read = async () => {
    while (!(await reader.read()).done);
  };
  await Promise.race([read().catch(() => undefined), clock.sleep(DRAIN_MS, over.signal)]);
  over.abort();
  await reader.cancel().catch(() => undefined);
}

/** The text at the beginning of a body, at most so many bytes, and whether that is all. */
export async function headOf(reader: Reader, onBytes: () => void, mostBytes = HEAD_BYTES): Promise<{ text: string; whole: boolean }> {
  const decoder = new TextDecoder();
  let text = '';
  for (let left = mostBytes; ; ) {
    const { done, value } = await reader.read();
    if (done) return { text: text + decoder.decode(), whole: true };
    onBytes();
    text += decoder.decode(value.subarray(0, left), { stream: true });
    left -= value.length;
    if (left < 0) {
      await reader.cancel().catch(() => undefined);
      return { text, whole: false };
    }
  }
}
