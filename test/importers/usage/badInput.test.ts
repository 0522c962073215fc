import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { AZURE, csv, faultOf, imported } from './support.ts';

const HEADER = 'TIMESTAMP,ContextTokens,GeneratedTokens';
const GOOD = '2023-11-16 18:17:03,100,10';
const LATER = '2023-11-16 18:17:09,100,10';

describe('files that are refused', () => {
  it.each([
    ['nothing', '', 'missing', /no rows/],
    ['a header alone', `${HEADER}\n`, 'missing', /no rows/],
    ['comments alone', '# a\n# b\n', 'missing', /no rows/],
    ['an empty list', '[]', 'missing', /no rows/],
    ['UTF-16', Buffer.from(AZURE, 'utf16le'), 'invalid', /UTF-16/],
    ['UTF-16 with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(AZURE, 'utf16le')]), 'invalid', /UTF-16/],
    ['Latin-1', Buffer.from(`${AZURE}caf\u00e9,1,2\n`, 'latin1'), 'invalid', /Latin-1/],
    ['Parquet', Buffer.from('PAR1....PAR1'), 'invalid', /Parquet file is broken or truncated/],
    ['a ZIP archive', Buffer.from('504b0304aabbccdd', 'hex'), 'unsupported', /ZIP/],
    ['a gzip file that ends early', gzipSync(AZURE.repeat(50)).subarray(0, -20), 'invalid', /truncated; none of it was used/],
    [
      'a gzip file that is broken',
      Buffer.concat([Buffer.from('1f8b0800', 'hex'), Buffer.from('no deflate here at all')]),
      'invalid',
      /broken/,
    ],
    ['a quote that never ends', `${HEADER}\n${GOOD}\n"2023-11-16 18:17:05,1,2\n${GOOD}\n`, 'invalid', /file-1:3.*never closed/],
    ['a column twice', `${HEADER},ContextTokens\n`, 'invalid', /twice.*ContextTokens/],
    [
      'a renamed column',
      csv('TIMESTAMP,ContextToken,GeneratedTokens', GOOD),
      'unknown',
      /ContextToken.*needs ContextTokens.*did you mean ContextToken\?/,
    ],
    ['other columns', csv('a,b', '1,2'), 'unknown', /it has a, b.*--columns/],
    ['a cost export', csv('start_time,amount_value,line_item', '1,2,x'), 'unsupported', /no tokens/],
    ['deep JSON', '['.repeat(100_000), 'invalid', /nested deeper/],
    ['broken JSON', '{"daily": [', 'invalid', /does not end/],
    [
      'rows that are all broken',
      csv(HEADER, '2023-11-16 18:17:03,x,10'),
      'missing',
      /1 are broken, first file-1:2 x: ContextTokens: not a count/,
    ],
  ])('%s', async (_, content, code, message) => {
    const fault = await faultOf(content as string);
    expect(fault.code).toBe(code);
    expect(fault.message).toMatch(message);
  });

  it('a gzip bomb, by the bytes that it becomes and by how much it grows', async () => {
    const bomb = gzipSync(Buffer.concat([Buffer.from(`${HEADER}\n`), Buffer.alloc(80_000_000, '\n')]));
    expect((await faultOf(bomb, { mostBytes: '1e6' })).message).toMatch(/too large.*--most-bytes/);
    expect((await faultOf(bomb)).message).toMatch(/grows suspiciously/);
  });

  it('options that cannot be meant', async () => {
    for (const columns of ['input=a', 'input=a,output=b,inputs=c', 'input=a,output=b,input=c', 'input=a,output=b,cached-inside=maybe'])
      expect((await faultOf('a,b\n1,2\n', { columns })).message).toMatch(/--columns/);
    expect((await faultOf('a,b\n1,2\n', { columns: 'input=aa,output=b' })).message).toMatch(/no such column.*did you mean a,/);
    expect((await faultOf(AZURE, { cacheWrites: 'outside' })).message).toMatch(/--cache-writes/);
  });
});

describe('rows that are left out', () => {
  const rowsOf = async (...rows: string[]) => (await imported(csv(HEADER, GOOD, ...rows, LATER))).rows;

  it.each([
    ['a text', '2023-11-16 18:17:04,many,10', 'ContextTokens: not a count', 'many'],
    ['below zero', '2023-11-16 18:17:04,-5,10', 'ContextTokens: a count below zero', '-5'],
    ['a fraction', '2023-11-16 18:17:04,1.5,10', 'ContextTokens: a fraction of a count', '1.5'],
    ['hexadecimal', '2023-11-16 18:17:04,0x10,10', 'ContextTokens: not a count', '0x10'],
    ['blank', '2023-11-16 18:17:04,,10', 'ContextTokens: a count is missing', ''],
    ['a day that is none', '2023-02-30 18:17:04,5,10', 'TIMESTAMP: not a time', '2023-02-30 18:17:04'],
    ['no time', ',5,10', 'TIMESTAMP: a time is missing', ''],
    ['a row too short', '2023-11-16 18:17:04,5', 'row: the row is too short', '2 cells'],
    ['a row too long', '2023-11-16 18:17:04,5,6,7', 'row: the row is too long', '4 cells'],
    ['more than any context', '2023-11-16 18:17:04,99999999999,7', 'inputTokens: number out of range', '99999999999'],
  ])('%s', async (_, row, reason, seen) => {
    const { used, leftOut } = await rowsOf(row);
    expect(used).toBe(2);
    expect(leftOut).toEqual([{ reason, count: 1, first: [`file-1:3${seen === '' ? '' : ` ${seen}`}`] }]);
    const fault = await faultOf(csv(HEADER, GOOD, row), { strict: true });
    expect(fault.details.where).toMatch(/^file-1:3: /);
  });

  it('more cached than input tokens, with both values, never clamped', async () => {
    const text = csv(
      'date,prompt_tokens,completion_tokens,cache_read_input_tokens,api_requests',
      '2026-01-01,100,5,120,1',
      '2026-01-02,100,5,20,1',
    );
    const { rows, totals } = await imported(text);
    expect(totals).toMatchObject({ uncached: 80, cacheRead: 20 });
    expect(rows.leftOut).toEqual([
      { reason: 'prompt_tokens: more tokens in the cache than input tokens', count: 1, first: ['file-1:2 120 (at most 100)'] },
    ]);
  });

  it('lines of JSON that are broken or no objects', async () => {
    const line = '{"timestamp":0,"input_length":10,"output_length":2}';
    const { rows } = await imported(`${line}\n{"timestamp":1,\n[1]\n${line}\n`);
    expect(rows).toMatchObject({
      read: 4,
      used: 2,
      leftOut: [
        { count: 1, first: ['file-1:2'] },
        { count: 1, first: ['file-1:3 number'] },
      ],
    });
  });

  it('shows the first places and counts the rest', async () => {
    const { leftOut } = await rowsOf(...Array.from({ length: 50 }, () => '2023-11-16 18:17:04,x,10'));
    expect(leftOut).toEqual([{ reason: 'ContextTokens: not a count', count: 50, first: ['file-1:3 x', 'file-1:4 x', 'file-1:5 x'] }]);
  });

  it('leaves prototypes alone', async () => {
    const text =
      '{"timestamp":0,"input_length":10,"output_length":2,"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    const { rows, notices } = await imported(text);
    expect(rows.used).toBe(1);
    expect(notices.join()).toMatch(/__proto__, constructor/);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('texts that are read', () => {
  it.each([
    ['a byte order mark', `\ufeff${AZURE}`],
    ['CRLF', AZURE.replaceAll('\n', '\r\n')],
    ['semicolons', AZURE.replaceAll(',', ';')],
    ['tabs', AZURE.replaceAll(',', '\t')],
    ['quotes', AZURE.replaceAll(/(\d{4}-[^,]*)/g, '"$1"')],
    ['comments', `# a trace\n${AZURE}`],
    ['gzip', gzipSync(AZURE)],
    ['gzip in two members', Buffer.concat([gzipSync(AZURE.slice(0, 70)), gzipSync(AZURE.slice(70))])],
  ])('%s', async (_, content) => {
    expect((await imported(content)).totals).toMatchObject({ requests: 3, uncached: 8098, output: 45 });
  });

  it('line breaks within quotes, whose lines count', async () => {
    const text = 'in,out,note\n1,2,"two\nlines"\n3,x,"a ""quote"""\n5,6,plain\n';
    const { rows } = await imported(text, { columns: 'input=in,output=out' });
    expect(rows).toMatchObject({ used: 2, leftOut: [{ reason: 'out: not a count', first: ['file-1:4 x'] }] });
  });
});

describe('times', () => {
  const of = (...times: string[]) => imported(csv(HEADER, ...times.map((time) => `${time},100,10`)));

  it('sorts what is out of order, and says so', async () => {
    const sorted = await of('2023-11-16 18:00:00', '2023-11-16 18:00:05', '2023-11-16 18:00:20');
    const shuffled = await of('2023-11-16 18:00:20', '2023-11-16 18:00:00', '2023-11-16 18:00:05');
    expect(shuffled.arrivals).toEqual(sorted.arrivals);
    expect(shuffled.period).toEqual(sorted.period);
    expect(shuffled.notices.join()).toMatch(/not in order/);
  });

  it('reads zones, through the change of summer time', async () => {
    const { period, notices } = await of('2023-10-29T02:30:00+02:00', '2023-10-29T02:30:00+01:00', '2023-10-29T02:00:00Z');
    expect(period).toMatchObject({ from: '2023-10-29T00:30:00.000Z', seconds: 5400 });
    expect(notices.join()).toMatch(/several zones/);
  });

  it('says why one request or one time has no rate', async () => {
    const one = await of('2023-11-16 18:00:00');
    expect([one.arrivals, one.notices.join()]).toEqual([null, expect.stringMatching(/one request has no rate/)]);
    const equal = await of('2023-11-16 18:00:00', '2023-11-16 18:00:00');
    expect([equal.arrivals, equal.notices.join()]).toEqual([null, expect.stringMatching(/one time/)]);
  });

  it('sees steps to which times are rounded', async () => {
    const times = Array.from(
      { length: 400 },
      (_, index) =>
        `2023-11-16 18:${String(Math.floor(index / 80)).padStart(2, '0')}:${String((Math.floor(index / 4) % 20) * 3).padStart(2, '0')}`,
    );
    const { quantumMs, notices } = await of(...times);
    expect(quantumMs).toBe(3000);
    expect(notices.join()).toMatch(/steps of 3 s/);
  });
});
