import { Fault } from '../../faults/fault.ts';
import { checkNumber } from '../../units/number.ts';
import { formatCount } from '../../units/tokens.ts';
import type { EndpointFacts } from '../probe/endpointFacts.ts';
import { type LadderShape, type LadderStep, type StepLoad, worstTokens } from './step.ts';

/** What the user asks of a ladder; everything has a default. */
export interface LadderOptions {
  /** Highest concurrency; doubled up to it from 1. */
  readonly maxConcurrency?: number;
  /** The shapes themselves, instead of a short, a reused and a long one. */
  readonly shapes?: readonly LadderShape[];
  /** Share of the rate found so far at which a step lets requests come on their own; 0 for no such step. */
  readonly openShare?: number;
}

/** A ladder, and what it leaves out. */
export interface Ladder {
  readonly steps: readonly LadderStep[];
  readonly notes: readonly string[];
}

/** Requests in flight up to which five minutes last on most machines. */
const USUAL_MOST = 64;
/** A calibration holds no more load points. */
const MOST_STEPS = 150;
const MOST_CONCURRENT = 4096;
const OPEN_SHARE = 0.7;
/** In flight of every shape before any shape goes higher. */
const FEW = 4;
/** Measured requests of a step: at least so many, and so many for each in flight. */
const LEAST_REQUESTS = 4;
const ROUNDS = 2;
const OPEN_REQUESTS = 24;
/** The context is not filled to the brim: tokens of a prompt are known after it was sent. */
const SMALLEST_INPUT = 64;

/** Short, the same with a shared beginning, and long: the model has to tell prefill, KV cache and batch apart. */
const USUAL_SHAPES: readonly LadderShape[] = [
  { name: 'short', inputTokens: 1024, outputTokens: 256, sharedInput: 0 },
  { name: 'reused', inputTokens: 1024, outputTokens: 256, sharedInput: 0.75 },
  { name: 'long', inputTokens: 8192, outputTokens: 512, sharedInput: 0 },
];

function checkedShape(shape: LadderShape): LadderShape {
  const where = `shape ${shape.name}`;
  checkNumber(shape.inputTokens, where, { min: 1, max: 1e7, integer: true });
  checkNumber(shape.outputTokens, where, { min: 2, max: 1e6, integer: true });
  checkNumber(shape.sharedInput, where, { min: 0, max: 0.99 });
  return shape;
}

/** A shape as the context of the endpoint allows it: its prompt shortened, or null where not even a small one fits. */
function fitting(shape: LadderShape, maxModelLen: number | null): LadderShape | null {
  if (maxModelLen === null) return shape;
  const { input, output } = worstTokens(shape);
  if (input + output <= maxModelLen) return shape;
  const { input: none } = worstTokens({ inputTokens: 0, outputTokens: 0 });
  const room = Math.floor((maxModelLen - output - none) / ((input - none) / shape.inputTokens));
  return room < SMALLEST_INPUT ? null : { ...shape, inputTokens: room };
}

/** Doublings up to the most; of shapes beside the first every second one. */
function concurrencies(most: number, first: boolean): number[] {
  const doublings = Array.from({ length: Math.floor(Math.log2(most)) + 1 }, (_, exponent) => 2 ** exponent);
  return first ? doublings : doublings.filter((_, place) => place % 2 === 0);
}

/** Requests that the KV cache and the engine hold at once. */
function heldAtOnce({ inputTokens, outputTokens }: LadderShape, { kvTokens, maxSequences }: EndpointFacts): number {
  const byTokens = kvTokens === null ? Number.POSITIVE_INFINITY : Math.floor(kvTokens / (inputTokens + outputTokens));
  return Math.max(1, Math.min(byTokens, maxSequences ?? Number.POSITIVE_INFINITY));
}

type Unplaced = Omit<LadderStep, 'place'>;

function closedStep(shape: LadderShape, concurrency: number): Unplaced {
  const load: StepLoad = { kind: 'concurrency', concurrency };
  return { shape, load, warmUp: concurrency, requests: concurrency + Math.max(LEAST_REQUESTS, ROUNDS * concurrency) };
}

