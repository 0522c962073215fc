import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { columnsOf, connect } from '../../src/cli/streams.ts';

/** A stream that keeps what it gets, or fails with a code on every write, at once or later. */
function stream(code?: string, late = false): Writable & { text: string } {
  const fail = (done: (error?: Error) => void) => done(Object.assign(new Error(code), { code }));
  const kept = new Writable({
    write(chunk, _, done) {
      if (code === undefined) {
        kept.text += String(chunk);
        done();
      } else if (late) setImmediate(fail, done);
      else fail(done);
    },
  }) as Writable & { text: string };
  kept.text = '';
  return kept;
}

describe.each([false, true])('streams that fail (late: %s)', (late) => {
  it('a reader that left ends nothing and keeps the exit code', async () => {
    const [stdout, stderr] = [stream('EPIPE', late), stream()];
    let failed = 0;
    const { io, exitCode } = connect({ stdout, stderr, env: {} }, () => failed++);
    io.write('a');
    await wait(5);
    io.write('b');
    await wait(5);
    expect([exitCode(3), exitCode(0), failed, stderr.text]).toEqual([3, 0, 0, '']);
  });

  it('a full disk is one line on stderr and exit code 1', async () => {
    const [stdout, stderr] = [stream('ENOSPC', late), stream()];
    let failed = 0;
    const { io, exitCode } = connect({ stdout, stderr, env: {} }, () => failed++);
    io.write('a');
    io.write('b');
    await wait(5);
    expect([exitCode(3), exitCode(0), failed]).toEqual([1, 1, 1]);
    expect(stderr.text).toBe('kplan: stdout cannot be written: the disk is full (ENOSPC)\n');
  });

  it('a stderr that nobody reads changes nothing', async () => {
    const [stdout, stderr] = [stream(), stream('EPIPE', late)];
    const { io, exitCode } = connect({ stdout, stderr, env: {} });
    io.warn('a');
    await wait(5);
    io.write('b');
    expect([exitCode(0), stdout.text]).toEqual([0, 'b']);
  });
});

describe('columns', () => {
  const columns = (terminal: number | undefined, COLUMNS?: string) => {
    const stdout = Object.assign(stream(), terminal === undefined ? {} : { columns: terminal });
    return columnsOf({ stdout, stderr: stream(), env: COLUMNS === undefined ? {} : { COLUMNS } });
  };

  it('are those of the terminal, then of COLUMNS, then 120', () => {
    expect([columns(97, '50'), columns(undefined, '90'), columns(undefined), columns(undefined, '')]).toEqual([97, 90, 120, 120]);
  });

  it('are never useless', () => {
    expect(['x', '-1', '0', '1e9', '12'].map((text) => columns(undefined, text))).toEqual([120, 120, 120, 1000, 40]);
  });
});

const cli = fileURLToPath(new URL('../../dist/bin/kplan.js', import.meta.url));
const built = existsSync(cli) && process.platform !== 'win32';

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** Runs the built command line; `use` may read or close its stdout. */
async function run(
  words: string,
  stdio: 'pipe' | number,
  use: (child: ReturnType<typeof spawn>) => void = () => undefined,
): Promise<Ended> {
  const child = spawn(process.execPath, [cli, ...words.split(' ')], { stdio: ['ignore', stdio, 'pipe'] });
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += String(chunk);
  });
  use(child);
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stderr }));
  });
}

describe.skipIf(!built)('the built command line (npm run build)', () => {
  it.skipIf(!existsSync('/dev/full'))('says in one line that the disk is full', async () => {
    const full = openSync('/dev/full', 'w');
    const { code, stderr } = await run('fit --gpu all', full);
    closeSync(full);
    expect([code, stderr]).toEqual([1, 'kplan: stdout cannot be written: the disk is full (ENOSPC)\n']);
  });

  it('keeps the 3 of --fail where the reader leaves', async () => {
    const { code, stderr } = await run('fit --gpu rtx-4090 --all --fail', 'pipe', ({ stdout }) => stdout?.destroy());
    expect([code, stderr]).toEqual([3, '']);
  });

  it('minds no closed stderr', async () => {
    const { code } = await run('fit --gpu h200 --ctx 128 --csv', 'pipe', ({ stdout, stderr }) => {
      stdout?.resume();
      stderr?.destroy();
    });
    expect(code).toBe(0);
  });

  it('gives a slow reader everything', async () => {
    let text = '';
    const { code } = await run('fit --gpu all --all --terms --json', 'pipe', ({ stdout }) => {
      stdout?.on('data', (chunk) => {
        text += String(chunk);
        stdout.pause();
        setTimeout(() => stdout.resume(), 1);
      });
    });
    expect(code).toBe(0);
    expect(text.length).toBeGreaterThan(1e6);
    expect(JSON.parse(text)).toMatchObject({ schema: 'kplan/fit@1' });
  });

  it('writes a file to its end', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kplan-streams-'));
    const file = openSync(join(folder, 'all.json'), 'w');
    const { code } = await run('fit --gpu all --json', file);
    closeSync(file);
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'all.json'), 'utf8'))).toMatchObject({ schema: 'kplan/fit@1' });
    rmSync(folder, { recursive: true });
  });
});
