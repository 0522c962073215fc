import { median } from '../../evidence/median.ts';
import type { RequestRecord } from '../client/record.ts';
import { type Histogram, quantileOf } from './histogram.ts';
import type { MetricsBetween } from './serverMetrics.ts';

/** One figure as the client and the server have it. */
export interface Agreement {
  readonly what: 'input tokens' | 'output tokens' | 'reuse' | 'median TTFT, ms' | 'median time of a request, ms';
  readonly client: number;
  /** Of a histogram the ends of the bucket that holds the median. */
  readonly server: { readonly low: number; readonly high: number };
  readonly agrees: boolean;
}

/** Counts may differ by what other clients asked meanwhile, times by the way there and back. */
const COUNT_TOLERANCE = 0.05;
const SHARE_TOLERANCE = 0.05;
const TIME_TOLERANCE = 0.1;

function sumKnown(values: readonly (number | null)[]): number | null {
  return values.length > 0 && values.every((value) => value !== null) ? values.reduce<number>((sum, value) => sum + (value ?? 0), 0) : null;
}

function within(client: number, { low, high }: Agreement['server'], relative: number, absolute = 0): boolean {
  return client >= low * (1 - relative) - absolute && client <= high * (1 + relative) + absolute;
}

function counted(what: Agreement['what'], client: number | null, server: number | null): Agreement[] {
  if (client === null || server === null) return [];
  const ends = { low: server, high: server };
  return [{ what, client, server: ends, agrees: within(client, ends, COUNT_TOLERANCE) }];
}

function timed(what: Agreement['what'], clientMs: readonly number[], histogram: Histogram | null): Agreement[] {
  const bucket = histogram && quantileOf(histogram, 0.5);
  if (bucket === null || clientMs.length === 0) return [];
  const client = median(clientMs);
  const ends = { low: 1000 * bucket.low, high: 1000 * bucket.high };
  return [{ what, client, server: ends, agrees: within(client, ends, TIME_TOLERANCE) }];
}

/**
 * What client and server say of the same requests, side by side: tokens within 5 %, the share reused within 0.05, median times within
 * 10 % of the server's bucket.
 *
 * @param between the server's metrics from before the first to after the last of the records
 * @param records all requests in between; with failed ones among them tokens are not compared, for the server counts theirs too
 * @returns figures that both know
 */
export function agreements(between: MetricsBetween, records: readonly RequestRecord[]): Agreement[] {
  const whole = !between.restarted && records.every(({ failure }) => failure === null);
  const answered = records.filter(({ failure }) => failure === null);
  const inputs = whole ? sumKnown(records.map(({ usage }) => usage.inputTokens)) : null;
  const outputs = whole ? sumKnown(records.map(({ usage }) => usage.outputTokens)) : null;
  const cached = whole ? sumKnown(records.map(({ usage }) => usage.cachedTokens)) : null;
  const share = inputs !== null && inputs > 0 && cached !== null ? cached / inputs : null;
  const reuse: Agreement[] =
    share === null || between.reuse === null
      ? []
      : [
          {
            what: 'reuse',
            client: share,
            server: { low: between.reuse, high: between.reuse },
            agrees: within(share, { low: between.reuse, high: between.reuse }, 0, SHARE_TOLERANCE),
          },
        ];
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
