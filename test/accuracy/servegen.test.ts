import { describe, expect, it } from 'vitest';
import { DayProfile } from '../../src/workload/dayProfile.ts';
import { hasTraces, tableRows } from '../support/traces.ts';

const WINDOWS_PER_DAY = 144;
/** Some midnight: the data sets count from one. */
const MIDNIGHT_MS = Date.UTC(2000, 0, 1);

/** From the collection of facts, workloads.md sections 3 and 4: means and percentiles of tokens, then rates over their mean. */
const FACTS = [
  {
    model: 'deepseek-r1',
    days: 1,
    clients: 73,
    perSecond: 16,
    input: [1_268, 208, 2_092, 23_423],
    output: [1_527, 792, 3_432, 12_607],
    cv: [1.02, 5.6],
    bursty: 0.6,
    tenMinutes: 2.66,
    hour: { peak: 2.19, p95: null, trough: 0.45 },
    hourOfDay: null,
    day: null,
    top10: null,
  },
  {
    model: 'm-large',
    days: 14,
    clients: 162,
    perSecond: 196,
    input: [914, 601, 2_371, 5_452],
    output: [155, 53, 461, 872],
    cv: [1.19, 6.2],
    bursty: 0.85,
    tenMinutes: 2.98,
    hour: { peak: 1.86, p95: 1.69, trough: 0.3 },
    hourOfDay: [0.79, 1.14],
    day: [0.54, 1.43],
    top10: 0.63,
  },
] as const;

interface Weighted {
  readonly value: number;
  readonly weight: number;
}

const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, number) => total + number, 0);

/** The least value that a share of the weight does not exceed. */
function weightedQuantile(all: readonly Weighted[], share: number): number {
  const reached = share * sum(all.map(({ weight }) => weight));
  let below = 0;
  for (const { value, weight } of all.toSorted((a, b) => a.value - b.value)) {
    below += weight;
    if (below >= reached) return value;
  }
  return Number.NaN;
}

/** A hundred values of equal weight of a distribution of which six percentiles are published, straight between them. */
function drawn(row: Readonly<Record<string, string>>, weight: number): Weighted[] {
  const points = [0.1, 0.5, 0.9, 0.95, 0.99].map((share) => [share, Number(row[`p${Math.round(share * 100)}`])] as const);
  const ends = [[0, points[0]?.[1] ?? 0] as const, ...points, [1, points.at(-1)?.[1] ?? 0] as const];
  return Array.from({ length: 100 }, (_, index) => {
    const share = (index + 0.5) / 100;
    const above = ends.findIndex(([end]) => end >= share);
    const [[from, low], [to, high]] = [ends[above - 1] ?? [0, 0], ends[above] ?? [1, 0]];
    return { value: low + ((high - low) * (share - from)) / (to - from), weight };
  });
}

function grouped<Key>(rates: readonly Rate[], key: (rate: Rate) => Key): Map<Key, number> {
  const groups = new Map<Key, number>();
  for (const rate of rates) groups.set(key(rate), (groups.get(key(rate)) ?? 0) + rate.perSecond);
  return groups;
}

interface Rate {
  readonly client: string;
  readonly at: number;
  readonly perSecond: number;
  readonly cv: number;
}

