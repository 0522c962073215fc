import { describe, expect, it } from 'vitest';
import type { ErrorDocument } from '../../src/report/errorDocument.ts';
import { cliRun } from '../support/cliRun.ts';

interface Refusal {
  readonly code: string;
  readonly where: string;
  readonly value?: string;
  readonly nearest?: string;
}

/** Command lines that are refused: facts/faults.md cases 1, 4 to 6, 8, 11, 12, 17 and 18. */
const REFUSED: Readonly<Record<string, Refusal>> = {
  'fit --gpu h10O': { code: 'unknown', where: '--gpu', value: 'h10O', nearest: 'h100' },
  'fit --gpu h200 --model kimi-k2.7-cod': { code: 'unknown', where: '--model', value: 'kimi-k2.7-cod', nearest: 'kimi-k2.7-code' },
  'fit --gpu h200 --engine sglangg': { code: 'unknown', where: '--engine', value: 'sglangg', nearest: 'sglang' },
  'fit --gpu h200 --format fp16': { code: 'unknown', where: '--format', value: 'fp16' },
  'fit --gpu h200 --kv-cache-dtype fp16': { code: 'unknown', where: '--kv-cache-dtype', value: 'fp16' },
  'fit --gpu h200 --mm-encoder both': { code: 'unknown', where: '--mm-encoder', value: 'both' },
  'breakeven --gpu h200 --workload kimi-chatt': { code: 'unknown', where: '--workload', value: 'kimi-chatt', nearest: 'kimi-chat' },
  'fitt --gpu h200': { code: 'unknown', where: 'command', value: 'fitt', nearest: 'fit' },
  'data gpu': { code: 'unknown', where: 'command', value: 'gpu', nearest: 'gpus' },
  'fit --gpuu h200': { code: 'unknown', where: 'option', value: '--gpuu', nearest: '--gpu' },
  'fit --gpu h200 --kv-cache-dtyp fp8': { code: 'unknown', where: 'option', value: '--kv-cache-dtyp', nearest: '--kv-cache-dtype' },
  fit: { code: 'missing', where: '--gpu' },
  'fit --gpu h200 --gpu-experts 3': { code: 'contradiction', where: '--gpu-experts', value: '3' },
  'fit --gpu h200 --engine sglang --ram 256GB': { code: 'contradiction', where: '--ram', value: '256GB' },
  'fit --gpu h200 --draft-tokens 3': { code: 'contradiction', where: '--draft-tokens', value: '3' },
  'fit --gpu --ctx 128k': { code: 'missing', where: '--gpu', value: '--ctx' },
  'fit --gpu h200 --out --csv': { code: 'missing', where: '--out', value: '--csv' },
  'fit --gpu h200 --as-of 2026-11-01': { code: 'unknown', where: 'option', value: '--as-of' },
  'data gpus --as-of 2026-11-01': { code: 'unknown', where: 'option', value: '--as-of' },
  'data gpus --ids': { code: 'unknown', where: 'option', value: '--ids' },
  'data gpus --terms': { code: 'unknown', where: 'option', value: '--terms' },
  'data gpus --fail': { code: 'unknown', where: 'option', value: '--fail' },
  'fit --gpu h200,,b200': { code: 'missing', where: '--gpu', value: 'h200,,b200' },
  explain: { code: 'missing', where: 'ID' },
  'explain nonsense': { code: 'invalid', where: 'ID', value: 'nonsense' },
  'fit extra --gpu h200': { code: 'invalid', where: 'command line' },
  'fit --gpu h200 --ctx 0': { code: 'invalid', where: '--ctx', value: '0' },
  'fit --gpu h200 --ctx -1': { code: 'invalid', where: '--ctx', value: '-1' },
  'fit --gpu h200 --ctx NaN': { code: 'invalid', where: '--ctx', value: 'NaN' },
  'fit --gpu h200 --ctx Infinity': { code: 'invalid', where: '--ctx', value: 'Infinity' },
  'fit --gpu h200 --ctx 1e309': { code: 'invalid', where: '--ctx', value: '1e309' },
  'fit --gpu h200 --ctx 3,50': { code: 'invalid', where: '--ctx', value: '3,50', nearest: '3.50' },
  'fit --gpu h200 --ctx 131,072': { code: 'invalid', where: '--ctx', value: '131,072', nearest: '131072' },
  'fit --gpu h200 --ctx 128GB': { code: 'invalid', where: '--ctx', value: '128GB' },
  'fit --gpu h200 --ctx 300k': { code: 'invalid', where: '--ctx', value: '307200' },
  'fit --gpu h200 --ctx 0.3': { code: 'invalid', where: '--ctx', value: '0.3' },
  'fit --gpu h200 --ctx 64k..32k': { code: 'invalid', where: '--ctx', value: '64k..32k' },
  'fit --gpu h200 --utilization 0': { code: 'invalid', where: '--utilization', value: '0' },
  'fit --gpu h200 --utilization 1.1': { code: 'invalid', where: '--utilization', value: '1.1' },
  'fit --gpu h200 --utilization 90%': { code: 'invalid', where: '--utilization', value: '90%' },
  'fit --gpu h200 --sequences 0': { code: 'invalid', where: '--sequences', value: '0' },
  'fit --gpu h200 --tp two': { code: 'invalid', where: '--tp', value: 'two' },
  'fit --gpu h200 --attention-dp 1.5': { code: 'invalid', where: '--attention-dp', value: '1.5' },
  'breakeven --gpu h200 --as-of 2026-02-30': { code: 'invalid', where: '--as-of', value: '2026-02-30' },
  'breakeven --gpu h200 --reuse 1.2': { code: 'invalid', where: '--reuse', value: '1.2' },
  'breakeven --gpu h200 --reuse -0.1': { code: 'invalid', where: '--reuse', value: '-0.1' },
  'fit --gpu h200 --tp 8 --tp 4': { code: 'contradiction', where: '--tp', value: '4' },
  'fit --gpu h200 --gpus 12 --tp 8': { code: 'contradiction', where: '--gpus', value: '12' },
  'fit --gpu h200:8 --gpus 16': { code: 'contradiction', where: '--gpus', value: '16' },
};

