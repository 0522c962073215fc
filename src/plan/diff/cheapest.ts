import { type Figure, fleetOf } from '../figures/figure.ts';
import type { FiguredAnswer } from '../figures/figures.ts';

/** Answers that hold several fleets against each other. */
const WITH_FLEETS: readonly FiguredAnswer['schema'][] = ['kplan/breakeven@1', 'kplan/size@1', 'kplan/hybrid@1'];
const OF_FLEET = ['cost', 'replicas'] as const;

/** How the cheapest fleet is called, whichever it is. */
export const CHEAPEST = 'the cheapest fleet';

/** The figures of the fleet that costs least, with its name on both sides. */
export interface Cheapest {
  readonly before: Figure;
  readonly after: Figure;
}

function leastOf(figures: readonly Figure[]): string | null {
  const costs = figures.filter(({ code, value }) => code === 'cost' && value !== null);
  const [least] = costs.toSorted((a, b) => (a.value?.value ?? 0) - (b.value?.value ?? 0));
  return least?.subject ?? null;
}

/**
 * What the cheapest fleet of each side costs and takes, where either side has several and the cheapest is another: which fleets are offered is part of what
 * changed.
 *
 * @returns pairs of figures whose subjects name the fleet
 */
export function cheapestFleets(schema: FiguredAnswer['schema'], before: readonly Figure[], after: readonly Figure[]): Cheapest[] {
  const [was, is] = [leastOf(before), leastOf(after)];
  if (!WITH_FLEETS.includes(schema) || was === null || is === null || fleetOf(was) === fleetOf(is)) return [];
  const fleets = (figures: readonly Figure[]) =>
    new Set(figures.filter(({ code }) => code === 'cost').map(({ subject }) => fleetOf(subject)));
  if (fleets(before).size + fleets(after).size <= 2) return [];
  return OF_FLEET.flatMap((code) => {
    const of = (figures: readonly Figure[], subject: string) => figures.find((each) => each.code === code && each.subject === subject);
    const [then, now] = [of(before, was), of(after, is)];
    return then && now ? [{ before: then, after: now }] : [];
  });
}
