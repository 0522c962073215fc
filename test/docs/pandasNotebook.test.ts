import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BreakEvenAnswer } from '../../src/plan/breakEven/breakEvenAnswer.ts';
import { cliRun } from '../support/cliRun.ts';
import { codeCells, readNotebook } from '../support/notebooks.ts';

const notebook = readNotebook('break-even-pandas');
const cells = codeCells(notebook).map(({ source }) => source.join(''));
const QUESTION = JSON.parse(/^question = (\[.*\])$/m.exec(cells[0] ?? '')?.[1] ?? '[]') as string[];
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

function runs(...words: string[]): boolean {
  return spawnSync('python3', words, { stdio: 'ignore' }).status === 0;
}

const hasPython = runs('-c', 'import json, csv');
const hasPandas = hasPython && runs('-c', 'import pandas');

/** What the last cells show, as numbers. */
const SHOWN = `
import json as written
print("RESULT" + written.dumps({"rows": len(costs), "saved": list(costs["saved"]), "crossings": len(crossings), "first": crossings["tokensPerMonth.value"][0]}))
`;

/** The same sums with what comes with Python. */
const PLAIN = `
import csv, io, json, subprocess
question = json.loads(${JSON.stringify(JSON.stringify(QUESTION))})
kplan = lambda form: subprocess.run(["npx", "kplan", *question, form], check=True, capture_output=True, text=True).stdout
answer = json.loads(kplan("--json"))
costs = list(csv.DictReader(io.StringIO(kplan("--csv"))))
api = "apiUsd " + next(tariff["id"] for tariff in answer["tariffs"] if tariff["role"] == "list")
saved = [float(row[api]) - float(row["selfHostUsd"]) for row in costs]
print("RESULT" + json.dumps({"rows": len(costs), "saved": saved, "crossings": len(answer["crossings"]), "first": answer["crossings"][0]["tokensPerMonth"]["value"]}))
`;

describe('examples/break-even-pandas.ipynb', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kplan-python-'));
  let answer: BreakEvenAnswer;

  beforeAll(async () => {
    for (const form of ['--json', '--csv']) {
      const { code, stdout } = await cliRun([...QUESTION, form]);
      expect(code).toBe(0);
      writeFileSync(join(folder, form), stdout);
      if (form === '--json') answer = JSON.parse(stdout) as BreakEvenAnswer;
    }
    const asked = ['kplan', ...QUESTION].join(' ');
    writeFileSync(
      join(folder, 'npx'),
      `#!/bin/sh\nfor form in --json --csv; do\n  if [ "$*" = "${asked} $form" ]; then exec cat "${folder}/$form"; fi\ndone\nexit 2\n`,
    );
    chmodSync(join(folder, 'npx'), 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function run(program: string): { rows: number; saved: number[]; crossings: number; first: number } {
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
    const out = execFileSync('python3', ['-'], { input: program, encoding: 'utf8', env });
    return JSON.parse(/^RESULT(.*)$/m.exec(out)?.[1] ?? '{}');
  }

  function compare(result: ReturnType<typeof run>): void {
    const list = answer.tariffs.find(({ role }) => role === 'list')?.id ?? '';
    const saved = answer.monthly.map(({ apiUsd, selfHostUsd }) => (apiUsd[list]?.value ?? Number.NaN) - selfHostUsd.value);
    expect(result.rows).toBe(answer.monthly.length);
    expect(saved.length).toBeGreaterThan(0);
    for (const [at, value] of saved.entries()) expect(result.saved[at]).toBeCloseTo(value, 6);
    expect(result.crossings).toBe(answer.crossings.length);
    expect(result.first).toBe(answer.crossings[0]?.tokensPerMonth.value);
  }

  it('is a notebook for Python without outputs, with an id for each cell', () => {
    expect([notebook.nbformat, notebook.nbformat_minor, notebook.metadata.kernelspec.name]).toEqual([4, 5, 'python3']);
    expect(new Set(notebook.cells.map(({ id }) => id)).size).toBe(notebook.cells.length);
    for (const { outputs, execution_count } of codeCells(notebook)) expect([outputs, execution_count]).toEqual([[], null]);
    expect(QUESTION[0]).toBe('breakeven');
  });

  it('is what the README shows', () => {
    const shown = [...readme.matchAll(/```python\n([\s\S]*?)\n```/g)].map(([, code]) => code);
    expect(shown).toEqual([cells[0]]);
  });

  it.skipIf(!hasPandas)('runs in order with pandas, to the figures of the answer', () => {
    compare(run(`${cells.join('\n')}\n${SHOWN}`));
  });

  it.skipIf(!hasPython)('comes to the same without pandas', () => {
    compare(run(PLAIN));
  });
});
