import type { Tariff } from '../../cost/tariff.ts';
import { counted } from '../../plan/hosting/hostingWords.ts';
import type { Ask } from '../client/ask.ts';
import type { Clock } from '../client/clock.ts';
import type { HeldRun } from '../client/readRecords.ts';
import type { FailureCode, RequestRecord } from '../client/record.ts';
import type { RunLine } from '../client/runLine.ts';
import type { Sent } from '../client/sendRequest.ts';
import { type CalibrationPoint, pointsOf } from '../fit/stepPoint.ts';
import { kneeFound } from '../ladder/knee.ts';
import { type Ladder, resolvedStep } from '../ladder/ladder.ts';
import type { RunLimits } from '../ladder/limits.ts';
import { type LadderStep, unsentNumbers } from '../ladder/step.ts';
import { unmeasured } from '../ladder/unmeasured.ts';
import { watchedPeaks } from '../metrics/peakWatch.ts';
import type { ServerMetrics } from '../metrics/serverMetrics.ts';
import { peaksBySteps, type StepPeaks } from '../metrics/serverPeaks.ts';
import { FullLength, NOT_ASKED } from './fullLength.ts';
import { keptOrStopped, runStep, type Stopped } from './runStep.ts';
import { Spending } from './spending.ts';
import { conversation, promptAsk } from './stepAsks.ts';

/** What a run tells of while it goes. */
export type RunEvent =
  | { readonly kind: 'step'; readonly step: LadderStep; readonly steps: number }
  | { readonly kind: 'request'; readonly step: LadderStep; readonly ended: number; readonly spentUsd: number | null }
  | { readonly kind: 'point'; readonly point: CalibrationPoint; readonly step: LadderStep }
  | { readonly kind: 'note'; readonly note: string };

/** With what a run is made. */
export interface RunWays {
  readonly clock: Clock;
  /** Sends no further request once it is aborted. */
  readonly stop: AbortSignal;
  readonly send: (ask: Ask) => Promise<Sent>;
  /** Keeps a line of the records; throws the Fault `unwritable` where it cannot. */
  readonly keep: (line: RunLine) => Promise<void>;
  /** Reads the metrics of the server; null where it shows none. */
  readonly metrics: () => Promise<ServerMetrics | null>;
  readonly tell: (event: RunEvent) => void;
}

/** What is run. */
export interface RunPlan {
  readonly ladder: Ladder;
  readonly limits: RunLimits;
  readonly tariff: Tariff | null;
  /** Of prompts and arrivals; another run of the same endpoint takes another one, or it finds its prompts there. */
  readonly seed: number;
  /** Whether prompts ask for answers of full length. */
  readonly fullLength: boolean;
  /** What an earlier part of the run did. */
  readonly held: HeldRun;
}

/** What a run found. */
export interface RunResult {
  /** Of an earlier part, then of this one. */
  readonly records: readonly RequestRecord[];
  /** How many of them an earlier part made. */
  readonly held: number;
  readonly points: readonly CalibrationPoint[];
  /** Why it ended before its ladder did; null where it did not. */
  readonly stopped: Stopped | null;
  readonly notes: readonly string[];
  readonly spentUsd: number | null;
  /** Before the first step, and after each. */
  readonly metrics: readonly { readonly ms: number; readonly place: number | null; readonly metrics: ServerMetrics }[];
  /** What the server had under way at most during each step that its metrics were read in. */
  readonly peaks: readonly StepPeaks[];
}

/** Answers that say the same of every further request, so that the run ends with the first of them. */
const HOPELESS: ReadonlySet<FailureCode> = new Set(['unauthorised', 'not-found', 'redirected', 'refused']);

/** Steps whose concurrency lies beyond the knee of their shape are left out. */
function beyondKnee(step: LadderStep, points: readonly CalibrationPoint[]): number | null {
  const { load, shape } = step;
  if (load.kind !== 'concurrency') return null;
  const found = points
    .filter((point) => point.shape === shape.name && point.rate === null)
    .map(({ concurrency, outputTokensPerSecond, ttftMs }) => ({ concurrency, outputTokensPerSecond, ttftMs: ttftMs?.median ?? null }));
  const knee = kneeFound(found);
  return knee !== null && load.concurrency > knee ? knee : null;
}

/**
 * Runs a ladder against an endpoint: step after step, records kept as they end, the server's metrics read between steps and in them; no step beyond the
 * knee of its shape, no request that could exceed a limit.
 */
