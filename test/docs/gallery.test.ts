import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';

const root = new URL('../../', import.meta.url);
const gallery = new URL('reports/gallery/', root);
const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { scripts: { gallery: string } };

describe('the gallery is what `npm run gallery` draws', () => {
  const commands = scripts.gallery.split(' && ').map((line) => line.replace('node dist/bin/kplan.js ', ''));

  it.each(commands)('kplan %s', async (command) => {
    const [words = '', file = ''] = command.split(' --chart reports/gallery/');
    const drawn = join(mkdtempSync(join(tmpdir(), 'kplan-')), file);
    const io = { write: () => undefined, warn: () => undefined, width: 120, color: false };
    expect(await runCli([...words.split(' '), '--chart', drawn], io)).toBe(0);
    expect(readFileSync(drawn, 'utf8')).toBe(readFileSync(new URL(file, gallery), 'utf8'));
  });

  it('holds nothing else', () => {
    expect(readdirSync(gallery).sort()).toEqual(commands.map((command) => command.split('/').at(-1)).sort());
  });
});
