import { describe, expect, it } from 'vitest';
import { importOffers } from '../../../src/importers/offers/index.ts';
import { briefly, GPUHUNT, imported, memoryEnvironment, table, zip } from './support.ts';

const LAMBDA_ROW = 'gpu_8x_h100_sxm5,us-south-1,31.92,208,1800.0,8,H100,80.0,False,,nvidia,,x86,{}';
const ROWS = [
  'NVIDIA H100 80GB HBM3,CA-MTL-1,2.99,16,125,1,H100,80.0,False,,nvidia,,x86,{}',
  'NVIDIA H100 80GB HBM3,CA-MTL-1,23.92,128,1000,8,H100,80.0,False,,nvidia,,x86,{}',
  'NVIDIA H100 80GB HBM3,CA-MTL-1,30.0,128,1000,8,H100,80.0,False,,nvidia,runpod-cluster,x86,"{""pod_counts"": [2, 3]}"',
  'NVIDIA H200,EU-RO-1,1.89,16,125,1,H200,141.0,True,,nvidia,,x86,{}',
  'cpu3c,EU-RO-1,0.06,2,4,0,,,False,,,,x86,{}',
];

describe('files of gpuhunt', () => {
  it('price instances on demand or as spot; clusters and plans are counted, sizes under one name become names', () => {
    const result = imported(table(GPUHUNT, ...ROWS), { provider: 'runpod', date: '2026-11-20' });
    expect(briefly(result)).toEqual(['h100-sxm on-demand 2.99 CA-MTL-1', 'h100-sxm on-demand 2.99 CA-MTL-1', 'h200-sxm spot 1.89 EU-RO-1']);
    expect(result.rows.map(({ instance, gpusPerInstance }) => `${gpusPerInstance} ${instance}`)).toEqual([
      '1 1x NVIDIA H100 80GB HBM3',
      '8 8x NVIDIA H100 80GB HBM3',
      '1 NVIDIA H200',
    ]);
    expect(result.leftOut).toMatchObject([
      { reason: 'plan', count: 1, where: 'vms.csv:4: flags' },
      { reason: 'no-gpu', count: 1 },
    ]);
    expect(result.assumed).toEqual(['H200 is taken for h200-sxm, the only board of the catalog that fits']);
  });

  it('may name the provider, which the option must not contradict', () => {
    const content = table(`provider,${GPUHUNT}`, `lambdalabs,${LAMBDA_ROW}`);
    expect(imported(content, { date: '2026-11-20' }).rows).toMatchObject([{ provider: 'lambda' }]);
    expect(imported(content, { date: '2026-11-20', provider: 'aws' }).refused).toMatchObject([
      { code: 'contradiction', where: 'vms.csv:2: instance_name: --provider', value: 'aws' },
    ]);
  });

  it('come in an archive, which says the day and names its files after the providers', () => {
    const files = { 'lambdalabs.csv': table(GPUHUNT, LAMBDA_ROW), 'runpod.csv': table(GPUHUNT, ...ROWS), version: '20261024' };
    for (const method of [0, 8] as const) {
      const result = importOffers(['a/catalog.zip'], {}, memoryEnvironment({ 'a/catalog.zip': zip(files, method) }));
      expect(result.rows.map(({ provider, date }) => `${provider} ${date}`)).toEqual([
        'lambda 2026-10-24',
        ...Array(3).fill('runpod 2026-10-24'),
      ]);
      expect(result.rows[0]?.source).toBe('gpuhunt catalog: lambdalabs.csv');
      expect(result.assumed).toContain('the provider of a/catalog.zip/lambdalabs.csv: the name of the file in the archive');
      expect(result.leftOut[0]?.where).toBe('a/catalog.zip/runpod.csv:4: flags');
    }
  });

  it('of one provider each have the day of the file in the archive, unless told otherwise', () => {
    const archive = zip({ 'lambdalabs.csv': table(GPUHUNT, LAMBDA_ROW) });
    const result = imported(archive, {});
    expect(result.rows).toMatchObject([{ date: '2026-10-23' }]);
    expect(result.assumed[0]).toBe('the day of vms.csv/lambdalabs.csv, 2026-10-23: when the file was last changed; say it with --date');
    expect(imported(archive, { date: '2026-11-01' }).rows).toMatchObject([{ date: '2026-11-01' }]);
    const stated = zip({ 'lambdalabs.csv': table(GPUHUNT, LAMBDA_ROW), version: '20261024-1' });
    expect(imported(stated, { date: '2026-11-01' }).refused).toMatchObject([
      { code: 'contradiction', where: 'vms.csv/lambdalabs.csv: --date' },
    ]);
  });
});
