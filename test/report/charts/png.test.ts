import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { VegaLiteSpec } from '../../../src/report/charts/chart.ts';
import { renderPng } from '../../../src/report/charts/png.ts';
import { isMarkedPng } from '../../../src/report/charts/pngMark.ts';
import { unitCostChart } from '../../../src/report/charts/unitCostChart.ts';
import { breakEvenAnswer } from '../../support/breakEvenAnswer.ts';

const spec = unitCostChart(breakEvenAnswer);

interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red of each pixel, row by row. */
  readonly reds: readonly Uint8Array[];
}

/** Undoes the filters of a PNG of eight bits with four channels. */
function picture(png: Buffer): Picture {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const raw = inflateSync(Buffer.concat(parts));
  const stride = 4 * width;
  let above = new Uint8Array(stride);
  const reds = Array.from({ length: height }, (_, row) => {
    const from = row * (stride + 1);
    const kind = raw[from] ?? 0;
    const line = new Uint8Array(stride);
    for (let at = 0; at < stride; at++) {
      const [left, up, corner] = [line[at - 4] ?? 0, above[at] ?? 0, at < 4 ? 0 : (above[at - 4] ?? 0)];
      const guess = left + up - corner;
      const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
      const paeth = a <= b && a <= c ? left : b <= c ? up : corner;
      const before = [0, left, up, Math.floor((left + up) / 2), paeth][kind] ?? 0;
      line[at] = ((raw[from + 1 + at] ?? 0) + before) & 255;
    }
    above = line;
    return line.filter((_, at) => at % 4 === 0);
  });
  return { width, height, reds };
}

/** Pixels of the title's lines that are as dark as its words. */
function inkOfTitle({ reds }: Picture): number {
  return reds.slice(16, 60).reduce((sum, row) => sum + row.filter((red) => red < 90).length, 0);
}

describe('renderPng', () => {
  it('draws the words with the shipped fonts', async () => {
    const mute = { ...spec, title: { ...(spec['title'] as object), text: [' ', ' '], subtitle: [' '] } } as VegaLiteSpec;
    const [said, silent] = [picture(await renderPng(spec)), picture(await renderPng(mute))];
    expect(inkOfTitle(said)).toBeGreaterThan(2000);
    expect(inkOfTitle(silent)).toBeLessThan(50);
  });

  it('draws bold titles darker than the same words in regular', async () => {
    const plain = { ...spec, title: { ...(spec['title'] as object), fontWeight: 'normal' } } as VegaLiteSpec;
    expect(inkOfTitle(picture(await renderPng(spec)))).toBeGreaterThan(1.15 * inkOfTitle(picture(await renderPng(plain))));
  });

  it('is the same bytes twice, carries the mark, and scales', async () => {
    const png = await renderPng(spec);
    expect((await renderPng(spec)).equals(png)).toBe(true);
    expect(isMarkedPng(png)).toBe(true);
    const [one, two] = [picture(png), picture(await renderPng(spec, { scale: 2 }))];
    expect([two.width, two.height]).toEqual([2 * one.width, 2 * one.height]);
  });

  it('is light on dark paper where asked', async () => {
    const { reds } = picture(await renderPng(spec, { dark: true }));
    expect(reds[2]?.[2]).toBeLessThan(20);
    expect(reds.slice(16, 60).some((row) => row.some((red) => red > 200))).toBe(true);
  });
});

describe('isMarkedPng', () => {
  it('knows no other picture', async () => {
    const png = await renderPng(spec);
    const bare = Buffer.concat([png.subarray(0, 33), png.subarray(33 + 12 + png.readUInt32BE(33))]);
    expect(picture(bare).width).toBe(picture(png).width);
    expect(isMarkedPng(bare)).toBe(false);
    expect(isMarkedPng(Buffer.from('written by kplan: kplan/chart@1'))).toBe(false);
  });
});
