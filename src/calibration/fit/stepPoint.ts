import { median } from '../../evidence/median.ts';
import { quantileOf } from '../../evidence/quantileOf.ts';
import { groupedBy } from '../../plan/facts/groupedBy.ts';
import type { RequestRecord } from '../client/record.ts';
import { outputTokensOf, tpotOf, ttftOf } from '../client/timings.ts';
import { activeMs, pausesOf, type Span } from './pauses.ts';

/** Times of the answers of a step: the middle one, and those that a tenth of them are below and above. */
export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
  /** Answers behind it. */
  readonly count: number;
  /** Standard error of the median in its logarithm: `sqrt(pi / 2) × deviation of the logarithms / sqrt(answers)`; 0 of a single answer. */
  readonly error: number;
}

/** What one step of a calibration found. */
export interface CalibrationPoint {
  readonly id: string;
  readonly shape: string;
  /** By the server's count over all requests of the shape, else as asked. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Share of the input found in the KV cache: as the usage says, else as asked. */
  readonly reuse: number;
  readonly reuseSource: 'usage' | 'asked';
  /** Requests in flight on average while the step sent. */
  readonly concurrency: number;
  /** Requests per second that were sent on their own; null where a concurrency was kept. */
  readonly rate: number | null;
  /** Answered in full, warm-up left out; and failed. */
  readonly requests: number;
  readonly failed: number;
  readonly ttftMs: Spread | null;
  readonly tpotMs: Spread | null;
  readonly outputTokensPerSecond: number | null;
  readonly requestsPerSecond: number | null;
}

/** A held concurrency as near as this to the asked one is the asked one. */
const SAME_CONCURRENCY = 0.05;
function medianError(values: readonly number[]): number {
  const logs = values.map((value) => Math.log(Math.max(value, Number.MIN_VALUE)));
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const squares = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0);
  return logs.length < 2 ? 0 : Math.sqrt(((Math.PI / 2) * squares) / ((logs.length - 1) * logs.length));
}

function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  return {
    low: quantileOf(values, 0.1),
    median: median(values),
    high: quantileOf(values, 0.9),
    count: values.length,
    error: medianError(values),
  };
}

/** While the step kept its load: from the first counted request to the last that was sent, or to the end where that is the same one. */
function windowOf(all: readonly RequestRecord[], counted: readonly RequestRecord[]): Span {
  const from = Math.min(...counted.map(({ sentMs }) => sentMs));
  const lastSent = Math.max(...all.map(({ sentMs }) => sentMs));
  return [from, lastSent > from ? lastSent : Math.max(...all.map(({ endMs }) => endMs))];
}

/** Tokens per second of one answer over its whole time in flight, the mean over all: tokens over time; null where nobody counts them. */
function ratePerRequest(answered: readonly RequestRecord[]): number | null {
  const counts = answered.map(outputTokensOf);
  const seconds = answered.reduce((sum, { sentMs, endMs }) => sum + endMs - sentMs, 0) / 1000;
  if (counts.length === 0 || counts.some((count) => count === null) || seconds <= 0) return null;
  return counts.reduce<number>((sum, count) => sum + (count ?? 0), 0) / seconds || null;
}

interface ShapeTokens extends Pick<CalibrationPoint, 'inputTokens' | 'outputTokens' | 'reuse' | 'reuseSource'> {}

/** Lengths and reuse of a shape over all of its steps, so that these are points of one curve. */
function shapeTokens(records: readonly RequestRecord[]): ShapeTokens {
  const asked = records[0]?.ask;
  const known = (of: (record: RequestRecord) => number | null) => records.map(of).filter((value) => value !== null);
  const inputs = known(({ usage }) => usage.inputTokens);
  const outputs = known(outputTokensOf);
  const shares = known(({ usage: { inputTokens, cachedTokens } }) =>
    inputTokens !== null && cachedTokens !== null && inputTokens > 0 ? Math.min(1, cachedTokens / inputTokens) : null,
  );
  return {
    inputTokens: Math.max(1, Math.round(inputs.length > 0 ? median(inputs) : (asked?.inputTokens ?? 1))),
    outputTokens: Math.max(1, Math.round(outputs.length > 0 ? median(outputs) : (asked?.maxOutputTokens ?? 1))),
    reuse: shares.length > 0 ? Math.round(100 * median(shares)) / 100 : (asked?.sharedInput ?? 0),
    reuseSource: shares.length > 0 ? 'usage' : 'asked',
  };
}

