import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { COMMANDS } from './gallery.mjs';

const gallery = new URL('../../reports/gallery/', import.meta.url);
const io = { write: () => undefined, warn: () => undefined, width: 120, color: false };

describe('the gallery is what `npm run gallery` draws', () => {
  it.each<string>(COMMANDS)('kplan %s', async (command) => {
    const words = command.split(' ');
    const file = words.pop()?.split('/').at(-1) ?? '';
    const drawn = join(mkdtempSync(join(tmpdir(), 'kplan-')), file);
    expect(await runCli([...words, drawn], io)).toBe(0);
    expect(
      readFileSync(drawn, 'utf8') === readFileSync(new URL(file, gallery), 'utf8'),
      `${file} is drawn otherwise: npm run gallery`,
    ).toBe(true);
  });

  it.each(COMMANDS.filter((command) => command.endsWith('.html')).map((command) => command.split('/').at(-1) ?? ''))(
    '%s verifies',
    async (file) => {
      let said = '';
      const page = new URL(file, gallery).pathname;
      expect(
        await runCli(['report', '--verify', page], {
          ...io,
          write: (text) => {
            said += text;
          },
        }),
      ).toBe(0);
      expect(said.replaceAll(/\s+/g, ' ')).toContain('byte for byte');
    },
  );

  it('holds nothing else', () => {
    expect(readdirSync(gallery).sort()).toEqual(COMMANDS.map((command) => command.split('/').at(-1)).sort());
  });
});
