import { describe, expect, it } from 'vitest';
import { importOffers } from '../../../src/importers/offers/index.ts';
import { briefly, GPUHUNT, h100Row, imported, LAMBDA, memoryEnvironment, SKYPILOT, table, zip } from './support.ts';

const GOOD = h100Row({ region: 'good' });

describe('broken rows', () => {
  it.each([
    ['negative', h100Row({ price: '-31.92' }), { where: 'vms.csv:2: Price', value: '-31.92' }],
    ['NaN', h100Row({ price: 'NaN' }), { value: 'NaN' }],
    ['beyond all numbers', h100Row({ price: '1e309' }), { value: '1e309' }],
    ['words', h100Row({ price: 'cheap' }), { value: 'cheap' }],
    ['a decimal comma', h100Row({ price: '"31,92"' }), { value: '31,92', nearest: ['31.92'] }],
    ['a price in words', h100Row({ spot: 'tbd' }), { where: 'vms.csv:2: SpotPrice' }],
    ['a count in words', h100Row({ count: 'eight' }), { where: 'vms.csv:2: AcceleratorCount' }],
    ['a negative count', h100Row({ count: '-8' }), { value: '-8' }],
    ['too short', h100Row().replace(/,$/, ''), { where: 'vms.csv:2', value: '8 cells' }],
    ['too long', `${h100Row()},x`, { value: '10 cells' }],
    ['a quote inside a cell', h100Row({ region: 'us"east' }), { where: 'vms.csv:2' }],
    ['a formula for a spreadsheet', h100Row({ region: '"=HYPERLINK(1)"' }), { where: 'vms.csv:2: Region' }],
    ['a control character', h100Row({ region: 'a\u0007b' }), { where: 'vms.csv:2: Region' }],
    ['a line break in a name', h100Row({ region: '"a\nb"' }), { where: 'vms.csv:3: Region' }],
  ])('%s is refused with its place, and the rest is taken', (_, row, details) => {
    const { refused, ...result } = imported(table(SKYPILOT, row, GOOD));
    expect(refused).toMatchObject([{ count: 1, allowed: expect.any(String), ...details }]);
    expect(briefly({ refused, ...result })).toEqual(['h100-sxm on-demand 3.99 good']);
    expect(JSON.stringify(refused)).not.toContain('\u0007');
  });

  it('a quote that is never closed is refused where it begins', () => {
    const open = imported(`${table(SKYPILOT, GOOD)}"gpu_8x_h100_sxm5,H100,8\nx,y\n`);
    expect(open.refused).toMatchObject([{ where: 'vms.csv:3', message: expect.stringContaining('never closed') }]);
    expect(briefly(open)).toEqual(['h100-sxm on-demand 3.99 good']);
  });

  it('prices that are none are counted with the reason', () => {
    const rows = [
      h100Row({ price: 'Contact sales' }),
      h100Row({ price: '0' }),
      h100Row({ price: '' }),
      h100Row({ count: '0.5' }),
      h100Row({ name: '' }),
    ];
    const { leftOut, refused } = imported(table(SKYPILOT, ...rows, GOOD));
    expect(leftOut.map(({ reason, count }) => `${count} ${reason}`)).toEqual([
      '1 on-request',
      '1 zero-price',
      '1 no-price',
      '1 gpu-share',
      '1 no-gpu',
    ]);
    expect(refused).toEqual([]);
  });

  it('an unknown GPU is told once, with how many rows name it', () => {
    const v100 = (region: string) => `gpu_8x_v100,V100,8.0,92.0,448.0,6.32,${region},,`;
    const { refused } = imported(table(SKYPILOT, v100('a'), v100('b'), GOOD));
    expect(refused).toMatchObject([{ code: 'unknown', where: 'vms.csv:2: AcceleratorName', value: 'V100', count: 2 }]);
  });
});

