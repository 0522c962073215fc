import { type FileHandle, open } from 'node:fs/promises';

const MAGIC = 'PAR1';

/** Whether a plain file begins as Parquet does; what another program writes cannot be looked at twice. */
export async function isParquet(path: string): Promise<boolean> {
  if (path === '-') return false;
  let file: FileHandle | null = null;
  try {
    file = await open(path);
    if (!(await file.stat()).isFile()) return false;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
    return bytesRead === MAGIC.length && buffer.toString('latin1') === MAGIC;
  } catch {
    return false;
  } finally {
    await file?.close();
  }
}
