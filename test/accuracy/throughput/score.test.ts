import { describe, expect, it } from 'vitest';
import { heldOutIn, knowledgeFrom, predict } from '../../../src/accuracy/throughput/heldOut.ts';
import { configurationOf, foldsOf, HELD_OUT_SITUATIONS } from '../../../src/accuracy/throughput/holdOut.ts';
import { scoreThroughput } from '../../../src/accuracy/throughput/scoreThroughput.ts';
import type { ThroughputRow } from '../../../src/accuracy/throughput/throughputRow.ts';
import { Witnesses } from '../../../src/accuracy/throughput/witnesses.ts';
import { loadCatalog } from '../../../src/catalog/index.ts';
import type { Catalog } from '../../../src/plan/catalog.ts';
import { fitSpeed } from '../../../src/throughput/fitting/speedFit.ts';

const whole = loadCatalog();
const measurements = whole.speed.measurements.filter(({ family }) => family === 'kimi-k2');

function catalogWith(rows: Catalog['speed']['measurements']): Catalog {
  return { ...whole, speed: { ...whole.speed, measurements: rows } };
}

const catalog = catalogWith(measurements);
const shipped = new Witnesses(catalog).shipped();
const fits = fitSpeed(shipped);
const { bands } = whole.speed;

/** Rows of the curves of K2.7-Code on 4×MI355X. */
const curve = shipped.filter(({ measurement }) => measurement.model === 'kimi-k2.7-code');

function fileRow({ measurement: { source: _, family: __, ...row } }: (typeof curve)[number]): ThroughputRow {
  return { ...row, line: 2, model: row.model, disaggregated: false, notes: '' };
}

describe('foldsOf', () => {
  it.each(HELD_OUT_SITUATIONS)(
    'predicts every row once in %s, and never from one of the same configuration and load point',
    (situation) => {
      const folds = foldsOf(situation, shipped);
      const predicted = folds.flatMap(({ rows }) => rows);
      expect(new Set(predicted).size).toBe(shipped.length);
      expect(predicted).toHaveLength(shipped.length);
      const point = (witness: (typeof shipped)[number]) =>
        `${configurationOf(witness)} ${witness.measurement.inputTokens}/${witness.measurement.outputTokens} ${witness.measurement.concurrency}`;
      for (const { rows, hidden } of folds) {
        const known = new Set(shipped.filter((witness) => !hidden(witness)).map(point));
        expect(rows.filter((row) => known.has(point(row)))).toEqual([]);
      }
    },
  );
});

describe('heldOutIn', () => {
  it('is blind to what the row itself measured, in the file and among what ships', () => {
    const plain = heldOutIn('sameCurve', curve, shipped, fits, bands);
    expect(plain.length).toBeGreaterThan(3);
    for (const { witness, predicted } of plain) {
      const { id } = witness.measurement;
      const spoil = (one: (typeof curve)[number]) =>
        one.measurement.id === id ? { ...one, measurement: { ...one.measurement, tpotMs: 3 * (one.measurement.tpotMs ?? 1) } } : one;
      const again = heldOutIn('sameCurve', curve.map(spoil), shipped.map(spoil), fits, bands).find(
        (held) => held.witness.measurement.id === id,
      );
      expect(again?.predicted.tpot.value).toBe(predicted.tpot.value);
    }
  });

  it('sees the row where nothing is hidden', () => {
    const known = knowledgeFrom(shipped, fits, bands, 'kimi-k2');
    for (const row of curve.slice(0, 3)) expect(predict(row, known)).toMatchObject({ scored: 'sameCurve' });
  });
});

describe('scoreThroughput', () => {
  const rows = curve.map(fileRow);
  const score = scoreThroughput('rows.csv', { rows, skipped: [{ id: 'x', line: 9, reason: 'isl not stated' }] }, catalog);

  it('says how far each situation is off, with the coverage of its bands', () => {
    const { sameCurve, otherModel, newShape } = score.situations;
    expect(sameCurve.tpot.n).toBeGreaterThan(3);
    expect(sameCurve.tpot.medianAbsPct).toBeLessThan(10);
    expect(newShape.tpot.n).toBeGreaterThan(0);
    expect(otherModel.tpot.n).toBe(0);
    expect(sameCurve.tpot.coverageInterval?.[0]).toBeLessThanOrEqual(sameCurve.tpot.coverage ?? 0);
    expect(score.answer).toMatch(/^Time per output token is missed by \(median \/ 90th percentile\) inside a measured curve/);
    expect(score).toMatchObject({ rows: rows.length + 1, scoredRows: rows.length, seen: false, skipped: [{ id: 'x' }] });
    expect(score.worst.length).toBeGreaterThan(0);
  });

  it('knows its own rows with `seen`', () => {
    const seen = scoreThroughput('rows.csv', { rows, skipped: [] }, catalog, { seen: true });
    expect(seen.situations.sameCurve.tpot.medianAbsPct).toBeLessThan(1);
    expect(seen.seen).toBe(true);
  });

  it('has nothing to say of a file without rows', () => {
    expect(scoreThroughput('none.csv', { rows: [], skipped: [] }, catalog)).toMatchObject({
      overall: { tpot: { n: 0, medianAbsPct: null, coverageInterval: null } },
      answer: expect.stringContaining('None of 0 rows'),
    });
  });
});