function openStep(shape: LadderShape, share: number): Unplaced {
  return { shape, load: { kind: 'share-of-found', share }, requests: OPEN_REQUESTS + 4, warmUp: 4 };
}

/** All shapes with few in flight, then arrivals, then more and more in flight, and arrivals once more: whatever ends it, the most is known. */
function interleaved(
  climbs: readonly { readonly shape: LadderShape; readonly concurrency: number }[],
  open: readonly Unplaced[],
): Unplaced[] {
  const rising = [...climbs].sort((a, b) => a.concurrency - b.concurrency);
  const few = rising.filter(({ concurrency }) => concurrency <= FEW);
  const many = rising.filter(({ concurrency }) => concurrency > FEW);
  const closed = (of: typeof rising) => of.map(({ shape, concurrency }) => closedStep(shape, concurrency));
  return [...closed(few), ...open, ...closed(many), ...(many.length > 0 ? open : [])];
}

/**
 * The steps of a calibration, so that what a run measures before a limit ends it is as various as can be: single streams and few in flight
 * of every shape, a step in which requests come on their own at a share of the rate found, then concurrency doubled, and such a step again.
 *
 * @param options what the user asks
 * @param facts what the endpoint says of itself: shapes are cut to its context, concurrency to what its KV cache holds at once
 * @throws Fault `invalid` for lengths that cannot be meant or where no shape fits into the context
 * @example ladderOf({ maxConcurrency: 2, openShare: 0 }, NOTHING_SAID).steps.map(({ shape }) => shape.name) // ['short', 'reused', 'long', 'short']
 */
export function ladderOf(options: LadderOptions, facts: EndpointFacts): Ladder {
  const most = checkNumber(options.maxConcurrency ?? USUAL_MOST, '--max-concurrency', { min: 1, max: MOST_CONCURRENT, integer: true });
  const share = checkNumber(options.openShare ?? OPEN_SHARE, 'open-loop share', { min: 0, max: 1 });
  const asked = (options.shapes ?? USUAL_SHAPES).map(checkedShape);
  const notes: string[] = [];
  const shapes = asked.flatMap((shape): LadderShape[] => {
    const found = fitting(shape, facts.maxModelLen);
    if (found === null) notes.push(`shape ${shape.name} is left out: it does not fit into a context of ${facts.maxModelLen}`);
    else if (found !== shape)
      notes.push(`shape ${shape.name} has ${formatCount(found.inputTokens)} input tokens: the context holds no more`);
    return found ? [found] : [];
  });
  const [first] = shapes;
  if (first === undefined) {
    throw new Fault('invalid', 'no shape fits into the context of the endpoint', {
      where: 'shapes',
      value: facts.maxModelLen,
      allowed: 'a context for a prompt of 64 tokens and the output',
    });
  }
  const climbs = shapes.map((shape, at) => {
    const held = heldAtOnce(shape, facts);
    const wanted = concurrencies(most, at === 0);
    const possible = wanted.filter((concurrency) => concurrency <= held);
    if (possible.length < wanted.length)
      notes.push(`shape ${shape.name} goes up to ${possible.at(-1)} requests in flight: the KV cache or the engine holds no more`);
    return possible.map((concurrency) => ({ shape, concurrency }));
  });
  const steps = interleaved(climbs.flat(), share > 0 ? [openStep(first, share)] : []);
  if (steps.length > MOST_STEPS)
    throw new Fault('invalid', 'the ladder is too long', {
      where: '--shapes',
      value: `${steps.length} steps`,
      allowed: `at most ${MOST_STEPS} steps`,
    });
  return { steps: steps.map((step, place) => ({ place, ...step })), notes };
}

/**
 * A step whose rate is a share of the one found, with that rate.
 *
 * @param found requests per second that the endpoint answered at most; null where nothing was found yet
 * @returns null where the step cannot be sent
 */
export function resolvedStep(step: LadderStep, found: number | null): LadderStep | null {
  if (step.load.kind !== 'share-of-found') return step;
  if (found === null || !(found > 0)) return null;
  return { ...step, load: { kind: 'rate', requestsPerSecond: step.load.share * found } };
}
