import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { coefficientsCsv, covarianceCsv } from '../../../src/accuracy/throughput/speedCsv.ts';
import { Witnesses } from '../../../src/accuracy/throughput/witnesses.ts';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { fitSpeed } from '../../../src/throughput/fitting/speedFit.ts';

const file = (name: string) => readFileSync(new URL(`../../../data/measurements/${name}.csv`, import.meta.url), 'utf8');

/** Figures of a CSV file by the id of their row: the last cell. */
function figures(text: string): Map<string, number> {
  const [, ...rows] = text.trim().split('\n');
  return new Map(rows.map((row) => [row.slice(0, row.indexOf(',')), Number(row.slice(row.lastIndexOf(',') + 1))]));
}

it('the coefficients and their covariance are what the fit makes of the measurements; `npm run fit:speed` writes them', () => {
  const fits = fitSpeed(new Witnesses(loadCatalog()).shipped());
  for (const [name, made] of [
    ['speed-coefficients', coefficientsCsv(fits)],
    ['speed-covariance', covarianceCsv(fits)],
  ] as const) {
    const [shipped, again] = [figures(file(name)), figures(made)];
    expect([...shipped.keys()].sort(), name).toEqual([...again.keys()].sort());
    for (const [id, value] of again)
      expect(Math.abs((shipped.get(id) ?? 0) - value), id).toBeLessThanOrEqual(2e-4 + 2e-3 * Math.abs(value));
  }
});
