import { crc32 } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** The signature and the first chunk, which is as long in every PNG. */
const HEADER = SIGNATURE.length + 25;
const MARK = 'tEXtSoftware\0written by kplan: ';

function chunk(typeAndData: string): Buffer {
  const body = Buffer.from(typeAndData, 'latin1');
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length - 4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** A PNG with the mark of kplan as text behind its header. */
export function markedPng(png: Buffer, schema: string): Buffer {
  return Buffer.concat([png.subarray(0, HEADER), chunk(`${MARK}${schema}`), png.subarray(HEADER)]);
}

/** Whether a file is a PNG that kplan wrote, so that a later run may replace it. */
export function isMarkedPng(bytes: Buffer): boolean {
  return bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE) && bytes.toString('latin1', HEADER + 4, HEADER + 4 + MARK.length) === MARK;
}
