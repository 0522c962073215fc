import type { LadderStep } from './step.ts';

/** Share of the longest input below which a shape is a short one. */
const SHORT = 0.5;

/** What a ladder is to tell, by the steps that tell it; what only one shape could tell apart is none of it. */
function kindsOf(steps: readonly LadderStep[]): (readonly [name: string, tells: (step: LadderStep) => boolean])[] {
  const inputs = steps.map(({ shape }) => shape.inputTokens);
  const [least, longest] = [Math.min(...inputs), Math.max(...inputs)];
  return [
    ['single streams', ({ load }) => load.kind === 'concurrency' && load.concurrency === 1],
    ['reuse', ({ shape }) => shape.sharedInput > 0],
    ['long context', ({ shape }) => least < SHORT * longest && shape.inputTokens === longest],
    ['arrivals of their own', ({ load }) => load.kind !== 'concurrency'],
  ];
}

/**
 * What a run that ended early did not measure of what its ladder was to tell: a list in words, with the most in flight that was reached.
 *
 * @param measured places of the steps that have a point
 * @returns null where nothing is missing
 * @example unmeasured(ladderOf({}, NOTHING_SAID).steps, new Set([0])) // 'not measured: reuse, long context, arrivals of their own, more than 1 in flight (64 were to be)'
 */
export function unmeasured(steps: readonly LadderStep[], measured: ReadonlySet<number>): string | null {
  const without = kindsOf(steps).flatMap(([name, tells]) => {
    const of = steps.filter(tells);
    return of.length > 0 && !of.some(({ place }) => measured.has(place)) ? [name] : [];
  });
  const inFlight = (of: readonly LadderStep[]) =>
    Math.max(0, ...of.map(({ load }) => (load.kind === 'concurrency' ? load.concurrency : 0)));
  const [most, reached] = [inFlight(steps), inFlight(steps.filter(({ place }) => measured.has(place)))];
  const all = [...without, ...(reached > 0 && reached < most ? [`more than ${reached} in flight (${most} were to be)`] : [])];
  return all.length === 0 ? null : `not measured: ${all.join(', ')}`;
}
