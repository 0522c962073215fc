import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { imported, importedData, importedTexts, READ_ON, temporaryFolder } from './support.ts';

const GOOD = { litellm_provider: 'moonshot', mode: 'chat', input_cost_per_token: 9.5e-7, output_cost_per_token: 4e-6 };
const FILE = JSON.stringify({ 'moonshot/kimi-k2.6': GOOD }, null, 1);

function only(content: string | Uint8Array) {
  const { rows, refused } = importedTexts({ 'x.json': content });
  expect(rows).toEqual([]);
  expect(refused).toHaveLength(1);
  return refused[0];
}

describe('JSON of strangers', () => {
  it.each([
    ['{"a": {"b": 1,\n "b": 2}}', 'x.json:2', 'a key stands twice'],
    [FILE.replace('"mode"', '"litellm_provider"'), 'x.json:4', 'a key stands twice'],
    ['{"a": {"b": 1,\n "\\u0062": 2}}', 'x.json:2', 'a key stands twice'],
    ['{"a": 1,\n\n}', 'x.json:3', 'not JSON'],
    [`${FILE}\n{}`, 'x.json:9', 'more follows'],
    ['', 'x.json:1', 'it holds nothing'],
    ['\n\n  ', 'x.json:3', 'it holds nothing'],
    ['price,model', 'x.json:1', 'not JSON'],
    ['{"a": "open\n"}', 'x.json:1', 'not JSON'],
    ['['.repeat(100_000), 'x.json:1', 'nested deeper than 64'],
    ['{"a":'.repeat(100_000), 'x.json:1', 'nested deeper than 64'],
  ])('%j is refused at its line', (text, where, words) => {
    expect(only(text)).toMatchObject({ kind: 'file', code: 'invalid', where, message: expect.stringContaining(words) });
  });

  it.each([
    ['UTF-16', Buffer.from(`\ufeff${FILE}`, 'utf16le')],
    ['UTF-16', Buffer.from(FILE, 'utf16le')],
    ['UTF-16', Buffer.from(`\ufeff${FILE}`, 'utf16le').swap16()],
    ['Latin-1 or another encoding of one byte', Buffer.from('{"é": 1}', 'latin1')],
    ['binary', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 0xff])],
  ])('in %s is refused by that name', (encoding, bytes) => {
    expect(only(bytes)).toMatchObject({ kind: 'file', value: encoding, allowed: 'JSON in UTF-8' });
  });

  it('may begin with a byte order mark', () => {
    expect(importedTexts({ 'x.json': `\ufeff${FILE}` }).rows).toHaveLength(1);
  });

  it('is read up to 64 MiB', () => {
    const path = join(temporaryFolder(), 'large.json');
    writeFileSync(path, '');
    truncateSync(path, 64 * 2 ** 20 + 1);
    expect(imported([path]).refused).toMatchObject([{ kind: 'file', allowed: expect.stringContaining('64 MiB') }]);
  });

  it('has no more than two million keys', () => {
    const keys = Array.from({ length: 2_000_001 }, (_, index) => `"k${index}":1`).join();
    expect(only(`{${keys}}`)).toMatchObject({ kind: 'file', message: expect.stringContaining('more than 2000000 keys') });
  });

  it('touches no other object by its keys', () => {
    const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
    const entry = JSON.stringify(GOOD).slice(0, -1);
    const inner = names.map((name) => `${JSON.stringify(name)}: {"polluted": true, "input_cost_per_token": 1e-6}`).join();
    const members = [...names, 'moonshot/kimi-k2.6'].map((name) => `${JSON.stringify(name)}: ${entry}, ${inner}}`);
    const { rows } = importedTexts({ 'x.json': `{${members.join()}}` });
    expect(rows).toHaveLength(1);
    const all = importedTexts({ 'x.json': `{${members.join()}}` }, { ...READ_ON, all: true });
    expect(all.rows.map(({ model }) => model)).toContain('constructor');
    for (const registry of [{ __proto__: 1 }, {}]) expect(Object.hasOwn(registry, 'polluted')).toBe(false);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each(['__proto__', 'constructor', 'prototype'])('with %s as provider is a provider of that name', (name) => {
    const { rows } = importedTexts({ 'x.json': `{"${name}": {"models": {"kimi-k2.6": {"cost": {"input": 1, "output": 4}}}}}` });
    expect(rows.map(({ provider }) => provider)).toEqual([name.replaceAll('_', '') === 'proto' ? 'proto' : name]);
  });
});

describe('names of strangers', () => {
  it.each([
    ['a dash', '-'.repeat(50_000)],
    ['dots', `a${'.'.repeat(50_000)}b`],
    ['vendors', 'a.'.repeat(25_000)],
    ['slashes', '/'.repeat(50_000)],
    ['digits', '1p'.repeat(25_000)],
    ['tiers', '-fast'.repeat(10_000)],
    ['thresholds', `input_cost_per_token_above_${'1'.repeat(50_000)}k_tokens`],
  ])('made of %s take no time', (_, name) => {
    const before = performance.now();
    importedData({ [name]: { ...GOOD, [name]: 1 } }, { ...READ_ON, all: true });
    importedData([{ modelName: name.slice(0, 200), matchPattern: name, pricingTiers: [] }], { ...READ_ON, all: true });
    importedData({ 'moonshot/kimi-k2.6': { ...GOOD, input_cost_per_token: name } });
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it('steer no terminal and no spreadsheet', () => {
    const { refused } = importedTexts({
      'x.json': JSON.stringify({ 'moonshot/kimi-k2.6': { ...GOOD, input_cost_per_token: '\u001b[31m=cmd' } }),
    });
    expect(refused[0]?.message).not.toContain('\u001b');
    const { rows } = importedData({ '=1+1\u001b': { ...GOOD } }, { ...READ_ON, all: true });
    expect(rows).toMatchObject([{ id: 'litellm:moonshot:1-1@2026-11-22', model: '1-1' }]);
  });

  it('and any other data end in rows or refusals', () => {
    const key = fc.oneof(
      fc.constantFrom(
        'models',
        'cost',
        'input',
        'output',
        'pricing_config',
        'pay_as_you_go',
        'price_history',
        'prices',
        'vendor',
        'id',
        'match',
        'kimi-k2.6',
      ),
      fc.constantFrom(
        'litellm_provider',
        'input_cost_per_token',
        'pricingTiers',
        'modelName',
        'tiers',
        'unit',
        'constraint',
        'default',
        'custom_pricing',
      ),
    );
    const leaf = fc.oneof(
      fc.double(),
      fc.string(),
      fc.constant(null),
      fc.boolean(),
      fc.constantFrom('kimi-k2.6', 'USD per 1M tokens', 1, 2),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 5 }, leaf, fc.array(tie('tree'), { maxLength: 3 }), fc.dictionary(key, tie('tree'), { maxKeys: 5 })),
    }));
    fc.assert(
      fc.property(tree, (document) => {
        const { rows, refused, otherModels } = importedData(document, { ...READ_ON, all: true, provider: 'x' });
        expect(rows.length + refused.length + otherModels).toBeGreaterThanOrEqual(0);
        for (const row of rows) expect([row.inputUsdPerMtok > 0, row.outputUsdPerMtok > 0]).toEqual([true, true]);
      }),
      { numRuns: 300 },
    );
  });
});
