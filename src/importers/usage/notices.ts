import type { BadRows } from './badRows.ts';
import type { UsageFile } from './usageFile.ts';
import type { UsageTally } from './usageTally.ts';

function rows(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`;
}

function spanText(ms: number): string {
  for (const [unit, name] of [
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
  ] as const)
    if (ms === unit) return `a ${name}`;
  return `${ms / 1000} s`;
}

function fileNotices({ name, format, unknown, empty, zones }: UsageFile): string[] {
  const named = zones.filter((zone) => zone !== 'none');
  const mixed = new Set(named.filter((zone) => zone !== 'epoch')).size > 1 || (zones.includes('none') && named.length > 0);
  return [
    ...(format.notice ? [`${name}: ${format.notice}`] : []),
    ...(unknown.length > 0 ? [`${name}: columns that ${format.name} is not known to have were ignored: ${unknown.join(', ')}`] : []),
    ...(empty > 0 ? [`${name}: ${rows(empty)} that state no usage`] : []),
    ...(mixed ? [`${name}: times of several zones; each is read in its own, those without one as UTC`] : []),
    ...(!mixed && zones.includes('none') ? [`${name}: times without a zone are read as UTC`] : []),
  ];
}

/** What must be said of an import, in sentences without a full stop. */
export function noticesOf(files: readonly UsageFile[], tally: UsageTally, bad: readonly BadRows[], quantumMs: number | null): string[] {
  const { counts, times } = tally;
  const said: string[] = files.flatMap(fileNotices);
  const is = (holds: boolean, text: string) => {
    if (holds) said.push(text);
  };
  const badCount = bad.reduce((sum, { count }) => sum + count, 0);
  is(badCount > 0, `${rows(badCount)} left out as broken; --strict refuses them`);
  is(counts.noOutput > 0, `${rows(counts.noOutput)} without output tokens left out`);
  is(counts.failed > 0, `${rows(counts.failed)} of failed requests; those without output are left out`);
  is(counts.cancelled > 0, `${rows(counts.cancelled)} of cancelled requests kept, because they cost`);
  is(counts.noTime > 0 && counts.noTime < counts.used, `${rows(counts.noTime)} without a time: they count, but not for arrivals`);
  is(!times.isSorted && !times.isLost, 'times were not in order and were sorted');
  is(times.isLost, 'times are not in order and too many to be sorted: nothing is said of arrivals');
  is(times.count === 1, 'one request has no rate: nothing is said of arrivals');
  is(times.count > 1 && tally.firstMs === tally.lastMs, 'all requests have one time: no rate follows from it');
  is(quantumMs !== null, `times are rounded to steps of ${(quantumMs ?? 0) / 1000} s; requests are taken to be spread evenly in each step`);
  is(counts.buckets > 0, `${rows(counts.buckets)} are buckets of requests: lengths of single requests and gaps are not known of them`);
  is(
    tally.guessedSpanMs !== null,
    `nobody states how long the buckets are; ${spanText(tally.guessedSpanMs ?? 0)} is taken from the gaps between them`,
  );
  is(counts.uncounted > 0, 'requests are not counted in these rows; --requests says how many they are');
  is(
    counts.cachedUnknown === counts.used && !tally.fromBlocks && counts.used > 0,
    'nothing is said of cached tokens: reuse is taken as 0; --reuse sets another where the workload is used',
  );
  is(
    counts.cachedUnknown > 0 && counts.cachedUnknown < counts.used,
    `${rows(counts.cachedUnknown)} say nothing of cached tokens, which are taken as none`,
  );
  is(tally.blocks?.isFull === true, 'more distinct blocks than are kept: reuse is a low estimate');
  return said;
}
