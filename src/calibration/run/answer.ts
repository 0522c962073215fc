import type { Tariff } from '../../cost/tariff.ts';
import { quantile } from '../../evidence/sampler.ts';
import { groupedBy } from '../../plan/facts/groupedBy.ts';
import { counted } from '../../plan/hosting/hostingWords.ts';
import { formatDuration } from '../../units/duration.ts';
import type { FailureCode, RequestRecord } from '../client/record.ts';
import { flaggedPoints } from '../doubts.ts';
import type { EndpointCalibration } from '../endpointCalibration.ts';
import { pausesOf } from '../fit/pauses.ts';
import { overstatesInput, overstatesOutput } from '../fit/usageDoubt.ts';
import type { WorstCase } from '../ladder/worstCase.ts';
import { type Agreement, agreements, uncompared } from '../metrics/agreement.ts';
import { type MetricsBetween, metricsBetween } from '../metrics/serverMetrics.ts';
import type { EndpointFacts } from '../probe/endpointFacts.ts';
import type { Bill } from './balance.ts';
import { type BilledShape, billedOf } from './billing.ts';
import { type LimitsSeen, limitsSeen } from './limitsSeen.ts';
import type { RunResult } from './run.ts';
import type { Stopped } from './runStep.ts';

/** How late the client itself was. */
export interface ClientLag {
  /** Median over the requests of the 99th percentile of the delay of its event loop, milliseconds. */
  readonly lagMs: number;
  /** Median of sent less due, of the requests that came on their own. */
  readonly lateMs: number;
  /** Whether the client and not the endpoint may have set the times. */
  readonly limited: boolean;
}

