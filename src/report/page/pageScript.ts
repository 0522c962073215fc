import { existsSync, readFileSync } from 'node:fs';
import { Fault } from '../../faults/fault.ts';

/** Beside this file in the package; in dist/ where this file runs from src/. */
const PLACES = ['./page.js', '../../../dist/report/page/page.js'];

let read: string | undefined;

/**
 * The script of a page: the library with what shows it, in one piece.
 *
 * @throws Fault where it was never built
 */
export function pageScript(): string {
  if (read !== undefined) return read;
  const url = PLACES.map((place) => new URL(place, import.meta.url)).find((place) => existsSync(place));
  if (!url)
    throw new Fault('missing', 'the script of a page is not built', {
      where: 'dist/report/page/page.js',
      allowed: 'run `npm run build` first',
    });
  read = readFileSync(url, 'utf8').trim();
  return read;
}
