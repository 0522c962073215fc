import { describe, expect, it } from 'vitest';
import { ArrivalTally } from '../../src/workload/arrivalTally.ts';
import { LengthTally } from '../../src/workload/lengthTally.ts';
import { QuantileSketch } from '../../src/workload/quantileSketch.ts';
import { azureRows, hasTraces, mooncakeRows, type TraceRow } from '../support/traces.ts';

/** From the collection of facts, workloads.md section 3 and rule 8. */
const FACTS = [
  {
    rows: () => azureRows('azure_code_2023.csv.gz'),
    requests: 8_819,
    inputPerOutput: 73,
    correlation: 0,
    input: [2_048, 1_469, 5_188, 7_436],
    output: [28, 13, 55, 251],
    perSecond: 2.57,
    gapCv: 13.2,
    quantumMs: null,
    peaks: [26, 12.8, 4.2],
  },
  {
    rows: () => azureRows('azure_conv_2023.csv.gz'),
    requests: 19_366,
    inputPerOutput: 5.5,
    correlation: -0.11,
    input: [1_155, 1_020, 2_735, 4_142],
    output: [211, 129, 424, 601],
    perSecond: 5.53,
    gapCv: 1.09,
    quantumMs: null,
    peaks: [2.9, 1.8, 1.5],
  },
  {
    rows: () => mooncakeRows('mooncake_conversation.jsonl.gz'),
    requests: 12_031,
    inputPerOutput: 35,
    correlation: 0.07,
    input: [12_035, 6_909, 27_367, 85_400],
    output: [343, 350, 597, 1_119],
    perSecond: 3.4,
    gapCv: null,
    quantumMs: 3_000,
    peaks: [null, 2, 1.2],
  },
  {
    rows: () => mooncakeRows('mooncake_synthetic.jsonl.gz'),
    requests: 3_993,
    inputPerOutput: 103,
    correlation: -0.37,
    input: [15_326, 11_587, 38_611, 66_456],
    output: [149, 69, 389, 768],
    perSecond: 3.91,
    gapCv: 1.01,
    quantumMs: null,
    peaks: [3.3, 1.4, 1.2],
  },
] as const;

function tallied(rows: readonly TraceRow[]) {
  const tally = { arrivals: new ArrivalTally(), lengths: new LengthTally(), input: new QuantileSketch(), output: new QuantileSketch() };
  for (const { atMs, inputTokens, outputTokens } of rows) {
    tally.arrivals.add(atMs);
    tally.lengths.add(inputTokens, outputTokens);
    tally.input.add(inputTokens);
    tally.output.add(outputTokens);
  }
  return tally;
}

/** As the facts print it. */
const shown = (value: number | null, like: number) => Number(value?.toPrecision(String(like).replace('.', '').length));

describe.skipIf(!hasTraces).each(FACTS)('a public trace of $requests requests', (fact) => {
  const rows: readonly TraceRow[] = hasTraces ? fact.rows() : [];
  const { arrivals, lengths, input, output } = tallied(rows);

  it('has the stated means to 1 token', () => {
    expect(lengths.requests).toBe(fact.requests);
    expect(Math.abs(lengths.meanInput - fact.input[0])).toBeLessThanOrEqual(1);
    expect(Math.abs(lengths.meanOutput - fact.output[0])).toBeLessThanOrEqual(1);
  });

  it('has the stated percentiles within 0.2 % or 4 tokens', () => {
    for (const [sketch, stated] of [
      [input, fact.input],
      [output, fact.output],
    ] as const)
      for (const [index, share] of [0.5, 0.9, 0.99].entries()) {
        const want = stated[index + 1] ?? Number.NaN;
        expect(Math.abs(sketch.quantile(share) - want)).toBeLessThanOrEqual(Math.max(4, 0.002 * want));
      }
  });

  it('has the stated input over output, and correlation of the two', () => {
    const { meanInput, meanOutput } = lengths;
    expect(shown(meanInput / meanOutput, fact.inputPerOutput)).toBe(fact.inputPerOutput);
    const product = (of: (row: TraceRow) => number) => rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
    const covariance = product((row) => (row.inputTokens - meanInput) * (row.outputTokens - meanOutput));
    const variance = product((row) => (row.inputTokens - meanInput) ** 2) * product((row) => (row.outputTokens - meanOutput) ** 2);
    expect(Math.abs(covariance / Math.sqrt(variance) - fact.correlation)).toBeLessThanOrEqual(0.005);
  });

  it('has the stated rate, gaps and peaks', () => {
    const seen = arrivals.arrivals();
    expect(shown(seen?.requestsPerSecond ?? null, fact.perSecond)).toBeCloseTo(fact.perSecond, 2);
    expect(arrivals.quantumMs).toBe(fact.quantumMs);
    if (fact.gapCv !== null) expect(shown(seen?.gapCv ?? null, fact.gapCv)).toBe(fact.gapCv);
    for (const [index, seconds] of ([1, 10, 60] as const).entries()) {
      const want = fact.peaks[index] ?? null;
      const peak = arrivals.peakToMean(seconds);
      if (want === null) expect(peak).toBeNull();
      else expect(Math.abs((peak ?? 0) - want)).toBeLessThanOrEqual(want > 20 ? 0.5 : 0.05);
    }
  });
});

describe.skipIf(!hasTraces)('the Mooncake conversation trace', () => {
  const rows = hasTraces ? mooncakeRows('mooncake_conversation.jsonl.gz') : [];

  it('is as bursty as Poisson once its steps of 3 s are spread', () => {
    const { arrivals } = tallied(rows);
    expect(arrivals.arrivals()?.gapCv).toBeCloseTo(1.02, 1);
  });

  it('has a CV of 3.03 where its times are taken as they are', () => {
    const gaps = rows.slice(1).map(({ atMs }, index) => atMs - (rows[index]?.atMs ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(Math.sqrt(variance) / mean).toBeCloseTo(3.03, 2);
  });
});
