import { median } from '../../evidence/median.ts';
import type { RequestRecord } from '../client/record.ts';
import { worstTokens } from '../ladder/step.ts';
import { UNCOMPUTED } from '../ladder/worstCase.ts';
import { type Histogram, quantileOf } from './histogram.ts';
import type { MetricsBetween } from './serverMetrics.ts';

/** One figure as the client and the server have it. */
export interface Agreement {
  readonly what: 'input tokens' | 'output tokens' | 'reuse' | 'median TTFT, ms' | 'median time of a request, ms';
  readonly client: number;
  /** With what failed requests may have added, of which the server alone knows how far it got; `client` itself where none may have. */
  readonly clientUpTo: number;
  /** Of a histogram the ends of the bucket that holds the median. */
  readonly server: { readonly low: number; readonly high: number };
  readonly agrees: boolean;
}

/** Counts may differ by what other clients asked meanwhile, times by the way there and back. */
const COUNT_TOLERANCE = 0.05;
const SHARE_TOLERANCE = 0.05;
const TIME_TOLERANCE = 0.1;

type Ends = Agreement['server'];

function meets(client: Ends, { low, high }: Ends, relative: number, absolute = 0): boolean {
  return client.high >= low * (1 - relative) - absolute && client.low <= high * (1 + relative) + absolute;
}

function compared(what: Agreement['what'], client: Ends, server: Ends, relative: number, absolute = 0): Agreement {
  return { what, client: client.low, clientUpTo: client.high, server, agrees: meets(client, server, relative, absolute) };
}

function exact(value: number): Ends {
  return { low: value, high: value };
}

function sumOf(parts: readonly (Ends | null)[]): Ends | null {
  if (parts.length === 0 || parts.some((part) => part === null)) return null;
  return parts.reduce<Ends>((sum, part) => ({ low: sum.low + (part?.low ?? 0), high: sum.high + (part?.high ?? 0) }), exact(0));
}

/** Tokens that the server may have counted for one request; null where an answer does not state them. */
function countedOf({ ask, usage, failure, chunks }: RequestRecord, what: 'inputTokens' | 'outputTokens'): Ends | null {
  const stated = usage[what];
  if (failure === null) return stated === null ? null : exact(stated);
  if (UNCOMPUTED.includes(failure.code)) return exact(0);
  const worst = worstTokens({ inputTokens: ask.inputTokens, outputTokens: ask.maxOutputTokens });
  const [came, most] = what === 'inputTokens' ? [0, worst.input] : [chunks.length, worst.output];
  const low = Math.max(stated ?? 0, came);
  return { low, high: Math.max(low, most) };
}

function counted(what: Agreement['what'], client: Ends | null, server: number | null): Agreement[] {
  return client === null || server === null ? [] : [compared(what, client, exact(server), COUNT_TOLERANCE)];
}

function timed(what: Agreement['what'], clientMs: readonly number[], histogram: Histogram | null): Agreement[] {
  const bucket = histogram && quantileOf(histogram, 0.5);
  if (bucket === null || clientMs.length === 0) return [];
  const server = { low: 1000 * bucket.low, high: 1000 * bucket.high };
  return [compared(what, exact(median(clientMs)), server, TIME_TOLERANCE)];
}

/**
 * What client and server say of the same requests, side by side: tokens within 5 %, the share reused within 0.05, median times within
 * 10 % of the server's bucket.
 *
 * @param between the server's metrics from before the first to after the last of the records
 * @param records all requests in between; of failed ones the server may have counted anything up to the worst case, and their reuse nobody
 *   knows
 * @returns figures that both know
 */
export function agreements(between: MetricsBetween, records: readonly RequestRecord[]): Agreement[] {
  const answered = records.filter(({ failure }) => failure === null);
  const known = between.restarted ? [] : records;
  const inputs = sumOf(known.map((record) => countedOf(record, 'inputTokens')));
  const outputs = sumOf(known.map((record) => countedOf(record, 'outputTokens')));
  const found =
    unknownEnds(records) > 0 ? [] : answered.map(({ usage: { cachedTokens } }) => (cachedTokens === null ? null : exact(cachedTokens)));
  const cached = sumOf(found);
  const share = inputs !== null && inputs.low > 0 && cached !== null ? cached.low / inputs.low : null;
  const reuse = share === null || between.reuse === null ? [] : [compared('reuse', exact(share), exact(between.reuse), 0, SHARE_TOLERANCE)];
  const since = (time: (record: RequestRecord) => number | null) =>
    answered.flatMap((record) => {
      const ms = time(record);
      return ms === null ? [] : [ms - record.sentMs];
    });
  return [
    ...counted('input tokens', inputs, between.promptTokens),
    ...counted('output tokens', outputs, between.generatedTokens),
    ...reuse,
    ...timed(
      'median TTFT, ms',
      since(({ firstTokenMs }) => firstTokenMs),
      between.ttft,
    ),
    ...timed(
      'median time of a request, ms',
      since(({ lastTokenMs }) => lastTokenMs),
      between.endToEnd,
    ),
  ];
}

/** Requests that failed after the server may have begun with them. */
function unknownEnds(records: readonly RequestRecord[]): number {
  return records.filter(({ failure }) => failure !== null && !UNCOMPUTED.includes(failure.code)).length;
}

/** What keeps client and server from being compared in full, in words. */
export function uncompared({ restarted }: MetricsBetween, records: readonly RequestRecord[]): string[] {
  if (restarted) return ['tokens of client and server are not compared: its counters began anew during the run'];
  const failed = unknownEnds(records);
  const silent = records.filter((record) => record.failure === null && countedOf(record, 'outputTokens') === null).length;
  if (silent > 0) return [`tokens of client and server are not compared: ${silent} answers state no usage`];
  if (failed === 0) return [];
  return [
    `${failed} requests failed, and the server alone knows how many of their tokens it counted: totals are compared with up to their worst case, reuse is not compared`,
  ];
}
