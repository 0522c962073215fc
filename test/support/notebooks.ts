import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

export interface NotebookCell {
  readonly cell_type: 'code' | 'markdown';
  readonly id: string;
  readonly source: readonly string[];
  readonly execution_count?: number | null;
  readonly outputs?: readonly unknown[];
}

export interface Notebook {
  readonly nbformat: number;
  readonly nbformat_minor: number;
  readonly metadata: { readonly kernelspec: { readonly name: string }; readonly language_info: { readonly name: string } };
  readonly cells: readonly NotebookCell[];
}

/** What a cell shows: the value of its last line, where that is an expression. */
export interface CellResult {
  readonly id: string;
  readonly value: unknown;
}

export function notebookPath(name: string): string {
  return fileURLToPath(new URL(`../../examples/${name}.ipynb`, import.meta.url));
}

export function readNotebook(name: string): Notebook {
  return JSON.parse(readFileSync(notebookPath(name), 'utf8')) as Notebook;
}

/** As a notebook is saved. */
export function writtenNotebook(notebook: Notebook): string {
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

export function codeCells({ cells }: Notebook): NotebookCell[] {
  return cells.filter(({ cell_type }) => cell_type === 'code');
}

/** A cell with its imports loaded by `load`, its last statement shown where it is a value. */
function runnable({ id, source }: NotebookCell): string {
  const lines = source.join('').split('\n');
  const last = lines.findLastIndex((line) => /^[A-Za-z_(['"`]/.test(line));
  const isValue = last >= 0 && !/^(?:const|let|import|export|function|async|class|for|if|while|try|throw|return)\b/.test(lines[last] ?? '');
  const body = isValue ? lines.slice(0, last) : lines;
  const value = lines.slice(last).join('\n').trim().replace(/;$/, '');
  const loaded = body.join('\n').replace(/^import (\{[^}]*\}) from ('[^']*');$/gm, 'const $1 = await load($2);');
  return isValue ? `${loaded}\nshow(${JSON.stringify(id)}, (\n${value}\n));` : loaded;
}

/**
 * Runs the TypeScript cells of a notebook one after the other in one scope, as a kernel does.
 *
 * @param load gives the module that a cell imports
 */
export async function runNotebook(notebook: Notebook, load: (specifier: string) => Promise<unknown>): Promise<CellResult[]> {
  const source = `async (load, show) => {\n${codeCells(notebook).map(runnable).join('\n')}\n}`;
  const { code } = transformSync(`(${source})`, { loader: 'ts', target: 'es2022' });
  const run = new Function(`return ${code.trim().replace(/;$/, '')};`)() as (
    load: unknown,
    show: (id: string, value: unknown) => void,
  ) => Promise<void>;
  const results: CellResult[] = [];
  await run(load, (id, value) => results.push({ id, value }));
  return results;
}