/** By number; of a request that was refused and sent again only the last time. */
function inOrder(records: readonly RequestRecord[]): RequestRecord[] {
  const last = new Map([...records].sort((a, b) => a.sentMs - b.sentMs).map((record) => [record.ask.number, record]));
  return [...last.values()].sort((a, b) => a.ask.number - b.ask.number);
}

function pointOf(records: readonly RequestRecord[], warmUp: number, tokens: ShapeTokens): CalibrationPoint | null {
  const ordered = inOrder(records);
  const counted = ordered.slice(warmUp);
  const answered = counted.filter(({ failure }) => failure === null);
  const ask = ordered[0]?.ask;
  if (ask === undefined || answered.length === 0) return null;
  const window = windowOf(ordered, counted);
  const pauses = pausesOf(records);
  const ms = activeMs(window, window, pauses);
  const held = ms > 0 ? ordered.reduce((sum, { sentMs, endMs }) => sum + activeMs([sentMs, endMs], window, pauses), 0) / ms : 1;
  const near = ask.concurrency !== null && Math.abs(held / ask.concurrency - 1) <= SAME_CONCURRENCY;
  const of = (time: (record: RequestRecord) => number | null) => spreadOf(answered.map(time).filter((value) => value !== null));
  const rate = ratePerRequest(answered);
  const output = rate === null ? null : held * rate;
  return {
    id: `${ask.step}-${ask.shape}-${ask.concurrency === null ? `r${Number((ask.rate ?? 0).toPrecision(3))}` : `c${ask.concurrency}`}`,
    shape: ask.shape,
    ...tokens,
    concurrency: near ? (ask.concurrency ?? held) : Math.max(1, Number(held.toPrecision(4))),
    rate: ask.rate,
    requests: answered.length,
    failed: ordered.filter(({ failure }) => failure !== null).length,
    ttftMs: of(ttftOf),
    tpotMs: of(tpotOf),
    outputTokensPerSecond: output,
    requestsPerSecond: output === null ? null : output / tokens.outputTokens,
  };
}

function stepOf([first]: readonly RequestRecord[]): number {
  return first?.ask.step ?? 0;
}

/**
 * The records of a calibration as one point for each step: median TTFT from the intended send time and median TPOT, warm-up and failed
 * requests left out; the concurrency that was held on average, `sum(time in flight) / time`, or the asked one within 5 % of it, pauses
 * that the endpoint asked for left out of both times; and the
 * output of all, `in flight × tokens / time in flight` (Little's law, which a few rounds tell better than a count between two moments).
 *
 * @param records of the whole run, in any order
 * @param warmUp requests at the beginning of a step that do not count, by its place
 * @returns in the order of the steps; one in which nothing was answered has no point
 */
export function pointsOf(records: readonly RequestRecord[], warmUp: (step: number) => number): CalibrationPoint[] {
  const shapes = groupedBy(records, ({ ask }) => ask.shape);
  const tokens = new Map(shapes.map((of) => [of[0]?.ask.shape, shapeTokens(of.filter(({ failure }) => failure === null))]));
  const steps = groupedBy(records, ({ ask }) => String(ask.step)).sort((a, b) => stepOf(a) - stepOf(b));
  return steps.flatMap((of) => {
    const known = tokens.get(of[0]?.ask.shape);
    return known === undefined ? [] : (pointOf(of, warmUp(stepOf(of)), known) ?? []);
  });
}
