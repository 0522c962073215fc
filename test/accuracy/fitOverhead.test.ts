import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isReadable, rowDeployment } from '../../src/accuracy/observed/rowDeployment.ts';
import { readStartupFile } from '../../src/accuracy/observed/startupFile.ts';
import type { StartupRow } from '../../src/accuracy/observed/startupRow.ts';
import { fitOverhead } from '../../src/accuracy/overhead/fitOverhead.ts';
import { overheadCsv } from '../../src/accuracy/overhead/overheadCsv.ts';
import { fitOf, PRIORS, rangeOf, type Solution, UNKNOWNS } from '../../src/accuracy/overhead/overheadModel.ts';
import { budgetGiB } from '../../src/accuracy/score/rowFigures.ts';
import { loadCatalog } from '../../src/catalog/index.ts';
import { overheadParts, sumOfParts } from '../../src/memory/overhead.ts';
import { GIB } from '../../src/units/bytes.ts';
import { startupRow } from './startupRows.ts';

const catalog = loadCatalog();
const data = fileURLToPath(new URL('../../data/measurements/', import.meta.url));

const TRUTH: Solution = {
  base: 0.2,
  doubling: 0.35,
  groupSince17: 1.2,
  baseSince20: 0.5,
  groupSince21: 0.1,
  samplerOfSort: 38.5,
  samplerFused: 17,
  forward: 0.7,
  blockFp8: 1.4,
};

const SPREAD = { graphsGiBPerLayer: 0, lowGiB: 0, highGiB: 0, calibratedLowGiB: 0, calibratedHighGiB: 0 };

/** A row whose KV memory follows from the constants of TRUTH, moved by an error. */
function synthetic(cells: Parameters<typeof startupRow>[0], error = 0): StartupRow {
  const row = startupRow({ ...cells, weights_gib_per_gpu: '50', other_flags: 'graph estimate off' });
  const reading = rowDeployment(row, catalog);
  if (!isReadable(reading)) throw new Error(reading.skipped);
  const { deployment } = reading;
  const range = rangeOf(deployment.release.version);
  if (!range) throw new Error('a release before the fit');
  const overhead = sumOfParts(overheadParts(deployment, fitOf(range, TRUTH, 'nvidia', SPREAD, ''))) / GIB;
  return { ...row, kvGiB: budgetGiB(deployment) - 50 - overhead + error };
}

const MODELS = ['moonshotai/Kimi-K2.5', 'deepseek-ai/DeepSeek-R1', 'moonshotai/Moonlight-16B-A3B', 'nvidia/Kimi-K2.6-NVFP4'] as const;

const rows = MODELS.flatMap((model) =>
  ['0.10.2', '0.11.0', '0.13.0', '0.18.0', '0.20.0', '0.22.0'].flatMap((version) =>
    [1, 2, 8].flatMap((tp) =>
      ['16', '1024'].map((seqs) =>
        synthetic({
          id: `${model} ${version} ${tp} ${seqs}`,
          model,
          weight_format: '',
          engine_version: version,
          tp: String(tp),
          max_num_seqs: seqs,
          max_model_len: '4096',
        }),
      ),
    ),
  ),
);

describe('the fit of the overhead', () => {
  const fits = fitOverhead(rows, catalog);
  const at = (since: string) => fits.find(({ fit }) => fit.since === since);

  it('finds the constants that rows were made with', () => {
    expect(at('0.8.0')?.fit.samplerBytes).toBeCloseTo(TRUTH.samplerOfSort, 0);
    expect(at('0.11.0')?.fit.samplerBytes).toBeCloseTo(TRUTH.samplerFused, 0);
    expect(at('0.8.0')?.fit.baseGiB).toBeCloseTo(TRUTH.base, 1);
    expect(at('0.8.0')?.fit.doublingGiB).toBeCloseTo(TRUTH.doubling, 1);
    expect(at('0.17.0')?.fit.groupGiB).toBeCloseTo(TRUTH.groupSince17, 1);
    expect(at('0.20.0')?.fit.baseGiB).toBeCloseTo(TRUTH.base + TRUTH.baseSince20, 1);
    expect(at('0.17.0')?.fit.forwardScale).toBeCloseTo(TRUTH.forward, 1);
    expect(at('0.17.0')?.fit.blockFp8Scale).toBeCloseTo(TRUTH.blockFp8, 0);
    expect(at('0.17.0')?.medianAbsGiB).toBeLessThan(0.1);
  });

  it('is the same in whatever order the rows stand', () => {
    expect(overheadCsv(fitOverhead([...rows].reverse(), catalog))).toBe(overheadCsv(fits));
  });

  it('is hardly moved by one row that is far off', () => {
    const outlier = synthetic(
      { id: 'outlier', model: MODELS[0], engine_version: '0.18.0', max_num_seqs: '64', max_model_len: '4096' },
      -20,
    );
    const moved = fitOverhead([...rows, outlier], catalog).find(({ fit }) => fit.since === '0.17.0')?.fit;
    expect(moved?.groupGiB).toBeCloseTo(at('0.17.0')?.fit.groupGiB ?? Number.NaN, 0);
  });

  it('learns nothing from rows without a release, a printed KV memory or proof, and nothing at all from too few', () => {
    const [row] = rows as [StartupRow, ...StartupRow[]];
    const useless = [
      { ...row, engineVersion: '' },
      { ...row, kvGiB: null },
      { ...row, notes: 'derived from tokens' },
      { ...row, engine: 'SGLang' },
      { ...row, engineVersion: '0.6.0' },
      { ...row, model: 'nobody/knows' },
    ];
    expect(overheadCsv(fitOverhead([...rows, ...useless], catalog))).toBe(overheadCsv(fits));
    expect(fitOverhead(rows.slice(0, 3), catalog)).toEqual([]);
  });

  it('has a prior for every unknown, and no negative constant', () => {
    for (const priors of Object.values(PRIORS)) expect(Object.keys(priors)).toEqual([...UNKNOWNS]);
    const numbers = fits.flatMap(({ fit }) => [fit.baseGiB, fit.groupGiB, fit.doublingGiB, fit.samplerBytes, fit.forwardScale]);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  });
});

describe('data/measurements/overhead.csv', () => {
  it('is what the fit makes of data/measurements/startup-logs.csv; `npm run fit:overhead` writes it', () => {
    const fitted = overheadCsv(fitOverhead(readStartupFile(`${data}startup-logs.csv`), catalog));
    expect(readFileSync(`${data}overhead.csv`, 'utf8')).toBe(fitted);
  });
});