const words = (line: string) => line.split(' ');

describe.each(Object.entries(REFUSED))('kplan %s', (line, { code, where, value, nearest }) => {
  it('exits with 2 and says on one line of stderr what was wrong', async () => {
    const run = await cliRun(words(line));
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(new RegExp(`^kplan: ${code} `));
    expect(run.stderr.trimEnd()).not.toMatch(/\n|^ +at /m);
    for (const part of [where, value ?? '', nearest ?? '']) expect(run.stderr).toContain(part);
  });

  it('with --json: one document on stdout and nothing beside it', async () => {
    const run = await cliRun([...words(line), '--json']);
    expect(run).toMatchObject({ code: 2, stderr: '' });
    const { schema, error } = JSON.parse(run.stdout) as ErrorDocument;
    expect(schema).toBe('kplan/error@1');
    expect(error).toMatchObject({ code, where, value: value ?? null });
    if (nearest !== undefined) expect(error.nearest).toContain(nearest);
  });
});

describe('usage', () => {
  it.each(['--gpu', '--out', '--ctx'])('an empty value of %s', async (option) => {
    const run = await cliRun(['fit', option, '', '--json']);
    expect(run.code).toBe(2);
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'missing', where: option } });
  });

  it('an offer that is not one: offers whose id holds the word', async () => {
    const run = await cliRun(words('breakeven --gpu h200 --workload kimi-chat --offer h200 --json'));
    const { error } = JSON.parse(run.stdout) as ErrorDocument;
    expect(error).toMatchObject({ code: 'unknown', where: '--offer' });
    expect(error.nearest.length).toBeGreaterThan(0);
    for (const id of error.nearest) expect(id).toContain('h200');
  });

  it('an option without its value', async () => {
    const run = await cliRun(['fit', '--json', '--gpu']);
    expect(run.code).toBe(2);
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'missing', where: '--gpu', value: null } });
  });

  it('two forms at once: still one document', async () => {
    const run = await cliRun(words('fit --gpu h200 --gpus 8 --json --csv'));
    expect(run.code).toBe(2);
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'contradiction', where: '--csv' } });
  });

  it.each([[[]], [['data']]])('no command in %j: the help on stderr', async (line) => {
    const run = await cliRun(line);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(/^Usage: kplan/);
  });

  it('terminal escapes in a value do not reach the terminal', async () => {
    const { stderr } = await cliRun(['fit', '--gpu', 'h200\u001b[31m']);
    expect(stderr).not.toContain('\u001b');
  });

  it('a very long value is cut', async () => {
    const { stderr } = await cliRun(['fit', '--gpu', 'x'.repeat(100_000)]);
    expect(stderr.length).toBeLessThan(400);
  });
});