export async function run({ ladder, limits, tariff, seed, fullLength, held }: RunPlan, ways: RunWays): Promise<RunResult> {
  const { clock, stop, tell } = ways;
  const startMs = clock.now();
  const spending = new Spending(limits, tariff, held);
  const records = [...held.records];
  const peaks = [...held.peaks];
  const lost = held.unanswered.length;
  const notes = [
    ...ladder.notes,
    ...(fullLength ? [] : [NOT_ASKED]),
    ...(lost === 0
      ? []
      : [
          `${counted(lost, 'request')} of an earlier part ${lost === 1 ? 'has' : 'have'} no answer, for it was killed: each is charged at its worst case`,
        ]),
  ];
  const readings: { ms: number; place: number | null; metrics: ServerMetrics }[] = [];
  const warmUps = new Map(ladder.steps.map(({ place, warmUp }) => [place, warmUp]));
  const points = () => pointsOf(records, (place) => warmUps.get(place) ?? 0);
  const read = async (place: number | null) => {
    const metrics = await ways.metrics();
    if (metrics) readings.push({ ms: clock.now() - startMs, place, metrics });
  };
  const note = (text: string) => {
    notes.push(text);
    tell({ kind: 'note', note: text });
  };
  const whole = new FullLength(fullLength, held.records, note);
  let hopeless: Stopped | null = null;
  let stopped: Stopped | null = null;
  await read(null);
  for (const planned of ladder.steps) {
    const found = points();
    const knee = beyondKnee(planned, found);
    if (knee !== null) {
      note(`${planned.shape.name}: no steps above ${knee} requests in flight, output no longer grew`);
      continue;
    }
    const most = Math.max(
      0,
      ...found.filter(({ shape }) => shape === planned.shape.name).map(({ requestsPerSecond }) => requestsPerSecond ?? 0),
    );
    const step = resolvedStep(planned, most > 0 ? most : null);
    if (step === null) {
      note(`${planned.shape.name}: no step at a rate of its own, because no rate was found`);
      continue;
    }
    const numbers = unsentNumbers(step, held.records);
    if (numbers.length === 0) continue;
    tell({ kind: 'step', step, steps: ladder.steps.length });
    const refusal = (): Stopped | null => hopeless ?? spending.refusal(step.shape, clock.now() - startMs);
    const sendOne = async (ask: Ask): Promise<Sent> => {
      const ended = spending.begin(step.shape);
      const marked = ways.keep({ schema: 'kplan/sent@1', ask: ask.recorded }).then(
        () => null,
        (error: unknown) => ({ error }),
      );
      const sent = await ways.send(ask);
      const { record } = sent;
      ended(record);
      records.push(record);
      const broken = await marked;
      if (broken) throw broken.error;
      await ways.keep(record);
      if (record.failure && HOPELESS.has(record.failure.code) && !records.some(({ failure }) => failure === null))
        hopeless = { code: 'unusable', message: record.failure.message };
      tell({ kind: 'request', step, ended: records.length, spentUsd: spending.spentUsd });
      return sent;
    };
    const work = () =>
      runStep(step, numbers, {
        clock,
        stop,
        seed,
        refusal,
        send: async (of, number, intendedMs) => {
          const shape = of.shape.conversation;
          const lost = held.unanswered.filter((ask) => ask.step === of.place && ask.number === number).length;
          if (!shape) {
            const ask = { ...promptAsk(of, number, intendedMs, seed, lost), fullLength: whole.asked };
            const again = (next: Ask) => (stop.aborted || refusal() ? null : { ...next, intendedMs: clock.now() });
            return (await whole.sent(ask, sendOne, again)).record;
          }
          const send = async (ask: Ask) => (stop.aborted || refusal() ? null : sendOne(ask));
          return conversation(of, shape, number, intendedMs, { seed, send, clock });
        },
      });
    const shown = readings.length > 0;
    const watched = await watchedPeaks(clock, shown ? ways.metrics : async () => null, work);
    stopped = watched.result;
    if (watched.peaks !== null) {
      const found = { step: step.place, ...watched.peaks };
      peaks.push(found);
      stopped ??= await keptOrStopped(() => ways.keep({ schema: 'kplan/step-peaks@1', ...found }));
    }
    await read(step.place);
    const point = points().find(({ id }) => id.startsWith(`${step.place}-`));
    if (point) tell({ kind: 'point', point, step });
    if (stopped) break;
  }
  stopped ??= hopeless ?? spending.errorRate;
  const missing = stopped && unmeasured(ladder.steps, new Set(points().map(({ id }) => Number.parseInt(id, 10))));
  if (missing !== null) notes.push(missing);
  return {
    records,
    held: held.records.length,
    points: points(),
    stopped,
    notes: [...new Set(notes)],
    spentUsd: spending.spentUsd,
    metrics: readings,
    peaks: peaksBySteps(peaks),
  };
}
