import { type Histogram, histogramBetween, histogramOf } from './histogram.ts';
import { kvCapacityOf, prefixCachingOf } from './kvCapacity.ts';
import { METRIC_NAMES, SERVERS, type ServerKind } from './metricNames.ts';
import type { Sample } from './prometheusText.ts';

/** What the metrics of any server say, in one form; null where the server does not say it. Counters count from its start. */
export interface ServerMetrics {
  readonly server: ServerKind;
  readonly running: number | null;
  readonly waiting: number | null;
  /** Share of the KV cache that is taken, 0 to 1. */
  readonly kvUsage: number | null;
  readonly kvCapacityTokens: number | null;
  readonly prefixCaching: boolean | null;
  /** Input tokens looked for among kept prefixes, and found. */
  readonly prefixQueryTokens: number | null;
  readonly prefixHitTokens: number | null;
  /** Where the server says only the share. */
  readonly prefixHitRate: number | null;
  readonly promptTokens: number | null;
  readonly generatedTokens: number | null;
  readonly preemptions: number | null;
  /** In seconds. */
  readonly ttft: Histogram | null;
  readonly itl: Histogram | null;
  readonly endToEnd: Histogram | null;
}

/** Values of the first of some names that the page has, with or without the ending of counters; those that are no number left out. */
function valuesOf(samples: readonly Sample[], prefix: string, names: readonly string[]): number[] {
  for (const name of names) {
    const full = `${prefix}${name}`;
    const values = samples
      .filter((sample) => (sample.name === full || sample.name === `${full}_total`) && Number.isFinite(sample.value))
      .map(({ value }) => value);
    if (values.length > 0) return values;
  }
  return [];
}

function sumOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

function meanOf(values: readonly number[]): number | null {
  const sum = sumOf(values);
  return sum === null ? null : sum / values.length;
}

function readingOf(samples: readonly Sample[], server: ServerKind): ServerMetrics {
  const names = METRIC_NAMES[server];
  const values = (of: readonly string[]) => valuesOf(samples, names.prefix, of);
  const histogram = (of: readonly string[]) =>
    of.map((name) => histogramOf(samples, `${names.prefix}${name}`)).find((found) => found !== null) ?? null;
  return {
    server,
    running: sumOf(values(names.running)),
    waiting: sumOf(values(names.waiting)),
    kvUsage: meanOf(values(names.kvUsage)),
    kvCapacityTokens: kvCapacityOf(samples, server),
    prefixCaching: prefixCachingOf(samples),
    prefixQueryTokens: sumOf(values(names.prefixQueries)),
    prefixHitTokens: sumOf(values(names.prefixHits)),
    prefixHitRate: meanOf(values(names.prefixHitRate)),
    promptTokens: sumOf(values(names.prompt)),
    generatedTokens: sumOf(values(names.generated)),
    preemptions: sumOf(values(names.preemptions)),
    ttft: histogram(names.ttft),
    itl: histogram(names.itl),
    endToEnd: histogram(names.endToEnd),
  };
}

/** Where both speak, Dynamo's frontend is nearer to the user and the engine behind it to the GPU; what one does not say the other may. */
function completed(frontend: ServerMetrics, engine: ServerMetrics): ServerMetrics {
  const said = Object.entries(frontend).filter(([, value]) => value !== null);
  return { ...engine, ...Object.fromEntries(said) };
}

/**
 * What a metrics page says, whichever server wrote it: known by the prefix of its names; counts of several engines are added.
 *
 * @returns null where no known server wrote it
 * @example serverMetrics(parsePrometheus('vllm:num_requests_running{engine="0"} 3').samples)?.running // 3
 */
export function serverMetrics(samples: readonly Sample[]): ServerMetrics | null {
  const present = SERVERS.filter((server) => samples.some(({ name }) => name.startsWith(METRIC_NAMES[server].prefix)));
  const [first, ...others] = present.sort((a, b) => Number(b === 'dynamo') - Number(a === 'dynamo'));
  if (first === undefined) return null;
  const reading = readingOf(samples, first);
  const [behind] = first === 'dynamo' ? others : [];
  return behind === undefined ? reading : completed(reading, readingOf(samples, behind));
}

/** What a server did between two readings of its metrics. */
export interface MetricsBetween
  extends Pick<
    ServerMetrics,
    'prefixQueryTokens' | 'prefixHitTokens' | 'promptTokens' | 'generatedTokens' | 'preemptions' | 'ttft' | 'itl' | 'endToEnd'
  > {
  /** Whether a counter fell: the server began anew, and what it did before that is lost. */
  readonly restarted: boolean;
  /** Share of the input tokens that was found in the KV cache: hits over queries, or over the prompt tokens. */
  readonly reuse: number | null;
}

const COUNTERS = ['prefixQueryTokens', 'prefixHitTokens', 'promptTokens', 'generatedTokens', 'preemptions'] as const;

/**
 * What a server did between two readings: the differences of its counters. Of a counter that fell, the later reading is what is known.
 *
 * @param before and `after`: readings of the same server
 */
export function metricsBetween(before: ServerMetrics, after: ServerMetrics): MetricsBetween {
  const pairs = COUNTERS.map((name) => [name, before[name], after[name]] as const);
  const fell = pairs.some(([, from, to]) => from !== null && to !== null && to < from);
  const restarted =
    fell || [before.ttft, before.endToEnd].some((from, at) => from !== null && ([after.ttft, after.endToEnd][at]?.count ?? 0) < from.count);
  const grown = Object.fromEntries(
    pairs.map(([name, from, to]) => [name, from === null || to === null ? null : restarted ? to : to - from]),
  ) as Record<(typeof COUNTERS)[number], number | null>;
  const asked = grown.prefixQueryTokens ?? grown.promptTokens;
  return {
    ...grown,
    ttft: histogramBetween(before.ttft, after.ttft),
    itl: histogramBetween(before.itl, after.itl),
    endToEnd: histogramBetween(before.endToEnd, after.endToEnd),
    restarted,
    reuse: asked !== null && asked > 0 && grown.prefixHitTokens !== null ? Math.min(1, grown.prefixHitTokens / asked) : null,
  };
}
