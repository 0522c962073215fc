import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (name: string) => readFileSync(`${ROOT}/${name}`, 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  readonly license: string;
  readonly exports: Record<string, unknown>;
  readonly files: readonly string[];
  readonly bin: Record<string, string>;
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
};

/** A folder of somebody's machine, not a part of an address. */
const MACHINE_PATH = /(?<![\w./:@-])\/(?:home|Users|root|work|mnt)\/[\w.-]+/;

function sourceFiles(): string[] {
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' })
    .split('\n')
    .filter(
      (name) =>
        /^(src|test|data|reports|examples)\/|^[A-Z][A-Za-z]*\.md$|^NOTICE$|^package\.json$/.test(name) && existsSync(`${ROOT}/${name}`),
    );
}

describe('package', () => {
  it('depends on nothing but the agreed libraries, each pinned', () => {
    const agreed = [
      '@resvg/resvg-js',
      'commander',
      'csv-parse',
      'eventsource-parser',
      'hucre',
      'hyparquet',
      'hyparquet-compressors',
      'mathjs',
      'vega',
      'vega-interpreter',
      'vega-lite',
      'yaml',
      'zod',
    ];
    expect(Object.keys(manifest.dependencies).sort()).toEqual(agreed);
    for (const version of Object.values({ ...manifest.dependencies, ...manifest.devDependencies }))
      expect(version).toMatch(/^\d+\.\d+\.\d+(-r\.\d+)?$/);
  });

  it('exports the pure library, the catalog, what notebooks show and the schemas', () => {
    expect(Object.keys(manifest.exports)).toEqual(['.', './catalog', './notebook', './schemas/*', './package.json']);
    expect(Object.keys(manifest.bin)).toEqual(['kplan']);
  });

  it('ships the build, the changelog and the notices alone', () => {
    expect(manifest.files.filter((pattern) => !pattern.startsWith('!'))).toEqual(['dist', 'CHANGELOG.md', 'NOTICE']);
  });

  it('is Apache-2.0 and credits its data', () => {
    expect(manifest.license).toBe('Apache-2.0');
    expect(read('LICENSE')).toContain('Apache License\n                           Version 2.0, January 2004');
    const notice = read('NOTICE');
    for (const credit of [
      'Data from InferenceX, Copyright 2026 SemiAnalysis LLC, Apache-2.0',
      'Copyright Advanced Micro Devices',
      'models.dev',
      'genai-prices',
      'Portkey',
      'CC-BY-4.0',
    ]) {
      expect(notice).toContain(credit);
    }
  });

  it('holds no path of a machine and no registry address', () => {
    const files = sourceFiles();
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((name) => MACHINE_PATH.test(read(name)))).toEqual([]);
    expect(read('package-lock.json')).not.toMatch(/"resolved": "https?:/);
  });

  it('locks the optional packages of every platform, without which npm ci refuses', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
      ),
    );
    expect(missing).toEqual([]);
  });

  it('runs a test that replaces modules in a module graph of its own', () => {
    const replacing = sourceFiles().filter((name) => name.endsWith('.test.ts') && /^\s*vi\.(do)?[mM]ock\(/m.test(read(name)));
    expect(replacing.length).toBeGreaterThan(0);
    expect(replacing.filter((name) => !name.endsWith('.isolated.test.ts'))).toEqual([]);
  });
});