describe('files that cannot be read', () => {
  it.each<[string, string | Uint8Array, object]>([
    ['empty', '', { code: 'missing', message: expect.stringContaining('empty') }],
    ['a header alone', table(SKYPILOT), { code: 'missing', message: expect.stringContaining('no rows') }],
    ['UTF-16', Buffer.from(table(SKYPILOT, GOOD), 'utf16le'), { value: 'UTF-16' }],
    ['Latin-1', Buffer.from(table(SKYPILOT, h100Row({ region: 'Zürich' })), 'latin1'), { value: expect.stringContaining('Latin-1') }],
    ['a column twice', table(`${SKYPILOT},Price`, `${GOOD},1`), { value: 'Price', where: 'vms.csv:1' }],
    [
      'a renamed column',
      table(SKYPILOT.replace('AcceleratorName', 'Accelerator_Name'), GOOD),
      { nearest: ['Accelerator_Name'], where: 'vms.csv:1' },
    ],
    ['columns of something else', 'a,b\n1,2\n', { message: expect.stringContaining('no known catalog') }],
    ['JSON', '{"a": 1}', { code: 'invalid' }],
    ['an archive that is cut off', zip({ 'a.csv': table(GPUHUNT, 'x') }).subarray(0, 60), { message: expect.stringContaining('cut off') }],
    ['an archive without CSV', zip({ 'a.txt': 'x' }), { code: 'missing' }],
  ])('%s', (_, content, details) => {
    const { refused, rows } = imported(content);
    expect(rows).toEqual([]);
    expect(refused).toMatchObject([details]);
  });

  it('a broken archive is refused by its checksum, one that grows too large by its size', () => {
    const content = table(GPUHUNT, 'x'.repeat(200));
    const stored = zip({ 'a.csv': content }, 0);
    stored[60] = (stored[60] ?? 0) ^ 1;
    expect(imported(stored).refused).toMatchObject([{ where: 'vms.csv/a.csv', message: expect.stringContaining('checksum') }]);
    const bomb = zip({ 'a.csv': content });
    bomb.writeUInt32LE(2 ** 31, bomb.indexOf('PK\x01\x02') + 24);
    expect(imported(bomb).refused).toMatchObject([{ message: expect.stringContaining('too large') }]);
    const encrypted = zip({ 'a.csv': content });
    encrypted[encrypted.indexOf('PK\x01\x02') + 8] = 1;
    expect(imported(encrypted).refused).toMatchObject([{ message: expect.stringContaining('encrypted') }]);
  });

  it('names in an archive lead nowhere', () => {
    const row = 'gpu_8x_h100_sxm5,us-south-1,31.92,208,1800.0,8,H100,80.0,False,,nvidia,,x86,{}';
    expect(imported(zip({ '../../etc/lambdalabs.csv': table(GPUHUNT, row) }), { date: '2026-11-20' }).rows).toMatchObject([
      { provider: 'lambda' },
    ]);
  });

  it('a byte order mark, CRLF, tabs and semicolons are read', () => {
    const content = table(SKYPILOT, 'gpu_8x_h100_sxm5,H100,8,208,1800,31.92,us-east-1,,');
    for (const variant of [
      `\ufeff${content}`,
      content.replaceAll('\n', '\r\n'),
      content.replaceAll(',', '\t'),
      content.replaceAll(',', ';'),
    ])
      expect(briefly(imported(variant))).toEqual(['h100-sxm on-demand 3.99 us-east-1']);
  });

  it('one file that is none does not keep the others out', () => {
    const result = importOffers(['none.csv', 'vms.csv'], LAMBDA, memoryEnvironment({ 'vms.csv': table(SKYPILOT, GOOD) }));
    expect([result.added, result.refused.length]).toEqual([1, 1]);
  });

  it('long strings take no time', () => {
    const begun = performance.now();
    for (const filler of ['x', "'Name': '", '-', ' ', '"', '80gb '])
      imported(table(SKYPILOT, h100Row({ name: 'H100' }).replace('us-east-1', filler.replaceAll('"', '').repeat(20_000)), GOOD));
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

describe('options that cannot be read', () => {
  it.each([
    [{ date: '2026-02-30' }, '--date'],
    [{ provider: 'a/../b' }, '--provider'],
    [{ gpu: 'H100' }, '--gpu'],
    [{ gpu: 'H100=h10O' }, '--gpu'],
    [{ gpu: 'H100=h100:8' }, '--gpu'],
  ])('%j', (words, where) => {
    expect(() => imported(table(SKYPILOT, GOOD), { ...LAMBDA, ...words })).toThrow(where);
  });
});
