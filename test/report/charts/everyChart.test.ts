import { describe, expect, it } from 'vitest';
import { CHARTS } from '../../../src/cli/chartNames.ts';
import { renderSvg, renderVegaLite, type VegaLiteSpec } from '../../../src/report/charts/chart.ts';
import { chartTable } from '../../../src/report/charts/chartData.ts';
import { darkened, PAIRS } from '../../../src/report/charts/palette.ts';
import { PHONE } from '../../../src/report/charts/sheet.ts';
import { csvTable } from '../../../src/report/csvTable.ts';
import { isMarked } from '../../../src/report/mark.ts';
import { CHART_CASES } from '../../support/chartAnswers.ts';
import { HOSTILE, withHostileNames } from '../../support/hostileNames.ts';

const same = <T>(answer: T): T => answer;
const LIGHT: readonly string[] = Object.values(PAIRS).map(({ light }) => light);
const DARK: readonly string[] = Object.values(PAIRS).map(({ dark }) => dark);
const CASES = CHART_CASES.map((each) => [each.name, each] as const);

function paints(svg: string): string[] {
  return [...new Set([...svg.matchAll(/ (?:fill|stroke)="([^"]+)"/g)].map(([, paint = '']) => paint))].filter(
    (paint) => !['none', 'transparent'].includes(paint),
  );
}

/** Pixels of the picture. */
function size(svg: string): { width: number; height: number } {
  const [, width, height] = /<svg[^>]* width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  return { width: Number(width), height: Number(height) };
}

/** The right end of each line of words, by a generous width of a character. */
function widestTitle({ title, padding }: VegaLiteSpec): number {
  const { text, subtitle } = title as { text: string[]; subtitle: string[] };
  expect(padding).toMatchObject({ left: expect.any(Number) });
  return Math.max(...text.map((line) => 8.9 * [...line].length), ...subtitle.map((line) => 6.5 * [...line].length));
}

describe.each(CASES)('%s', (_, { draw }) => {
  it('draws wide and narrow, without a warning, in the colours of the palette alone', async () => {
    for (const frame of [undefined, PHONE]) {
      const spec = draw(same, frame);
      const svg = await renderSvg(spec);
      expect(isMarked(svg)).toBe(true);
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      expect(paints(svg).filter((paint) => !LIGHT.includes(paint))).toEqual([]);
      expect(paints(darkened(svg)).filter((paint) => !DARK.includes(paint))).toEqual([]);
      expect(widestTitle(spec)).toBeLessThan(size(svg).width + 12);
    }
  });

  it('is no wider than a phone takes on a narrow plot', async () => {
    expect(size(await renderSvg(draw(same, PHONE))).width).toBeLessThanOrEqual(450);
  });

  it('is the same SVG twice, with the finding in figures as title', async () => {
    const spec = draw(same);
    expect(await renderSvg(draw(same))).toBe(await renderSvg(spec));
    expect((spec['title'] as { text: string[] }).text.join(' ')).toMatch(/\d/);
  });

  it('is named by its title', () => {
    const { description, title } = draw(same);
    expect(description).toBe((title as { text: string[] }).text.join(' '));
  });

  it('tells its data as a table of named series with numbers', () => {
    const { columns, rows } = chartTable(draw(same));
    expect(columns[0]?.title).toBe('series');
    expect(columns.length).toBeGreaterThan(2);
    expect(columns.map(({ title }) => title)).not.toContain('colour');
    expect(rows.length).toBeGreaterThan(2);
    for (const { cells } of rows) {
      expect(cells[0]).not.toBe('');
      expect(cells.some((cell) => typeof cell === 'number' && Number.isFinite(cell))).toBe(true);
    }
  });
});

describe.each(CASES)('%s takes names as words, whatever they hold', (_, { draw }) => {
  it.each(HOSTILE)('%j', async (evil) => {
    for (const frame of [undefined, PHONE]) {
      const spec = draw((answer) => withHostileNames(answer, evil), frame);
      const svg = await renderSvg(spec);
      for (const tag of svg.match(/<[^>]*>/g) ?? [])
        expect(tag.replace(/="[^"]*"/g, '=')).not.toMatch(/^<(?:script|img|a|foreignObject|style|iframe|use)\b|\s(?:on\w+|\S*href)=/i);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
      expect(svg).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/);
      const json = renderVegaLite(spec);
      expect(json).not.toMatch(/[<\u2028\u2029]/);
      expect(json).not.toContain('\u001b');
      expect(JSON.parse(json)).toMatchObject({ usermeta: { kplan: 'kplan/chart@1' } });
      expect(json).not.toMatch(/"(?:url|href|signal|expr|filter|calculate)":/);
      for (const [, expression] of json.matchAll(/"labelExpr": "((?:[^"\\]|\\.)*)"/g)) expect(expression).not.toMatch(/alert|process|evil/);
      const csv = csvTable(chartTable(spec), 'kplan/chart@1');
      for (const cell of csv.split(/,|\r\n/)) expect(cell.replace(/^"+/, '')).not.toMatch(/^[=+@]/);
    }
  });
});

describe('the charts of the command', () => {
  it('have names of their own', () => {
    const names = CHART_CASES.map(({ draw }) => draw(same)['description']);
    expect(new Set(names).size).toBe(names.length);
  });

  it('are those that are tested here', () => {
    expect(Object.keys(CHARTS).sort()).toEqual(CHART_CASES.map(({ name }) => name).sort());
  });
});
