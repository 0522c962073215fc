import { fileURLToPath } from 'node:url';
import { compileData } from '../../src/catalog/compiler.ts';

/** vitest globalSetup: every test run sees `data/` freshly compiled. */
export function setup(): void {
  compileData(fileURLToPath(new URL('../..', import.meta.url)));
}
