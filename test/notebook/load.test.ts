import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const ENTRY = fileURLToPath(new URL('../../src/notebook/index.ts', import.meta.url));

describe('what a notebook loads', () => {
  it('runs in a page: nothing of Node, and Vega only when a chart is drawn', async () => {
    const { metafile } = await build({
      entryPoints: [ENTRY],
      bundle: true,
      format: 'esm',
      platform: 'browser',
      packages: 'external',
      metafile: true,
      write: false,
    });
    const imports = Object.values(metafile.inputs).flatMap((input) => input.imports.filter(({ external }) => external));
    expect(imports.map(({ path, kind }) => `${kind} ${path}`).sort()).toEqual([
      'dynamic-import vega',
      'dynamic-import vega-interpreter',
      'dynamic-import vega-lite',
    ]);
  });
});