/** What a calibration found, for people and for machines. */
export interface CalibrateAnswer {
  readonly schema: 'kplan/calibrate@1';
  readonly answer: string;
  readonly endpoint: string;
  readonly servedModel: string;
  readonly facts: EndpointFacts;
  readonly worstCase: WorstCase;
  readonly requests: {
    readonly sent: number;
    readonly answered: number;
    readonly failed: Readonly<Partial<Record<FailureCode, number>>>;
    /** What was said first, by failure. */
    readonly said: Readonly<Partial<Record<FailureCode, string>>>;
  };
  readonly spentUsd: number | null;
  readonly billed: readonly BilledShape[];
  /** What the account was charged, where it tells its balance. */
  readonly bill: Bill | null;
  readonly limits: LimitsSeen;
  readonly stopped: Stopped | null;
  readonly client: ClientLag;
  /** What client and server say of the same requests; empty where the server shows no metrics. */
  readonly server: readonly Agreement[];
  /** Requests that the server put off for want of KV cache; null where it does not say. */
  readonly preemptions: number | null;
  readonly calibration: EndpointCalibration;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** From this delay of the event loop, or this lateness, on the client is said to be too slow, milliseconds. */
const LIMIT_MS = 10;

function middle(values: readonly number[]): number {
  if (values.length === 0) return 0;
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

function clientLag(records: readonly RequestRecord[]): ClientLag {
  const lagMs = middle(records.map((record) => record.clientLagMs));
  const lateMs = middle(records.filter(({ ask }) => ask.rate !== null).map(({ sentMs, intendedMs }) => sentMs - intendedMs));
  return { lagMs, lateMs, limited: lagMs > LIMIT_MS || lateMs > LIMIT_MS };
}

/** What the server did over the whole run. */
function whole(readings: RunResult['metrics']): MetricsBetween | null {
  const [first, last] = [readings[0], readings.at(-1)];
  return first && last && first !== last ? metricsBetween(first.metrics, last.metrics) : null;
}

/** Usage beyond anything that was asked for: by the tariff it is charged, in the fit it would be speed. */
function usageWarnings(records: readonly RequestRecord[]): string[] {
  const states = (of: readonly RequestRecord[]) => `${counted(of.length, 'request')} ${of.length === 1 ? 'states' : 'state'}`;
  const longer = records.filter(overstatesOutput);
  const wider = records.filter(overstatesInput);
  return [
    ...(longer.length === 0 ? [] : [`${states(longer)} more output tokens than allowed`]),
    ...(wider.length === 0 ? [] : [`${states(wider)} far more input tokens than were sent`]),
  ];
}

/** Pauses that the endpoint asked for, step by step. */
function pauseNotes(records: readonly RequestRecord[]): string[] {
  const steps = groupedBy(records, ({ ask }) => String(ask.step)).map((own) => pausesOf(own));
  const lengths = steps.filter((spans) => spans.length > 0).map((spans) => spans.reduce((sum, [from, to]) => sum + to - from, 0));
  if (lengths.length === 0) return [];
  const all = formatDuration(lengths.reduce((sum, ms) => sum + ms, 0));
  return [
    `the endpoint asked for pauses (Retry-After) of ${all} in all, in ${counted(lengths.length, 'step')}: they are left out of the time of these steps`,
  ];
}

/** What the answer is made of. */
export interface AnswerParts {
  readonly endpoint: string;
  readonly servedModel: string;
  readonly facts: EndpointFacts;
  readonly worstCase: WorstCase;
  readonly result: RunResult;
  readonly calibration: EndpointCalibration;
  readonly tariff: Tariff | null;
  readonly bill: Bill | null;
  readonly notes: readonly string[];
  /** Told before the run began. */
  readonly warnings: readonly string[];
}

function fittedWords({ deployment, speed }: EndpointCalibration, used: number): string {
  if (deployment === null) return ' Nothing is fitted: --gpu says what runs there.';
  if (speed.fit) return ` The model is fitted to ${counted(used, 'load point')}.`;
  if (used === 0) return ' No load point can be used, so nothing is fitted.';
  const [are, them] = used === 1 ? ['is', 'it'] : ['are', 'them'];
  return ` ${counted(used, 'load point')} ${are} too few to fit the model to; answers read ${them} as a curve.`;
}

function inWords({ calibration, result, servedModel }: AnswerParts): string {
  const { points, flags } = calibration.speed;
  const single = points.find(({ concurrency, tpotMs }) => concurrency === 1 && tpotMs !== null);
  const fastest = points.reduce<(typeof points)[number] | null>(
    (best, point) => (point.used && (point.outputTokensPerSecond ?? 0) > (best?.outputTokensPerSecond ?? 0) ? point : best),
    null,
  );
  const flagged = flaggedPoints(flags);
  const ms = (value: number | undefined) => (value === undefined ? 'unknown' : `${Number(value.toPrecision(3))} ms`);
  const alone = single
    ? `${servedModel} takes ${ms(single.ttftMs?.median)} to the first token and ${ms(single.tpotMs?.median)} per token alone`
    : result.records.some(({ failure }) => failure === null)
      ? `${servedModel} answered`
      : `${servedModel} answered none of ${counted(result.records.length, 'request')}`;
  const most = fastest?.outputTokensPerSecond
    ? `, at most ${Math.round(fastest.outputTokensPerSecond)} output tokens per second (${fastest.concurrency} in flight)`
    : '';
  const used = points.filter((point) => point.used).length;
  const fitted = fittedWords(calibration, used);
  const doubts = flagged === 0 ? '' : ` ${counted(flagged, 'point')} ${flagged === 1 ? 'is' : 'are'} flagged and not used.`;
  const end = result.stopped ? ` It ended early: ${result.stopped.message.replace(/\.$/, '')}.` : '';
  return `${alone}${most}.${fitted}${doubts}${end}`;
}

/** The answer of `kplan calibrate`. */
export function calibrateAnswer(parts: AnswerParts): CalibrateAnswer {
  const { endpoint, servedModel, facts, worstCase, result, calibration, tariff, bill, notes } = parts;
  const { records, stopped, spentUsd } = result;
  const failed: Partial<Record<FailureCode, number>> = {};
  const said: Partial<Record<FailureCode, string>> = {};
  for (const { failure } of records)
    if (failure) {
      failed[failure.code] = (failed[failure.code] ?? 0) + 1;
      said[failure.code] ??= failure.message;
    }
  const client = clientLag(records);
  const between = whole(result.metrics);
  // The counters of the server are read from the beginning of this part on.
  const own = records.slice(result.held);
  const server = between ? agreements(between, own) : [];
  const warnings = [
    ...parts.warnings,
    ...(client.limited
      ? [
          `the client was late by ${client.lagMs.toFixed(1)} ms (event loop) and ${client.lateMs.toFixed(1)} ms (sends): times may be its own`,
        ]
      : []),
    ...server
      .filter(({ agrees }) => !agrees)
      .map(({ what }) => `client and server do not agree on ${what}: other clients, a router, or usage that is not what was computed`),
    ...usageWarnings(records),
  ];
  return {
    schema: 'kplan/calibrate@1',
    answer: inWords(parts),
    endpoint,
    servedModel,
    facts,
    worstCase,
    requests: { sent: records.length, answered: records.filter(({ failure }) => failure === null).length, failed, said },
    spentUsd,
    billed: tariff ? billedOf(records, tariff) : [],
    bill,
    limits: limitsSeen(records),
    stopped,
    client,
    server,
    preemptions: between?.preemptions ?? null,
    calibration,
    notes: [...facts.notes, ...notes, ...result.notes, ...pauseNotes(records), ...(between ? uncompared(between, own) : [])],
    warnings,
  };
}
