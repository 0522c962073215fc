import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { readOwnOffers } from '../../src/catalog/ownOffers.ts';

const HEADER = 'id,provider,gpu,gpus_per_instance,instance,region,pricing,term_months,usd_per_gpu_hour,date,source,note';
const ROW = 'a@2026-11-20,lambda,h100-sxm,8,gpu_8x,us-east-1,on-demand,,3.99,2026-11-20,SkyPilot catalog: vms.csv,';

function folderWith(...lines: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'kplan-own-offers-'));
  writeFileSync(join(folder, 'offers.csv'), `${lines.join('\n')}\n`);
  return folder;
}

describe('offers of a folder of the user', () => {
  const catalog = loadCatalog();

  it('are read as offers whose source is the user', () => {
    expect(readOwnOffers(folderWith(HEADER, ROW), catalog)).toEqual([
      {
        id: 'a@2026-11-20',
        provider: 'lambda',
        gpu: 'h100-sxm',
        gpusPerInstance: 8,
        instance: 'gpu_8x',
        region: 'us-east-1',
        pricing: 'on-demand',
        termMonths: null,
        usdPerGpuHour: 3.99,
        date: '2026-11-20',
        source: 'user',
      },
    ]);
  });

  it('are none where there is no such file', () => {
    expect(readOwnOffers(mkdtempSync(join(tmpdir(), 'kplan-own-offers-')), catalog)).toEqual([]);
  });

  it.each([
    [ROW.replace('3.99', '-1'), /:2:usd_per_gpu_hour/],
    [ROW.replace('h100-sxm', 'h10O'), /:2:gpu/],
    [ROW.replace('on-demand', 'free'), /:2:pricing/],
    [ROW.replace('2026-11-20,S', '2026-13-20,S'), /:2:date/],
    ['a,b', /too short/],
  ])('are refused with their place: %s', (row, message) => {
    expect(() => readOwnOffers(folderWith(HEADER, row), catalog)).toThrow(message);
  });

  it('are refused all at once, and where an id stands twice', () => {
    expect(() => readOwnOffers(folderWith(HEADER, ROW, ROW), catalog)).toThrow('stands at');
    expect(() => readOwnOffers(folderWith(HEADER, ROW.replace('3.99', 'x'), ROW.replace('lambda', 'A B')), catalog)).toThrow(
      AggregateError,
    );
  });
});
