import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** The chain of questions: each folder may import the ones before it. */
const CORE = [
  'faults',
  'units',
  'evidence',
  'model',
  'hardware',
  'layout',
  'engine',
  'memory',
  'throughput',
  'workload',
  'serving',
  'cost',
  'plan',
  'index.ts',
];

/** The shell may import the whole core, and of the shell only what is named here. */
const SHELL: Readonly<Record<string, readonly string[]>> = {
  catalog: [],
  scenario: ['catalog'],
  importers: ['catalog', 'scenario'],
  calibration: ['catalog', 'scenario'],
  accuracy: ['catalog', 'importers', 'calibration'],
  report: ['importers', 'calibration', 'accuracy'],
  notebook: ['report'],
  deploy: ['catalog', 'calibration', 'report'],
  cli: ['catalog', 'scenario', 'importers', 'calibration', 'accuracy', 'report', 'deploy'],
};

/** Packages that only the shell may load, and only where they belong. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  commander: ['cli'],
  'csv-parse': ['catalog', 'importers', 'accuracy'],
  'eventsource-parser': ['calibration'],
  hyparquet: ['importers'],
  'hyparquet-compressors': ['importers'],
  yaml: ['catalog', 'scenario', 'importers', 'deploy'],
  zod: ['catalog', 'scenario', 'importers', 'calibration', 'report'],
  hucre: ['report'],
  mathjs: ['scenario', 'report'],
  '@resvg/resvg-js': ['report'],
  fflate: ['report'],
  vega: ['report'],
  'vega-interpreter': ['report'],
  'vega-lite': ['report'],
};

const IMPORT = /(?:\bimport|\bexport)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|(?<!['"])\bimport\s*\(?\s*['"]([^'"]+)['"]/g;

interface Import {
  readonly file: string;
  readonly from: string;
  readonly target: string;
  readonly inside: boolean;
}

/** The package of a specifier, with its scope. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function folderOf(path: string): string {
  return relative(SRC, path).split(/[\\/]/)[0] ?? '';
}

/** The specifiers that a file imports or re-exports, types and lazy imports included; comments are no imports. */
function specifiers(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  return [...code.matchAll(IMPORT)].map(([, from, lazy]) => from ?? lazy ?? '');
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => join(SRC, path));

const imports = files.flatMap((path): Import[] =>
  specifiers(readFileSync(path, 'utf8')).map((specifier) => {
    const inside = specifier.startsWith('.');
    const target = inside ? folderOf(join(dirname(path), specifier)) : specifier.startsWith('node:') ? specifier : packageOf(specifier);
    return { file: relative(SRC, path), from: folderOf(path), target: target ?? '', inside };
  }),
);

function breaksRule({ from, target, inside }: Import): boolean {
  const rank = CORE.indexOf(from);
  if (inside && from === target) return false;
  if (rank >= 0) return !inside || !CORE.slice(0, rank).includes(target);
  if (inside) return !CORE.includes(target) && !SHELL[from]?.includes(target);
  return !target.startsWith('node:') && !PACKAGES[target]?.includes(from);
}

describe('layers', () => {
  it('reads every form of import', () => {
    const source = `import type { A } from './a.ts';\nexport {\n  b,\n} from "./b.ts";\nimport './c.ts';\nawait import('./d.ts'); // from './not.ts'\nf('import').g('./not.ts');`;
    expect(specifiers(source)).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts']);
  });

  it('names every folder', () => {
    expect([...new Set(files.map(folderOf))].filter((folder) => !CORE.includes(folder) && !(folder in SHELL))).toEqual([]);
    expect(imports.length).toBeGreaterThan(50);
  });

  it('imports only upwards, and the core nothing from outside', () => {
    expect(imports.filter(breaksRule).map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });
});
