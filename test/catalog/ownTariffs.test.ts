import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { readOwnTariffs } from '../../src/catalog/ownTariffs.ts';

const HEADER =
  'id,provider,model,tier,currency,input_per_mtok,cache_read_per_mtok,cache_write_per_mtok,cache_write_1h_per_mtok,output_per_mtok,thinking_per_mtok,from,until,date,source\n';
const CONDITIONS =
  'tariff,above_input_tokens,hours_utc,input_per_mtok,cache_read_per_mtok,cache_write_per_mtok,cache_write_1h_per_mtok,output_per_mtok,thinking_per_mtok\n';
const ROW = 'a,moonshotai,kimi-k2.6,standard,USD,0.95,0.16,,,4,,,,2026-11-22,by hand\n';

/** A catalog folder with these files. */
function folder(files: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(tmpdir(), 'kplan-own-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}

const read = (files: Readonly<Record<string, string>>) => readOwnTariffs(folder(files), loadCatalog());

describe('tariffs of a folder of the user', () => {
  it('are none where there is no such folder or file', () => {
    expect(readOwnTariffs('nowhere/at/all', loadCatalog())).toEqual([]);
    expect(read({})).toEqual([]);
    expect(read({ 'tariff-conditions.csv': CONDITIONS })).toEqual([]);
    expect(read({ 'tariffs.csv': HEADER })).toEqual([]);
  });

  it('need no file of conditions', () => {
    expect(read({ 'tariffs.csv': HEADER + ROW })).toEqual([
      {
        id: 'a',
        provider: 'moonshotai',
        providerName: 'Moonshot AI',
        providerKind: 'vendor',
        model: 'kimi-k2.6',
        tier: 'standard',
        inputUsdPerMtok: 0.95,
        cacheReadUsdPerMtok: 0.16,
        cacheWriteUsdPerMtok: null,
        cacheWrite1hUsdPerMtok: null,
        outputUsdPerMtok: 4,
        thinkingUsdPerMtok: null,
        conditions: [],
        currency: 'USD',
        from: null,
        until: null,
        date: '2026-11-22',
        source: 'user',
      },
    ]);
  });

  it('have their conditions in the order of the file', () => {
    const [tariff] = read({
      'tariffs.csv': HEADER + ROW,
      'tariff-conditions.csv': `${CONDITIONS}a,200000,,2,,,,8,\na,,16:30-00:30,0.5,,,,2,\n`,
    });
    expect(tariff?.conditions).toMatchObject([
      { aboveInputTokens: 200_000, hoursUtc: [], inputUsdPerMtok: 2 },
      { aboveInputTokens: null, hoursUtc: [{ fromMinute: 990, toMinute: 30 }], inputUsdPerMtok: 0.5 },
    ]);
  });

  it.each(['somebody', 'constructor', '__proto__', 'toString'])('of %s are those of a host of that name', (provider) => {
    expect(read({ 'tariffs.csv': HEADER + ROW.replace('moonshotai', provider) })).toMatchObject([
      { provider, providerName: provider, providerKind: 'host' },
    ]);
  });

  it.each([
    [{ 'tariffs.csv': 'id\n' }, 'tariffs.csv:1:1: wrong columns'],
    [{ 'tariffs.csv': `${HEADER}a,b\n` }, 'tariffs.csv:2:model: the row is too short'],
    [{ 'tariffs.csv': HEADER + ROW.replace('0.95', '0,95') }, 'tariffs.csv:2'],
    [{ 'tariffs.csv': HEADER + ROW.replace('0.16', '0.96') }, 'tariffs.csv:2:cache_read_per_mtok: a cache read costs more'],
    [{ 'tariffs.csv': HEADER + ROW + ROW }, 'tariffs.csv:3:id: the id stands at'],
    [{ 'tariffs.csv': HEADER + ROW.replace('USD', 'XXX') }, 'no exchange rate of XXX'],
    [{ 'tariffs.csv': HEADER + ROW, 'tariff-conditions.csv': `${CONDITIONS}b,200000,,2,,,,8,\n` }, 'no such tariff'],
  ])('%j is refused', (files, words) => {
    let message = '';
    try {
      read(files);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain(words);
  });
});
