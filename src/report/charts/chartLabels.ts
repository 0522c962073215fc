import { widthOf } from '../plainText.ts';
import { type Extent, PLOT } from './chartFrame.ts';
import { CHARACTER, type Frame } from './sheet.ts';

/** A dot of the chart, in units of the axes. */
export interface Dot {
  readonly tokens: number;
  readonly usd: number;
}

/** A dot that wants a label. */
export interface LabelledPoint extends Dot {
  readonly text: string;
}

/** A label with the position of its middle, and the dot that it belongs to where that is not at its side. */
export type PlacedLabel<T extends LabelledPoint> = T & { readonly leader: Dot | null };

interface Spot {
  readonly x: number;
  readonly y: number;
}

interface Box extends Spot {
  readonly width: number;
  readonly height: number;
}

const HEIGHT = 16;
const DOT = 12;
/** Rows of text from the dot up to which a place is tried. */
const ROWS = [0, 1, 2, 3, 4, 5] as const;

function meet(a: Box, b: Box): boolean {
  return Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2;
}

function inside({ x, y, width, height }: Box, plot: Frame): boolean {
  return x >= width / 2 && x <= plot.width - width / 2 && y >= height / 2 && y <= plot.height - height / 2;
}

/** Distance from a dot to the edge of a box. */
function distance({ x, y }: Spot, box: Box): number {
  return Math.hypot(Math.max(0, Math.abs(x - box.x) - box.width / 2), Math.max(0, Math.abs(y - box.y) - box.height / 2));
}

/** Places around a dot, nearest first: above to the left, below to the right, the two other corners, above and below, then further away. */
function places({ x, y }: Spot, width: number): (Box & { readonly row: number })[] {
  const aside = width / 2 + 6;
  return ROWS.flatMap((row) => {
    const away = 14 + row * HEIGHT;
    return [
      { x: x - aside, y: y - away },
      { x: x + aside, y: y + away },
      { x: x + aside, y: y - away },
      { x: x - aside, y: y + away },
      { x, y: y - away - 2 },
      { x, y: y + away + 2 },
    ].map((spot) => ({ ...spot, width, height: HEIGHT, row }));
  });
}

/**
 * Finds a free place for the label of each dot, nearer to it than to any other dot; one that cannot stand beside its dot gets a line to
 * it. A label without a place is left out, so the most important dots come first.
 *
 * @param points where the labels belong, most important first
 * @param dots all dots of the chart, which no label may cover
 * @param extent the axes
 * @param plot size of the plot in pixels
 * @returns the labels with the position of their middle, in units of the axes
 */
export function placeLabels<T extends LabelledPoint>(
  points: readonly T[],
  dots: readonly Dot[],
  { lastTokens, lastUsd }: Extent,
  plot: Frame = PLOT,
): PlacedLabel<T>[] {
  const pixel = ({ tokens, usd }: Dot): Spot => ({ x: (tokens / lastTokens) * plot.width, y: (1 - usd / lastUsd) * plot.height });
  const spots = [...points, ...dots].map(pixel);
  const taken: Box[] = spots.map((spot) => ({ ...spot, width: DOT, height: DOT }));
  const placed: PlacedLabel<T>[] = [];
  for (const point of points) {
    const own = pixel(point);
    const isFree = (box: Box) => inside(box, plot) && !taken.some((other) => meet(box, other));
    const isNearest = (box: Box) => spots.every((spot) => distance(own, box) <= distance(spot, box));
    const free = places(own, widthOf(point.text) * CHARACTER).filter(isFree);
    const box = free.find(isNearest) ?? free[0];
    if (box === undefined) continue;
    taken.push(box);
    placed.push({
      ...point,
      tokens: (box.x / plot.width) * lastTokens,
      usd: (1 - box.y / plot.height) * lastUsd,
      leader: box.row === 0 && isNearest(box) ? null : { tokens: point.tokens, usd: point.usd },
    });
  }
  return placed;
}
