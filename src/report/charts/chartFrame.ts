import type { BreakEvenAnswer, Crossing } from '../../plan/breakEven/breakEvenAnswer.ts';
import { askedTokens } from './askedTokens.ts';
import type { Frame } from './sheet.ts';
import { type MeasuredFleet, riserUsd, staircase, treadTokens } from './staircase.ts';

/** Size of the plot in pixels, without titles and labels. */
export const PLOT: Frame = { width: 720, height: 400 };

/** What the axes show. */
export interface Extent {
  readonly lastTokens: number;
  readonly lastUsd: number;
}

/** Purchases up to which the axis follows a crossing; one that lies further is told in words. */
const MOST_PURCHASES = 6.2;

/** API cost of a month. */
export function apiUsd(usdPerMtok: number, tokens: number): number {
  return (usdPerMtok * tokens) / 1e6;
}

/** Whether a crossing is near enough to be drawn beside the steps of its fleet. */
export function within({ tokensPerMonth: { value } }: Crossing, tokens: number): boolean {
  return value !== null && value <= tokens;
}

/**
 * The axes of a break-even chart: beyond the last crossing near the first steps, or two steps and a half where there is none; and beyond
 * the asked volume.
 *
 * @param answer its crossings, tariffs and asked volume
 * @param fleets the staircases to draw, at least one
 */
export function frameOf(answer: BreakEvenAnswer, fleets: readonly MeasuredFleet[]): Extent {
  const { crossings, tariffs } = answer;
  const treads = new Map(fleets.map((fleet) => [fleet.id, treadTokens(fleet, 'value')]));
  const tread = Math.max(...treads.values());
  const volumes = crossings.flatMap((crossing) => {
    const reach = (treads.get(crossing.offer) ?? 0) * MOST_PURCHASES;
    return crossing.final && within(crossing, reach) ? [crossing.tokensPerMonth.value ?? 0] : [];
  });
  const furthest = Math.max(0, ...volumes);
  const near = furthest === 0 ? 2.5 * tread : Math.max(1.12 * furthest, Math.min(2.5 * tread, 3 * furthest));
  const lastTokens = Math.max(near, 1.12 * (askedTokens(answer) ?? 0));
  const selfHost = fleets.map((fleet) => staircase(fleet, lastTokens).at(-1)?.usd ?? 0);
  const highestPrice = Math.max(...fleets.map((fleet) => riserUsd(fleet, 'high')));
  const api = tariffs.map(({ usdPerMtok }) => apiUsd(usdPerMtok.value, lastTokens));
  return { lastTokens, lastUsd: 1.08 * Math.max(highestPrice, ...selfHost, ...api) };
}

/** Moves labels apart so that each has `gap` of its own, as little as possible, between 0 and `top`; order of the input is kept. */
export function apart(positions: readonly number[], gap: number, top: number): number[] {
  const order = positions.map((_, index) => index).sort((a, b) => (positions[a] ?? 0) - (positions[b] ?? 0));
  const placed = [...positions];
  let floor = 0;
  for (const index of order) {
    placed[index] = Math.max(placed[index] ?? 0, floor);
    floor = (placed[index] ?? 0) + gap;
  }
  let ceiling = top;
  for (const index of [...order].reverse()) {
    placed[index] = Math.min(placed[index] ?? 0, ceiling);
    ceiling = (placed[index] ?? 0) - gap;
  }
  return placed;
}
