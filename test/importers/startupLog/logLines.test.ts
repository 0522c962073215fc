import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LARGEST_LOG, LONGEST_LINE, LogLines } from '../../../src/importers/startupLog/logLines.ts';
import { readStartupLog } from '../../../src/importers/startupLog/readStartupLog.ts';
import { readText } from './read.ts';

const KV = 'Available KV cache memory: 8.68 GiB';

function linesOf(chunks: readonly Uint8Array[]): { readonly parts: [number, string][]; readonly lines: LogLines } {
  const parts: [number, string][] = [];
  const lines = new LogLines('x.log', ({ number, text }) => parts.push([number, text]));
  for (const chunk of chunks) lines.push(chunk);
  lines.end();
  return { parts, lines };
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe('lines of a log', () => {
  it('are counted by line feeds; a carriage return begins a part of the same line', () => {
    const { parts, lines } = linesOf([bytes('first one\r\nsecond: 10%\rsecond: 20%\n\nfourth')]);
    expect(parts).toEqual([
      [1, 'first one'],
      [2, 'second: 10%'],
      [2, 'second: 20%'],
      [4, 'fourth'],
    ]);
    expect(lines.lines).toBe(4);
  });

  it('are the same however the bytes arrive', () => {
    const text = 'größer als nötig\r\nGPU KV cache size: 1,024 tokens\n\u2588 \u2588 version 0.22.0\nthe last of all';
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes(text).length }), { maxLength: 6 }), (cuts) => {
        const ends = [0, ...cuts.sort((a, b) => a - b), bytes(text).length];
        const chunks = ends.slice(1).map((end, index) => bytes(text).slice(ends[index], end));
        expect(linesOf(chunks.filter(({ length }) => length > 0)).parts).toEqual(linesOf([bytes(text)]).parts);
      }),
    );
  });

  it('are read from the UTF-16 that PowerShell writes', () => {
    const text = Buffer.from(`\ufeff${KV}\r\n`, 'utf16le');
    expect(linesOf([new Uint8Array(text)]).parts).toEqual([[1, KV]]);
  });

  it('are cut where they are too long, and the next one is read', async () => {
    const log = await readText(`${'y'.repeat(LONGEST_LINE * 3)}\n${KV}`);
    expect(log).toMatchObject({ cutLines: 1, lines: 2, figures: { kvMemory: { value: 8.68, line: 2 } } });
  });

  it('one of 500 MB is refused at 200 MiB, in bounded memory', async () => {
    const chunk = new Uint8Array(2 ** 20).fill(120);
    let given = 0;
    function* line() {
      for (; given < 500; given++) yield chunk;
    }
    await expect(readStartupLog(line(), 'huge.log')).rejects.toMatchObject({ code: 'invalid', details: { where: 'huge.log' } });
    expect(given * 2 ** 20).toBeLessThanOrEqual(LARGEST_LOG + 2 ** 20);
  });

  it('a million are taken, and not one more', () => {
    let taken = 0;
    const lines = new LogLines('long.log', () => taken++);
    lines.push(bytes('served one more request\n'.repeat(1_000_000)));
    expect(taken).toBe(1_000_000);
    expect(() => lines.push(bytes('served one more request\n'))).toThrow('the log is too large');
  });

  it('are given up where no engine has said a word in the first hundred thousand', async () => {
    const chunk = bytes('nothing of use\n'.repeat(10_000));
    let given = 0;
    function* many() {
      for (; given < 1000; given++) yield chunk;
    }
    await expect(readStartupLog(many(), 'long.log')).rejects.toMatchObject({ code: 'invalid', details: { where: 'long.log' } });
    expect(given).toBeLessThan(20);
  });
});

describe('what is no log', () => {
  it.each([
    ['nothing', ''],
    ['a letter', 'Dear all,\nwe have 80 GiB of memory in the new GPU.\nYours'],
    ['binary', '\u0000\u0001\u0002PK\u0003\u0004'.repeat(50)],
  ])('%s is refused by name, with what was expected', async (_, text) => {
    await expect(readText(text, 'notes.txt')).rejects.toMatchObject({
      code: 'invalid',
      details: { where: 'notes.txt', allowed: expect.stringContaining('vLLM') },
    });
  });
});

describe('lines that look like memory', () => {
  it('and that no wording takes are named, those of one shape once', async () => {
    const { unread } = await readText(
      [
        KV,
        'INFO [new.py:1] Rotating cache arena holds 3.25 GiB on GPU 0',
        'INFO [new.py:1] Rotating cache arena holds 4.50 GiB on GPU 1',
        'took 3 s',
        'Loading weights: 50%|#####     | 1/2 [00:01<00:01, 3.00 GB/s]',
      ].join('\n'),
    );
    expect(unread).toEqual([{ line: 2, text: 'Rotating cache arena holds 3.25 GiB on GPU 0', times: 2 }]);
  });

  it('are kept up to a bound', async () => {
    const letters = (index: number) => index.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)] ?? '');
    const lines = Array.from({ length: 500 }, (_, index) => `memory of kind ${letters(index)}: 1 GiB`);
    expect((await readText([KV, ...lines].join('\n'))).unread.length).toBe(200);
  });
});

describe('hostile lines', () => {
  const pieces = [
    'total_gpu_memory=1GiB ',
    'Load weight end. ',
    "non-default args: {'a': [(",
    'ServerArgs(a=<',
    '[rank0]: ',
    'memory_breakdown_print: |   - C0 (',
    '{',
    '\u001b[',
    '[TRT-LLM] ',
  ];

  it.each(pieces)('%s over and over takes no time', async (piece) => {
    const line = `${piece.repeat(60_000 / piece.length)}\n`;
    const start = performance.now();
    await readText(`${KV}\n${line.repeat(10)}`);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('any text is read or refused with a code', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.string(), fc.constantFrom(...pieces, KV, '__proto__=1', "{'__proto__': 1}"))),
        async (lines) => {
          const result = await readText(lines.join('\n')).catch((error: { code?: string }) => error.code);
          expect(result === 'invalid' || typeof result === 'object').toBe(true);
          expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
        },
      ),
      { numRuns: 60 },
    );
  });
});
