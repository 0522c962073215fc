import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { futureNotice } from '../../../src/importers/usage/futureNotice.ts';
import { importUsage } from '../../../src/importers/usage/index.ts';
import { AZURE, csv, faultOf, imported, importedParts } from './support.ts';

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
    [
      'a header of very many columns',
      csv(Array.from({ length: 100_000 }, (_, index) => `c${index}`).join(), '1'),
      'unknown',
      /and 99970 more/,
    ],
    ['a header without end', csv(`${'a'.repeat(1_000_000)},b`, '1,2'), 'unknown', /it has a{77}\.\.\., b;/],
    ['UTF-32', Buffer.from('54000000490000004d000000', 'hex'), 'invalid', /UTF-16/],
    ['nothing in gzip', gzipSync(''), 'missing', /no rows/],
    ['gzip in gzip', gzipSync(gzipSync(AZURE)), 'invalid', /not text/],
    ['gzip with other bytes behind', Buffer.concat([gzipSync(AZURE), Buffer.from('and more')]), 'invalid', /broken/],
    ['gzip of another sum', Buffer.concat([gzipSync(AZURE).subarray(0, -8), Buffer.alloc(8, 1)]), 'invalid', /broken/],
    ['a field without end', csv(HEADER, GOOD, `"${'x'.repeat(20_000_000)}",1,10`), 'invalid', /file-1:3: .*at most 16 MiB/],
    ['a quote within a field', csv(HEADER, GOOD, '2023-11-16 18:17:05,1"2,2'), 'invalid', /file-1:3: not CSV/],
    ['a prototype alone', '{"__proto__":{"timestamp":0,"input_length":10,"output_length":2}}\n', 'unknown', /it has __proto__/],
    ['a number', '5', 'unknown', /no known format/],
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
    for (const columns of [
      'input=a',
      'input=a,output=a',
      '__proto__=a,input=a,output=b',
      'input=a,output=b,inputs=c',
      'input=a,output=b,input=c',
      'input=a,output=b,cached-inside=maybe',
    ])
      expect((await faultOf('a,b\n1,2\n', { columns })).message).toMatch(/--columns/);
    expect((await faultOf('a,b\n1,2\n', { columns: 'input=aa,output=b' })).message).toMatch(/no such column.*did you mean a,/);
    expect((await faultOf(AZURE, { cacheWrites: 'outside' })).message).toMatch(/--cache-writes/);
  });
});

describe('what another program writes', () => {
  it.each([
    ['a broken gzip', gzipSync(AZURE.repeat(50)).subarray(0, -20), /standard input: the gzip file is truncated/],
    ['UTF-16', Buffer.from(AZURE, 'utf16le'), /standard input: not text in UTF-8/],
    ['a header alone', Buffer.from(`${HEADER}\n`), /standard input: no rows/],
    ['nothing', Buffer.alloc(0), /standard input: no rows/],
  ])('is refused with its name: %s', async (_, bytes, message) => {
    await expect(importedParts(bytes, [7])).rejects.toThrow(message);
  });

  it('is refused where one file is named in two ways', async () => {
    const paths = ['test/../package.json', './package.json'];
    await expect(importUsage(paths, {}, { stdin: Readable.from([]) })).rejects.toThrow(/named twice.*\.\/package\.json/);
  });
});

