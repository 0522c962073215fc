import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRecords } from '../../../src/calibration/client/readRecords.ts';
import { createRecordFile, resumeRecordFile } from '../../../src/calibration/client/recordFile.ts';
import { redactor } from '../../../src/calibration/client/secrets.ts';
import { Fault } from '../../../src/faults/fault.ts';
import { recorded } from '../../support/recorded.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kplan-records-'));
  path = join(folder, 'run.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const keep = redactor([]);
const numbered = (number: number) => {
  const record = recorded({ chunkMs: [1, 2], outputTokens: 2 });
  return { ...record, ask: { ...record.ask, number } };
};

describe('a file of records', () => {
  it('gives back what was appended, in order, after its header', async () => {
    const file = await createRecordFile(path, { url: 'http://gpu:8000' }, keep);
    await Promise.all([1, 2, 3].map((number) => file.append(numbered(number))));
    await file.close();
    const { header, records, notices, bytes } = await readRecords(path);
    expect(header).toEqual({ schema: 'kplan/calibration-run@1', url: 'http://gpu:8000' });
    expect(records).toEqual([1, 2, 3].map(numbered));
    expect(notices).toEqual([]);
    expect(bytes).toBe(readFileSync(path).length);
  });

  it('is refused at a line that is no JSON', async () => {
    const file = await createRecordFile(path, {}, keep);
    await file.append(numbered(1));
    await file.close();
    writeFileSync(path, `${readFileSync(path, 'utf8')}garbage\n`);
    const { code, message, details } = (await readRecords(path).catch((error: unknown) => error)) as Fault;
    expect([code, details.where, details.value]).toEqual(['invalid', `${path}:3`, 'garbage']);
    expect(message).toContain('this line is no JSON');
  });

  it('holds no key, and its own words even where a key is spelt like them', async () => {
    const file = await createRecordFile(path, { said: 'Bearer abc' }, redactor(['none', 'sk-1']));
    await file.append({ ...recorded({}), finishReason: 'sk-1', failure: { code: 'reset', message: 'none or sk-1' } });
    await file.close();
    expect(readFileSync(path, 'utf8')).not.toMatch(/sk-1|abc/);
    const { records } = await readRecords(path);
    expect(records[0]).toMatchObject({ usage: { place: 'none' }, finishReason: '[key]', failure: { message: '[key] or [key]' } });
  });

  it('is gone on with after its last whole line', async () => {
    const file = await createRecordFile(path, {}, keep);
    await file.append(numbered(1));
    await file.close();
    const whole = readFileSync(path, 'utf8');
    for (const cut of [1, 50, whole.length - 3]) {
      writeFileSync(path, whole + JSON.stringify(numbered(2)).slice(0, cut));
      const { file: again, held } = await resumeRecordFile(path, keep);
      expect(held.records).toEqual([numbered(1)]);
      expect(held.notices).toEqual([expect.stringContaining('the last line was cut off')]);
      await again.append(numbered(3));
      await again.close();
      expect((await readRecords(path)).records).toEqual([numbered(1), numbered(3)]);
    }
  });

  it('tells what was sent and has no answer, and the peaks of steps', async () => {
    const file = await createRecordFile(path, {}, keep);
    const sent = (number: number) => file.append({ schema: 'kplan/sent@1', ask: numbered(number).ask });
    const peaks = { step: 0, running: 3, waiting: null, kvUsage: 0.5, readings: 2 };
    await sent(1);
    await sent(2);
    await file.append(numbered(1));
    await file.append({ schema: 'kplan/step-peaks@1', ...peaks });
    // Gone on with: the second one again, which ends, and a third one that does not.
    await sent(2);
    await file.append(numbered(2));
    await sent(3);
    await file.append({ schema: 'kplan/step-peaks@1', ...peaks, running: 5, kvUsage: null });
    await file.close();
    const read = await readRecords(path);
    expect(read.records).toEqual([numbered(1), numbered(2)]);
    expect(read.unanswered.map(({ number }) => number)).toEqual([2, 3]);
    expect(read.peaks).toEqual([{ step: 0, running: 5, waiting: null, kvUsage: 0.5, readings: 4 }]);
  });

  it('reads text with line separators of every kind on one line', async () => {
    const file = await createRecordFile(path, {}, keep);
    const record = { ...numbered(1), finishReason: 'a\u2028b\u0085c' };
    await file.append(record);
    await file.close();
    expect((await readRecords(path)).records).toEqual([record]);
  });

  it('takes the place of no file', async () => {
    writeFileSync(path, 'mine');
    await expect(createRecordFile(path, {}, keep)).rejects.toThrow('exists');
    await expect(createRecordFile(join(folder, 'none', 'x'), {}, keep)).rejects.toThrow('ENOENT');
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it.each([
    ['', 'no file of records'],
    ['{"schema":"kplan/calibration-run@1"}', 'no file of records'],
    ['# notes\n', 'no file of records'],
    ['{"schema":"kplan/calibration@1"}\n', 'no file of records'],
    ['{"schema":"kplan/calibration-run@1"}\n{"schema":"kplan/request@1"}\n', 'run.jsonl:2'],
    ['{"schema":"kplan/calibration-run@1"}\nx\n', 'run.jsonl:2'],
    ['{"schema":"kplan/calibration-run@1"}\n{"schema":"kplan/sent@1"}\n', 'run.jsonl:2'],
  ])('refuses %j and leaves it as it was', async (text, words) => {
    writeFileSync(path, text);
    await expect(readRecords(path)).rejects.toThrow(words);
    await expect(resumeRecordFile(path, keep)).rejects.toBeInstanceOf(Fault);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('names the field of a record that was changed by hand', async () => {
    const file = await createRecordFile(path, {}, keep);
    await file.close();
    appendFileSync(path, `${JSON.stringify({ ...numbered(1), sentMs: 'soon' })}\n`);
    await expect(readRecords(path)).rejects.toThrow('sentMs');
    await expect(readRecords(folder)).rejects.toThrow('EISDIR');
    await expect(readRecords(join(folder, 'none'))).rejects.toThrow('missing');
  });
});

/** Appends records until the file may not grow any more, and says how that was told; or is killed by itself after so many. */
const APPENDING = `
import { createRecordFile } from './recordFile.mjs';
const [path, line, most] = process.argv.slice(2);
const record = JSON.parse(line);
const file = await createRecordFile(path, {}, (text) => text);
let appended = 0;
try {
  for (;;) {
    await file.append(record);
    if (++appended === Number(most)) process.kill(process.pid, 'SIGKILL');
  }
} catch ({ code, message }) {
  const after = await file.append(record).then(() => 'appended', ({ code }) => code);
  await file.close();
  process.stdout.write(JSON.stringify({ appended, code, message, after }));
}
`;

describe.skipIf(process.platform === 'win32')('a file of records of another process', () => {
  const append = (command: string, most: string) => {
    buildSync({
      entryPoints: [fileURLToPath(new URL('../../../src/calibration/client/recordFile.ts', import.meta.url))],
      bundle: true,
      format: 'esm',
      platform: 'node',
      outfile: join(folder, 'recordFile.mjs'),
    });
    writeFileSync(join(folder, 'appending.mjs'), APPENDING);
    const args = [join(folder, 'appending.mjs'), path, JSON.stringify(numbered(1)), most];
    return spawnSync('sh', ['-c', `${command} exec "$0" "$@"`, process.execPath, ...args], { encoding: 'utf8' });
  };

  it('that cannot grow keeps every record before, tears none, and says so', async () => {
    const { appended, ...told } = JSON.parse(append('ulimit -f 8;', 'all').stdout) as { appended: number };
    expect(told).toEqual({ code: 'unwritable', message: expect.stringContaining('those before are kept'), after: 'unwritable' });
    const { records, notices } = await readRecords(path);
    expect(appended).toBeGreaterThan(0);
    expect(records).toHaveLength(appended);
    expect(notices).toEqual([]);
  });

  it('that was killed holds every record that it had appended', async () => {
    expect(append('', '7').signal).toBe('SIGKILL');
    expect((await readRecords(path)).records.length).toBeGreaterThanOrEqual(7);
  });
});
