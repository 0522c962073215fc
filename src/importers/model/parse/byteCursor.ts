import { Fault } from '../../../faults/fault.ts';
import type { ByteSource } from '../fetch/byteSource.ts';

/** Bytes that are fetched in one go. */
const CHUNK_BYTES = 2 ** 20;

/** Reads a file from its beginning on, little endian, holding no more of it than the chunk it is in. */
export class ByteCursor {
  readonly #source: ByteSource;
  readonly #mostBytes: number;
  #chunk: Buffer = Buffer.alloc(0);
  /** Where the chunk begins in the file. */
  #from = 0;
  #at = 0;

  /** @param mostBytes how far into the file the cursor may go */
  constructor(source: ByteSource, mostBytes: number) {
    this.#source = source;
    this.#mostBytes = mostBytes;
  }

  /** Bytes of the file before the cursor. */
  get offset(): number {
    return this.#from + this.#at;
  }

  /** Whether the next `length` bytes are at hand: a loop over many small values awaits only where they are not. */
  holds(length: number): boolean {
    return this.#at + length <= this.#chunk.length;
  }

  /**
   * Fetches the chunk that begins at the cursor.
   *
   * @param length bytes that it must hold at least
   * @throws Fault `invalid` where the file or the cursor's limit ends before
   */
  async fetch(length: number): Promise<void> {
    const start = this.offset;
    const most = Math.min(this.#source.byteLength, this.#mostBytes);
    if (start + length > most)
      throw new Fault('invalid', 'the header does not end', {
        where: this.#source.name,
        value: `more than ${most} bytes`,
        allowed: `a header within ${most} bytes: the file may be cut off`,
      });
    const bytes = await this.#source.read(start, Math.min(most, Math.max(start + length, start + CHUNK_BYTES)));
    this.#chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#from = start;
    this.#at = 0;
  }

  /** Sees to it that the next `length` bytes are at hand. */
  async need(length: number): Promise<void> {
    if (!this.holds(length)) await this.fetch(length);
  }

  /** Leaves bytes out, unread. */
  skip(length: number): void {
    this.#at += length;
  }

  u32(): number {
    this.#at += 4;
    return this.#chunk.readUInt32LE(this.#at - 4);
  }

  /** 64 bits as a number; beyond 2^53 it is only known to be large. */
  u64(): number {
    this.#at += 8;
    return Number(this.#chunk.readBigUInt64LE(this.#at - 8));
  }

  bytes(length: number): Buffer {
    this.#at += length;
    return this.#chunk.subarray(this.#at - length, this.#at);
  }

  text(length: number): string {
    return this.bytes(length).toString('utf8');
  }
}