describe('rows that are left out', () => {
  const rowsOf = async (...rows: string[]) => (await imported(csv(HEADER, GOOD, ...rows, LATER))).rows;

  it.each([
    ['a text', '2023-11-16 18:17:04,many,10', 'ContextTokens: not a count', 'many'],
    ['below zero', '2023-11-16 18:17:04,-5,10', 'ContextTokens: a count below zero', '-5'],
    ['a fraction', '2023-11-16 18:17:04,1.5,10', 'ContextTokens: a fraction of a count', '1.5'],
    ['hexadecimal', '2023-11-16 18:17:04,0x10,10', 'ContextTokens: not a count', '0x10'],
    ['NaN', '2023-11-16 18:17:04,NaN,10', 'ContextTokens: not a count', 'NaN'],
    ['an exponent without end', '2023-11-16 18:17:04,1e999,10', 'ContextTokens: not a count', '1e999'],
    ['thousands in quotes', '2023-11-16 18:17:04,"1,000",10', 'ContextTokens: not a count', '1,000'],
    ['more than a double holds', '2023-11-16 18:17:04,9007199254740993,10', 'ContextTokens: not a count', '9007199254740993'],
    ['a zero byte', '2023-11-16 18:17:04,1\u000000,10', 'ContextTokens: not a count', '1?00'],
    ['a million digits', `2023-11-16 18:17:04,${'9'.repeat(1_000_000)},10`, 'ContextTokens: not a count', `${'9'.repeat(77)}...`],
    ['blank', '2023-11-16 18:17:04,,10', 'ContextTokens: a count is missing', ''],
    ['a day that is none', '2023-02-30 18:17:04,5,10', 'TIMESTAMP: not a time', '2023-02-30 18:17:04'],
    ['no time', ',5,10', 'TIMESTAMP: a time is missing', ''],
    ['a day of another country', '11/16/2023 18:17:04,5,10', 'TIMESTAMP: not a time', '11/16/2023 18:17:04'],
    ['a zone by name', '2023-11-16 18:17:04 CEST,5,10', 'TIMESTAMP: not a time', '2023-11-16 18:17:04 CEST'],
    ['a zone that is none', '2023-11-16T18:17:04+99:99,5,10', 'TIMESTAMP: not a time', '2023-11-16T18:17:04+99:99'],
    ['an hour after midnight at the end', '2023-11-16 24:30:00,5,10', 'TIMESTAMP: not a time', '2023-11-16 24:30:00'],
    ['nanoseconds since 1970', '1700158624000000000,5,10', 'TIMESTAMP: not a time', '1700158624000000000'],
    ['microseconds since 1970', '1700158624000000,5,10', 'time: number out of range', '1700158624000000'],
    ['before 1970', '1969-12-31T23:59:59Z,5,10', 'time: number out of range', '-1000'],
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

  it.each([
    ['below zero', '-5', 'input_length: a count below zero', ' -5'],
    ['below zero as text', '"-5"', 'input_length: a count below zero', ' -5'],
    ['a fraction', '1.5', 'input_length: a fraction of a count', ' 1.5'],
    ['an exponent without end', '1e999', 'input_length: not a count', ' Infinity'],
    ['null', 'null', 'input_length: a count is missing', ''],
    ['a list', '[1]', 'input_length: not a count', ' object'],
    ['true', 'true', 'input_length: not a count', ' boolean'],
    ['NaN', 'NaN', 'row: not JSON', ''],
    ['a zero byte', '1\u0000', 'row: not JSON', ''],
    ['blocks that are no numbers', '1,"hash_ids":[1,"a"]', 'hash_ids: not a list of block ids', ' object'],
    ['deep brackets as tokens', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'input_length: not a count', ' object'],
    ['deep brackets as a time', `1,"timestamp":${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'timestamp: not an amount', ' object'],
  ])('a line of JSON with %s', async (_, tokens, reason, seen) => {
    const line = (text: string) => `{"timestamp":0,"input_length":${text},"output_length":2}\n`;
    const { rows } = await imported(`${line('10')}${line(tokens)}${line('20')}`);
    expect(rows).toMatchObject({ read: 3, used: 2, leftOut: [{ reason, count: 1, first: [`file-1:2${seen}`] }] });
  });

  it('rows of a table whose columns the user names', async () => {
    const text = csv(
      'in,out,when,hit,usd',
      ...['10,2,2026-01-01,3,0.1', '10,-2,2026-01-01,3,0.1', '10,2,yesterday,3,0.1', '10,2,2026-01-01,30,0.1', '10,2,2026-01-01,3,NaN'],
    );
    const { rows } = await imported(text, { columns: 'input=in,output=out,time=when,cached=hit,cost=usd' });
    expect(rows.used).toBe(1);
    expect(rows.leftOut.map(({ reason, first }) => `${reason} ${first[0]}`)).toEqual([
      'out: a count below zero file-1:3 -2',
      'when: not a time file-1:4 yesterday',
      'hit: more tokens in the cache than input tokens file-1:5 30 (at most 10)',
      'usd: not an amount file-1:6 NaN',
    ]);
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
    ['CR alone', AZURE.replaceAll('\n', '\r')],
    ['lines of blanks before the header', `\n   \n\n${AZURE}`],
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

  it('tells of times in the future', async () => {
    const rows = csv(HEADER, GOOD, '2999-01-01T00:00:00Z,100,10');
    const now = Date.UTC(2026, 0, 1);
    expect(futureNotice(await imported(rows), now).join()).toMatch(/into the future, to 2999-01-01/);
    expect(futureNotice(await imported(AZURE), now)).toEqual([]);
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
