import { Fault } from '../../faults/fault.ts';
import { Random } from '../../serving/simulation/random.ts';
import type { Clock } from '../client/clock.ts';
import type { RequestRecord } from '../client/record.ts';
import { pauseAfterMs } from '../fit/pauses.ts';
import type { LimitReached } from '../ladder/limits.ts';
import type { LadderStep } from '../ladder/step.ts';

/** Why a run ended before its ladder did. */
export type Stopped = LimitReached | { readonly code: 'interrupted' | 'unusable' | 'unwritable'; readonly message: string };

/** How a step sends. */
export interface StepWays {
  readonly clock: Clock;
  /** No further request is sent once it is aborted. */
  readonly stop: AbortSignal;
  /** Why the next request may not be sent; null where it may. */
  readonly refusal: (step: LadderStep) => Stopped | null;
  /**
   * Sends one request, or all turns of a conversation, and keeps the records; throws the Fault `unwritable` where these cannot be kept.
   *
   * @param number within the step
   */
  readonly send: (step: LadderStep, number: number, intendedMs: number) => Promise<RequestRecord | null>;
  /** Of the arrivals of an open step. */
  readonly seed: number;
}

/** Requests of an open step that may be in flight at once; what is due beyond them waits, and counts from when it was due. */
const MOST_IN_FLIGHT = 1024;

/** A pause looks this often whether a limit has ended the run meanwhile. */
const PAUSE_LOOK_MS = 1000;

/** What stops a step, seen by all of its requests. */
class Halt {
  reason: Stopped | null = null;
  /** What was thrown first, beside records that cannot be written. */
  thrown: { readonly error: unknown } | null = null;
  /** Until then nobody sends: the endpoint asked for it. */
  pauseUntilMs = 0;
}

/** Waits out a pause that the endpoint asked for. */
async function paused(step: LadderStep, halt: Halt, { clock, stop, refusal }: StepWays): Promise<void> {
  while (!halt.reason && !halt.thrown && !stop.aborted && clock.now() < halt.pauseUntilMs) {
    await clock.sleep(Math.min(PAUSE_LOOK_MS, halt.pauseUntilMs - clock.now()), stop);
    halt.reason ??= refusal(step);
  }
}

/** Whether the next request may go; whoever asks sends it at once, so that no other one slips in between. */
function mayGo(step: LadderStep, halt: Halt, { stop, refusal }: StepWays): boolean {
  if (stop.aborted) halt.reason ??= { code: 'interrupted', message: 'it was interrupted' };
  halt.reason ??= refusal(step);
  return halt.reason === null && halt.thrown === null;
}

function unwritableStop(error: unknown): Stopped | null {
  return error instanceof Fault && error.code === 'unwritable' ? { code: 'unwritable', message: error.message } : null;
}

/**
 * Why a run cannot go on after it tried to keep something; null where it can.
 *
 * @throws whatever else went wrong
 */
export async function keptOrStopped(keep: () => Promise<void>): Promise<Stopped | null> {
  try {
    await keep();
    return null;
  } catch (error) {
    const stopped = unwritableStop(error);
    if (stopped) return stopped;
    throw error;
  }
}

async function sent(step: LadderStep, number: number, intendedMs: number, halt: Halt, ways: StepWays): Promise<void> {
  try {
    const record = await ways.send(step, number, intendedMs);
    if (record) halt.pauseUntilMs = Math.max(halt.pauseUntilMs, record.endMs + pauseAfterMs(record));
  } catch (error) {
    const unwritable = unwritableStop(error);
    if (unwritable) halt.reason = unwritable;
    else halt.thrown ??= { error };
  }
}

/** As many in flight as asked: each that ends is followed by the next. */
async function closed(step: LadderStep, numbers: readonly number[], concurrency: number, halt: Halt, ways: StepWays): Promise<void> {
  const left = numbers.values();
  const worker = async () => {
    for (;;) {
      await paused(step, halt, ways);
      if (!mayGo(step, halt, ways)) return;
      const { value: number, done } = left.next();
      if (done) return;
      await sent(step, number, ways.clock.now(), halt, ways);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, numbers.length) }, worker));
}

/** Requests come on their own, at random times of the asked rate, whether those before have ended or not. */
async function open(step: LadderStep, numbers: readonly number[], rate: number, halt: Halt, ways: StepWays): Promise<void> {
  const { clock, stop } = ways;
  const random = new Random(ways.seed + step.place);
  const inFlight = new Set<Promise<void>>();
  let dueMs = clock.now();
  for (const number of numbers) {
    dueMs += (-Math.log(1 - random.uniform()) / rate) * 1000;
    if (dueMs > clock.now()) await clock.sleep(dueMs - clock.now(), stop);
    while (inFlight.size >= MOST_IN_FLIGHT) await Promise.race(inFlight);
    const beforeMs = clock.now();
    await paused(step, halt, ways);
    // What comes on its own does not wait for a pause of ours: it comes later.
    dueMs += clock.now() - beforeMs;
    if (!mayGo(step, halt, ways)) break;
    const one = sent(step, number, dueMs, halt, ways).finally(() => inFlight.delete(one));
    inFlight.add(one);
  }
  await Promise.all(inFlight);
}

/**
 * Sends the requests of one step: so many in flight, or at random times of a rate, which latencies count from. All that were sent are waited
 * for; after a 429 nobody sends for as long as it asks.
 *
 * @param numbers of the requests that are still to be sent
 * @returns why it ended early; null where all were sent
 * @throws what a request threw, other than records that cannot be written; after those in flight have ended
 */
export async function runStep(step: LadderStep, numbers: readonly number[], ways: StepWays): Promise<Stopped | null> {
  const halt = new Halt();
  const { load } = step;
  if (load.kind === 'concurrency') await closed(step, numbers, load.concurrency, halt, ways);
  else if (load.kind === 'rate') await open(step, numbers, load.requestsPerSecond, halt, ways);
  if (halt.thrown) throw halt.thrown.error;
  return halt.reason;
}
