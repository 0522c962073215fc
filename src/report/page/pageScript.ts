import { existsSync, readFileSync } from 'node:fs';
import { Fault } from '../../faults/fault.ts';

/** The script of a page, the library with what shows it, as the build packs it. */
export interface PackedScript {
  /** Gzip in base64. */
  readonly packed: string;
  /** SHA-256 of the plain script in base64. */
  readonly hash: string;
}

/** Beside this file in the package; in dist/ where this file runs from src/. */
const PLACES = ['./page.json', '../report/page/page.json', '../../../dist/report/page/page.json'];

let read: PackedScript | undefined;

/**
 * The script of a page.
 *
 * @throws Fault where it was never built
 */
export function pageScript(): PackedScript {
  if (read !== undefined) return read;
  const url = PLACES.map((place) => new URL(place, import.meta.url)).find((place) => existsSync(place));
  if (!url)
    throw new Fault('missing', 'the script of a page is not built', {
      where: 'dist/report/page/page.json',
      allowed: 'run `npm run build` first',
    });
  read = JSON.parse(readFileSync(url, 'utf8')) as PackedScript;
  return read;
}

/** The element that holds the packed script. */
export const SCRIPT_ID = 'kplan-script';

/** Unpacks the script of a page and runs it; a browser that cannot leaves the page as it stands. */
export const LOADER = `(async()=>{const t=document.getElementById("${SCRIPT_ID}").textContent;const b=Uint8Array.from(atob(t),c=>c.charCodeAt(0));const s=document.createElement("script");s.textContent=await new Response(new Blob([b]).stream().pipeThrough(new DecompressionStream("gzip"))).text();document.body.append(s)})()`;
