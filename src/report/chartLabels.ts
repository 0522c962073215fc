import { type Frame, PLOT } from './chartFrame.ts';
import { widthOf } from './plainText.ts';

/** A point that wants a label. */
export interface LabelledPoint {
  readonly tokens: number;
  readonly usd: number;
  readonly text: string;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const CHARACTER = 7;
const HEIGHT = 16;

function meet(a: Box, b: Box): boolean {
  return Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2;
}

function inside({ x, y, width, height }: Box): boolean {
  return x >= width / 2 && x <= PLOT.width - width / 2 && y >= height / 2 && y <= PLOT.height - height / 2;
}

/**
 * Finds a free place near each point for its label: above to the left, below to the right, then further away; a label that has no
 * place is left out, so the most important points come first.
 *
 * @param points where the labels belong, most important first
 * @param obstacles other points that no label may cover
 * @param frame the axes
 * @returns the labels with the position of their middle, in units of the axes
 */
export function placeLabels(
  points: readonly LabelledPoint[],
  obstacles: readonly Omit<LabelledPoint, 'text'>[],
  { lastTokens, lastUsd }: Frame,
): LabelledPoint[] {
  const pixel = ({ tokens, usd }: Omit<LabelledPoint, 'text'>) => ({
    x: (tokens / lastTokens) * PLOT.width,
    y: (1 - usd / lastUsd) * PLOT.height,
  });
  const taken: Box[] = [...points, ...obstacles].map((point) => ({ ...pixel(point), width: 12, height: 12 }));
  const placed: LabelledPoint[] = [];
  for (const point of points) {
    const { x, y } = pixel(point);
    const width = widthOf(point.text) * CHARACTER;
    const places = [0, 1, 2, 3].flatMap((row) => [
      { x: x - width / 2 - 6, y: y - 14 - row * HEIGHT },
      { x: x + width / 2 + 6, y: y + 14 + row * HEIGHT },
    ]);
    const box = places
      .map((place) => ({ ...place, width, height: HEIGHT }))
      .find((place) => inside(place) && !taken.some((other) => meet(place, other)));
    if (box === undefined) continue;
    taken.push(box);
    placed.push({ text: point.text, tokens: (box.x / PLOT.width) * lastTokens, usd: (1 - box.y / PLOT.height) * lastUsd });
  }
  return placed;
}
