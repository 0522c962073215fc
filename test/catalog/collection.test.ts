import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';

/** The collection of facts that data/ was taken from; it is not part of the repository. */
const FACTS = fileURLToPath(new URL('../../../shared/facts/', import.meta.url));

function rowsOf(path: string): Record<string, string>[] {
  return parse(readFileSync(path, 'utf8'), { columns: true, bom: true }) as Record<string, string>[];
}

describe.skipIf(!existsSync(FACTS))('the catalog against the collection of facts', () => {
  const catalog = loadCatalog();
  const facts = (name: string) => rowsOf(`${FACTS}${name}.csv`);

  it('has every GPU with the collected figures', () => {
    const figures = {
      marketed_gb: 'marketedGB',
      engine_visible_mib: 'driverVisibleMiB',
      mem_bw_gbs: 'memoryBandwidthGBPerSecond',
      bf16_dense_tflops: 'bf16DenseTflops',
      fp8_dense_tflops: 'fp8DenseTflops',
      fp4_dense_tflops: 'fp4DenseTflops',
      scaleup_gbs_unidir: 'scaleUpGBPerSecond',
      tdp_w: 'boardPowerWatts',
    } as const;
    for (const row of facts('gpus')) {
      const gpu = catalog.gpus.find(({ id }) => id === row['id']);
      for (const [column, field] of Object.entries(figures))
        expect(gpu?.[field]?.value ?? null, `${row['id']} ${field}`).toBe(row[column] ? Number(row[column]) : null);
      if (row['torch_total_gib']) expect(gpu?.torchTotalGiB?.value, row['id']).toBe(Number(row['torch_total_gib']));
    }
  });

  it('resolves the GPU names of the collected prices', () => {
    const names = new Set(catalog.gpus.flatMap(({ id, aliases }) => [id, ...aliases]));
    for (const { gpu = '' } of facts('gpu-prices')) expect(names, gpu).toContain(gpu.toLowerCase().split(' ')[0]);
  });

  it('keeps the price of every tariff and offer row', () => {
    const tariffs = new Map(facts('api-prices').map((row) => [row['id'], row]));
    for (const { id, tier, inputUsdPerMtok, cacheReadUsdPerMtok, outputUsdPerMtok } of catalog.tariffs) {
      const [whole = '', mode] = id.split(/\/(?=batch$|fast$)/);
      const row = tariffs.get(whole);
      expect(mode ?? tier, id).toBe(tier);
      if (mode === 'fast') {
        expect(row?.['context tiers'], id).toMatch(`fast mode: in ${inputUsdPerMtok}`);
        continue;
      }
      if (mode === 'batch') {
        expect([inputUsdPerMtok * 2, outputUsdPerMtok * 2, 'x0.5'], id).toEqual([
          Number(row?.['input_usd_per_mtok']),
          Number(row?.['output_usd_per_mtok']),
          row?.['batch discount'],
        ]);
        continue;
      }
      expect([Number(row?.['input_usd_per_mtok']), Number(row?.['output_usd_per_mtok'])], id).toEqual([inputUsdPerMtok, outputUsdPerMtok]);
      expect(cacheReadUsdPerMtok, id).toBe(row?.['cached_input_usd_per_mtok'] === '' ? null : Number(row?.['cached_input_usd_per_mtok']));
    }
    const offers = new Map(facts('gpu-prices').map((row) => [row['id'], Number(row['usd_per_gpu_hour'])]));
    for (const { id, usdPerGpuHour } of catalog.offers) expect(offers.get(id), id).toBe(usdPerGpuHour);
  });

  it.each(['throughput', 'throughput-other-models'])('ships or excludes with a reason every measurement of %s', (name) => {
    const shipped = new Map(catalog.speed.measurements.map((row) => [row.id, row]));
    const excluded = new Set(rowsOf(fileURLToPath(new URL('../../data/measurements/excluded.csv', import.meta.url))).map(({ id }) => id));
    for (const row of facts(name)) {
      const measurement = shipped.get(row['id'] ?? '');
      expect(excluded.has(row['id']), row['id']).toBe(measurement === undefined);
      if (!measurement) continue;
      expect(row['redistribute'], row['id']).not.toBe('no');
      expect(measurement.tpotMs, row['id']).toBe(Number(row['tpot_ms_p50'] || row['tpot_ms_mean']));
      expect(measurement.ttftMs ?? '', row['id']).toBe(
        row['ttft_ms_p50'] || row['ttft_ms_mean'] ? Number(row['ttft_ms_p50'] || row['ttft_ms_mean']) : '',
      );
      expect(measurement.outputTokensPerSecond, row['id']).toBe(row['output_tok_s'] ? Number(row['output_tok_s']) : null);
    }
  });
});