describe.skipIf(!hasTraces).each(FACTS)('the ServeGen data set $model', (fact) => {
  const rates = (hasTraces ? tableRows(`servegen_${fact.model}_rates.csv.gz`) : []).map(
    (row): Rate => ({
      client: row['client'] ?? '',
      at: Number(row['window_start_s']),
      perSecond: Number(row['rate_rps']),
      cv: Number(row['cv_interarrival']),
    }),
  );
  const windows = fact.days * WINDOWS_PER_DAY;
  const mean = sum(rates.map(({ perSecond }) => perSecond)) / windows;
  /** Mean rates of spans of so many seconds over the mean of all, ascending. */
  const over = (seconds: number, phase = Number.POSITIVE_INFINITY) => {
    const spans = grouped(rates, ({ at }) => Math.floor(at / seconds) % phase);
    const each = windows / Math.min(phase, (fact.days * 86_400) / seconds);
    return [...spans.values()].map((total) => total / each / mean).sort((a, b) => a - b);
  };
  const near = (value: number | undefined, stated: number | null) => {
    if (stated !== null) expect(Math.abs((value ?? 0) - stated), `${value} against ${stated}`).toBeLessThanOrEqual(0.006);
  };

  it('has the stated clients, rate and skew', () => {
    const clients = [...grouped(rates, ({ client }) => client).values()].sort((a, b) => b - a);
    expect(clients).toHaveLength(fact.clients);
    expect(Number(mean.toPrecision(3))).toBe(fact.perSecond);
    if (fact.top10 !== null) near(sum(clients.slice(0, 10)) / sum(clients), fact.top10);
  });

  it('has the stated peaks and troughs over time', () => {
    const hours = over(3_600);
    near(over(600).at(-1), fact.tenMinutes);
    near(hours.at(-1), fact.hour.peak);
    near(hours[0], fact.hour.trough);
    near(hours[Math.ceil(0.95 * hours.length) - 1], fact.hour.p95);
    if (fact.day) for (const [index, stated] of fact.day.entries()) near(over(86_400).at(-index), stated);
    if (!fact.hourOfDay) return;
    const day = new DayProfile();
    for (const { at, perSecond } of rates) day.add(MIDNIGHT_MS + at * 1_000, perSecond * 600);
    const profile = day.over(MIDNIGHT_MS, MIDNIGHT_MS + fact.days * 86_400_000)?.toSorted((a, b) => a - b) ?? [];
    near(profile[0], fact.hourOfDay[0]);
    near(profile.at(-1), fact.hourOfDay[1]);
    expect(profile.map((rate) => rate.toFixed(9))).toEqual(over(3_600, 24).map((rate) => rate.toFixed(9)));
  });

  it('has the stated burstiness, weighed by requests', () => {
    const cvs = rates.map(({ cv, perSecond }) => ({ value: cv, weight: perSecond }));
    near(weightedQuantile(cvs, 0.5), fact.cv[0]);
    expect(Number(weightedQuantile(cvs, 0.9).toPrecision(2))).toBe(fact.cv[1]);
    const bursty = sum(cvs.filter(({ value }) => value > 1).map(({ weight }) => weight)) / sum(cvs.map(({ weight }) => weight));
    near(bursty, fact.bursty);
  });

  it('has the stated lengths, weighed by requests', () => {
    const requests = grouped(rates, ({ client, at }) => `${client}/${Math.floor(at / 21_600)}`);
    const rows = tableRows('servegen_lengths.csv.gz').filter((row) => row['model'] === fact.model);
    const weight = (row: Readonly<Record<string, string>>) =>
      requests.get(`${row['client']}/${Math.floor(Number(row['window_start_s']) / 21_600)}`) ?? 0;
    const of = (field: string) => rows.filter((row) => row['field'] === field);
    const meanOf = (field: string) => sum(of(field).map((row) => Number(row['mean']) * weight(row))) / sum(of(field).map(weight));
    for (const [field, [stated, ...percentiles]] of [
      ['input_tokens', fact.input],
      ['output_tokens', fact.output],
    ] as const) {
      expect(Math.abs(meanOf(field) - stated)).toBeLessThanOrEqual(1);
      // The facts' percentiles are of the whole distributions, of which the collection keeps six points each: within 10 %, not 0.2 %.
      const all = of(field).flatMap((row) => drawn(row, weight(row)));
      for (const [index, share] of [0.5, 0.9, 0.99].entries())
        expect(Math.abs(weightedQuantile(all, share) / (percentiles[index] ?? 0) - 1)).toBeLessThanOrEqual(0.1);
    }
    if (fact.model === 'deepseek-r1') {
      const thinking = of('reason_ratio').flatMap((row) => drawn(row, weight(row)));
      expect(meanOf('reason_ratio')).toBeCloseTo(0.7, 2);
      expect(Math.abs(weightedQuantile(thinking, 0.5) - 0.76)).toBeLessThanOrEqual(0.03);
      expect(Math.abs(weightedQuantile(thinking, 0.9) - 0.95)).toBeLessThanOrEqual(0.01);
    }
  });
});
