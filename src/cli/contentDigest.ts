import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';

/** Larger files are told by their size alone. */
const MOST_BYTES = 64 * 2 ** 20;

function tree(path: string, stats: Stats): string[] {
  if (!stats.isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => tree(join(path, name), statSync(join(path, name))));
}

/** A file or folder by what it holds, in a few characters; null where it cannot be read. */
export function contentDigest(path: string): string | null {
  try {
    const hash = createHash('sha256');
    for (const file of tree(path, statSync(path))) {
      const { size } = statSync(file);
      hash.update(`${file.slice(path.length)}\0${size}\0`);
      if (size <= MOST_BYTES) hash.update(readFileSync(file));
    }
    return hash.digest('hex').slice(0, 12);
  } catch {
    return null;
  }
}
