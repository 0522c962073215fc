import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import * as catalog from '../../src/catalog/index.ts';
import * as kplan from '../../src/index.ts';
import * as notebook from '../../src/notebook/index.ts';
import { type CellResult, codeCells, notebookPath, readNotebook, runNotebook, writtenNotebook } from '../support/notebooks.ts';

const NAME = 'break-even';
const own = readNotebook(NAME);
const files = new Map<string, string>();
const MODULES: Readonly<Record<string, unknown>> = {
  'npm:kplan': kplan,
  'npm:kplan/catalog': catalog,
  'npm:kplan/notebook': notebook,
  'node:fs/promises': { writeFile: async (name: string, content: string) => void files.set(name, content) },
};

async function load(specifier: string): Promise<unknown> {
  if (Object.hasOwn(MODULES, specifier)) return MODULES[specifier];
  throw new Error(`the notebook loads ${specifier}`);
}

type Bundle = Readonly<Record<string, unknown>>;

async function bundleOf({ value }: CellResult): Promise<Bundle> {
  return (await (value as Record<symbol, (() => unknown) | undefined>)[Symbol.for('Jupyter.display')]?.()) as Bundle;
}

/** Amounts, volumes and shares. */
const FIGURE = /\$[\d,]+(?:\.\d+)?[KMB]?|\d+(?:\.\d+)?(?:[kKMB]\b|\u00a0?\s?%)/g;

function figuresIn(text: string): string[] {
  return [...new Set(text.match(FIGURE) ?? [])];
}

describe(`examples/${NAME}.ipynb`, () => {
  const shown = new Map<string, Bundle>();
  beforeAll(async () => {
    for (const result of await runNotebook(own, load)) if (result.value !== undefined) shown.set(result.id, await bundleOf(result));
  });
  const textOf = (id: string) => String(shown.get(id)?.['text/plain'] ?? '');

  it('is a notebook for the kernel of Deno, with an id for each cell', () => {
    expect([own.nbformat, own.nbformat_minor]).toEqual([4, 5]);
    expect([own.metadata.kernelspec.name, own.metadata.language_info.name]).toEqual(['deno', 'typescript']);
    expect(own.cells.length).toBeGreaterThanOrEqual(8);
    expect(own.cells.length).toBeLessThanOrEqual(12);
    expect(new Set(own.cells.map(({ id }) => id)).size).toBe(own.cells.length);
    for (const { id } of own.cells) expect(id).toMatch(/^[\w-]{1,64}$/);
  });

  it('shows answer, tables and charts, in order', () => {
    expect([...shown.keys()]).toEqual(['answer', 'table', 'chart', 'flips', 'cash-flow', 'loop']);
    for (const [id, bundle] of shown) {
      const isChart = id === 'chart' || id === 'cash-flow';
      expect(Object.keys(bundle), id).toContain(isChart ? 'image/svg+xml' : 'text/html');
    }
    expect(textOf('answer')).toContain('an API is cheaper');
    expect(textOf('flips').match(/makes hosting cheaper/g)?.length).toBeGreaterThan(2);
  });

  it('tells figures that its cells computed', () => {
    const computed = [...shown.keys()].map(textOf).join('\n').replace(/\s+/g, ' ');
    const told = own.cells.filter(({ cell_type }) => cell_type === 'markdown').flatMap(({ source }) => figuresIn(source.join('')));
    expect(told.length).toBeGreaterThan(12);
    const has = (figure: string) =>
      new RegExp(`(?<![\\d.,])${figure.replace(/[$.*+?^{}()|[\]\\]/g, '\\$&')}(?![\\d]|[.,]\\d)`).test(computed);
    expect(told.filter((figure) => !has(figure))).toEqual([]);
    expect(has('$61,269')).toBe(false);
  });

  it('is dearer with every dollar of rent', () => {
    const rents = files.get('rents.csv')?.trim().split('\r\n').slice(1) ?? [];
    const volumes = rents.map((line) => Number(line.split(',')[2]));
    expect(volumes).toHaveLength(6);
    expect(volumes.toSorted((a, b) => a - b)).toEqual(volumes);
    expect(new Set(volumes).size).toBe(6);
  });

  it('writes the tables of the answer and of the rents', () => {
    expect([...files.keys()]).toEqual(['break-even.csv', 'rents.csv']);
    expect(files.get('break-even.csv')).toMatch(/^kplanSchema,offer,tokensPerMonth,/);
  });

  it('holds the text that its cells show (KPLAN_GOLDEN=write writes it anew)', () => {
    const written = {
      ...own,
      cells: own.cells.map((cell) => {
        if (cell.cell_type !== 'code') return cell;
        const count = codeCells(own).indexOf(cell) + 1;
        const data = {
          'text/plain': textOf(cell.id)
            .trimEnd()
            .split(/(?<=\n)/),
        };
        const outputs = shown.has(cell.id) ? [{ data, execution_count: count, metadata: {}, output_type: 'execute_result' }] : [];
        return { ...cell, execution_count: count, outputs };
      }),
    };
    if (process.env['KPLAN_GOLDEN'] === 'write') writeFileSync(notebookPath(NAME), writtenNotebook(written));
    expect(readNotebook(NAME)).toEqual(written);
  });
});

describe('the README on notebooks', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, source = '', output = ''] = /```ts\n([\s\S]*?)\n```\n\n```text\n([\s\S]*?)\n```/.exec(readme) ?? [];

  it('shows what its cell shows', async () => {
    const cell = { cell_type: 'code', id: 'readme', source: [source] } as const;
    const [result] = await runNotebook({ ...own, cells: [cell] }, load);
    expect(
      result &&
        String((await bundleOf(result))['text/plain'])
          .trimEnd()
          .replace(/ +$/gm, ''),
    ).toBe(output);
  });
});
