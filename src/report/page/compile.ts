/** Build step: packs the script of a page, `dist/report/page/page.js`, so that the page stays small. */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'fflate';
import type { PackedScript } from './pageScript.ts';

const built = new URL('./page.js', import.meta.url);
const text = readFileSync(built, 'utf8').trim();
const packed: PackedScript = {
  packed: Buffer.from(gzipSync(Buffer.from(text), { level: 9, mtime: 0 })).toString('base64'),
  hash: createHash('sha256').update(text).digest('base64'),
};
writeFileSync(new URL('./page.json', import.meta.url), JSON.stringify(packed));
rmSync(built);
