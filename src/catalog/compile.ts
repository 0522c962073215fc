/** Build entry: `node dist/catalog/compile.js`. */
import { fileURLToPath } from 'node:url';
import { compileData } from './compiler.ts';

try {
  compileData(fileURLToPath(new URL('../..', import.meta.url)));
} catch (error) {
  if (!(error instanceof AggregateError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
