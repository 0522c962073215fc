import { describe, expect, it } from 'vitest';
import { darkened, darkRules, PAIRS } from '../../../src/report/charts/palette.ts';

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const { paper, words, line: _, grid, paleBlue, paleOrange, paleGrey, ...inks } = PAIRS;

describe('the palette', () => {
  it.each(Object.entries({ words, ...inks }))('%s is readable on both papers (AA: 4.5)', (_, { light, dark }) => {
    expect(contrast(light, paper.light)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(dark, paper.dark)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(Object.entries({ paleBlue, paleOrange, paleGrey }))('words are readable on %s', (_, { light, dark }) => {
    expect(contrast(light, words.light)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(dark, words.dark)).toBeGreaterThanOrEqual(4.5);
  });

  it('has no light colour twice, so that each can be turned', () => {
    const lights = Object.values(PAIRS).map(({ light }) => light);
    expect(new Set(lights).size).toBe(lights.length);
  });

  it('turns fills and strokes of an SVG, as the rules of a page do', () => {
    const rules = darkRules('.night');
    for (const { light, dark } of Object.values(PAIRS)) {
      expect(rules).toContain(`.night [fill="${light}"]{fill:${dark}}`);
      expect(rules).toContain(`.night [stroke="${light}"]{stroke:${dark}}`);
    }
    expect(darkened(`<rect fill="${paper.light}" stroke="${grid.light}"/>#ffffff`)).toBe(
      `<rect fill="${paper.dark}" stroke="${grid.dark}"/>#ffffff`,
    );
  });
});
