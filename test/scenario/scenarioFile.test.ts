import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Fault } from '../../src/faults/fault.ts';
import { readScenario } from '../../src/scenario/scenario.ts';
import { faultIn, wordsIn } from '../support/scenarioText.ts';

const FIELD = (line: string) => `kplan: 1\n${line}\n`;

describe('values as YAML has them', () => {
  it.each([
    ['workload: { users: 160 }', { users: '160' }],
    ['workload: { users: 1e3 }', { users: '1e3' }],
    ['workload: { users: "160" }', { users: '160' }],
    ['workload: { tokensPerMonth: 2.5e9 }', { tokensPerMonth: '2.5e9' }],
    ['workload: { users: 120..180 }', { users: '120..180' }],
    ['workload: { users: normal(100..200) }', { users: 'normal(100..200)' }],
    ['workload: { users: "triangular(1, 2, 4)" }', { users: 'triangular(1, 2, 4)' }],
    ['workload: { ctx: 128k }', { ctx: '128k' }],
    ['workload: { ctx: 32k..256k }', { ctx: '32k..256k' }],
    ['candidates: [h200:8, b200:8]', { gpu: 'h200:8,b200:8' }],
    ['candidates: all', { gpu: 'all' }],
    ['budget: 50000/year', { budget: '50000/year' }],
    ['budget: =6000 USD/year', { budget: '500' }],
    ['levels: { ttft: { p95: 5s }, tpot: { p50: 40ms } }', { ttftP95: '5s', tpotP50: '40ms' }],
    ['fleet: { stopIdle: true }', { stopIdle: true }],
    ['fleet: { stopIdle: false }', {}],
    ['deployment: { graphEstimate: off }', { graphEstimate: 'off' }],
    ['deployment: { graphEstimate: true }', { graphEstimate: 'on' }],
    ['deployment: { engine: vllm@0.19.0 }', { engine: 'vllm@0.19.0' }],
    ['fleet: { region: 1 }', { region: '1' }],
    ['workload: { trafficUtc: [08:00-12:00, 14:00-18:00] }', { trafficUtc: '08:00-12:00,14:00-18:00' }],
    [
      'time: { apiTrend: -30%/year, demandTrend: [2%/month, "2027-01:-10%"], wait: [6, 12] }',
      {
        apiTrend: '-30%/year',
        demandTrend: '2%/month,2027-01:-10%',
        wait: '6,12',
      },
    ],
    ['facts: { asOf: 2026-11-01 }', { asOf: '2026-11-01' }],
    ['facts: { catalog: own/facts, calibration: ../c.json }', { catalog: './own/facts', calibration: '../c.json' }],
    ['workload: { preset: agentic-coding }', { workload: 'agentic-coding' }],
    ['workload: { preset: w.json }', { workload: './w.json' }],
    ['model: ./config.json', { model: './config.json' }],
    ['model: hf:moonshotai/Kimi-K2.6', { model: 'hf:moonshotai/Kimi-K2.6' }],
    ['workload:', {}],
    ['variables:', {}],
    ['name: x\ndescription: y', {}],
  ])('%s', async (line, words) => {
    expect(await wordsIn(FIELD(line))).toEqual(words);
  });
});

describe('what a file may not say', () => {
  it.each([
    ['workload: { users: 0x1F }', '2:20 workload.users', 'hexadecimal'],
    ['workload: { users: 0o17 }', '2:20 workload.users', 'octal'],
    ['workload: { users: 017 }', '2:20 workload.users', 'did you mean 17?'],
    ['workload: { users: 1_000 }', '2:20 workload.users', 'did you mean 1000?'],
    ['workload: { users: "3,50" }', '2:20 workload.users', 'did you mean 3.50?'],
    ['workload:\n  users: 3,50', '3:10 workload.users', 'decimal mark'],
    ['workload: { users: 12:30 }', '2:20 workload.users', 'a time of day'],
    ['workload: { users: no }', '2:20 workload.users', 'a number is due'],
    ['workload: { users: true }', '2:20 workload.users', 'a number is due'],
    ['workload: { users: 50 % }', '2:20 workload.users', 'did you mean 0.5?'],
    ['workload: { users: 50M }', '2:20 workload.users', 'did you mean 50e6?'],
    ['workload: { users: .inf }', '2:20 workload.users', 'not a number'],
    ['workload: { users: 1e999 }', '2:20 workload.users', 'out of range'],
    ['workload: { users: many }', '2:20 workload.users', 'not a number'],
    ['workload: { users: 5..3 }', '2:20 workload.users', 'did you mean 3..5?'],
    ['workload:\n  users:', '3:9 workload.users', 'no value'],
    ['workload: { users }', '2:13 workload.users', 'no value'],
    ['workload: { users: ~ }', '2:20 workload.users', 'no value'],
    ['workload: { users: [1, 2] }', '2:20 workload.users', 'one value'],
    ['workload: { users: { a: 1 } }', '2:20 workload.users', 'one value'],
    ['workload: { ctx: 0x20000 }', '2:18 workload.ctx', 'hexadecimal'],
    ['fleet: { stopIdle: yes }', '2:20 fleet.stopIdle', 'true or false'],
    ['fleet: { stopIdle: 1 }', '2:20 fleet.stopIdle', 'true or false'],
    ['model: true', '2:8 model', 'a text'],
    ['model: =2', '2:8 model', 'no formula'],
    ['model: ""', '2:8 model', 'no value'],
    ['model: "a\\tb"', '2:8 model', 'one line'],
    ['name: 3', '2:7 name', 'a text'],
    ['candidates: []', '2:13 candidates', 'empty list'],
    ['candidates: [h200, [b200]]', '2:13 candidates', 'one value'],
    ['workload: 3', '2:11 workload', 'not a group'],
    ['workload: [users]', '2:11 workload', 'not a group'],
    ['modell: kimi-k2.6', '2:1 modell', 'did you mean model?'],
    ['workload:\n  userz: 3', '3:3 workload.userz', 'did you mean users?'],
    ['levels: { users: 3 }', '2:11 levels.users', 'did you mean workload.users?'],
    ['levels: { ttft: { p96: 3s } }', '2:19 levels.ttft.p96', 'p95'],
    ['__proto__: { polluted: 1 }', '2:1 __proto__', 'no such field'],
    ['workload: { __proto__: { users: 1 } }', '2:13 workload.__proto__', 'no such field'],
    ['constructor: 3', '2:1 constructor', 'no such field'],
    ['1: 3', '2:1', 'not a name'],
    ['"a\\u001b[31m": 3', '2:1 a?[31m', 'no such field'],
    ['? [a]\n: 3', '2:3', 'not a name'],
    ['<<: { model: x }', '2:1 <<', 'no such field'],
    ['model: a\nmodel: b', '3:1', 'twice'],
    ['model: !!js/function "x"', '2:8', 'a tag'],
    ['model: !secret x', '2:8', 'a tag'],
    ['model: &a x\nname: *a', '3:7', 'no aliases'],
    ['---\nmodel: x', '2:1', 'second document'],
    ['\tmodel: x', '2:1', ''],
    ['kplan: 1', '2:1', 'twice'],
  ])('%s', async (line, where, says) => {
    const fault = await faultIn(FIELD(line));
    expect(fault.message).toContain(says);
    expect(fault.details.where).toBe(`kplan.yaml:${where}`);
  });

  it('no fields, no version, another version', async () => {
    for (const text of ['', '\n', '# only\n# comments\n', '---\n', '~'])
      expect(await faultIn(text)).toMatchObject({ code: 'missing', details: { where: 'kplan.yaml' }, reason: 'no fields' });
    expect(await faultIn('model: x\n')).toMatchObject({ code: 'missing', details: { where: 'kplan.yaml:1:1 kplan' } });
    expect(await faultIn('kplan: 2\n')).toMatchObject({ code: 'unsupported', details: { where: 'kplan.yaml:1:8 kplan', value: 2 } });
    expect(await faultIn('kplan: "1"\n')).toMatchObject({ code: 'unsupported' });
    expect(await faultIn('[1, 2]')).toMatchObject({ code: 'invalid', details: { where: 'kplan.yaml:1:1' } });
    expect(await faultIn('%YAML 1.1\n---\nkplan: 1\n')).toMatchObject({ details: { where: 'kplan.yaml:1:1' } });
  });
});

describe('hostile files', () => {
  afterEach(() => expect(Object.keys(Object.prototype)).toEqual([]));

  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...Array.from({ length: 24 }, (_, index) => {
      const [from, to] = ['abcdefghijklmnopqrstuvwxyz'[index], 'abcdefghijklmnopqrstuvwxyz'[index + 1]];
      return `${to}: &${to} [${Array(9).fill(`*${from}`).join()}]`;
    }),
  ].join('\n');

  it.each([
    ['aliases that multiply', bomb],
    ['brackets without end', '['.repeat(1_000_000)],
    ['brackets behind quoted ones', '["]",'.repeat(200_000)],
    ['braces without end', '{a: '.repeat(250_000)],
    ['lists in lists', '- '.repeat(500_000)],
    ['keys of keys', '? '.repeat(500_000)],
    ['deep indentation', Array.from({ length: 1400 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['many keys', Array.from({ length: 100_000 }, (_, index) => `k${index}: 1`).join('\n')],
    ['many items', `kplan: 1\ncandidates: [${'a,'.repeat(400_000)}]`],
    ['one long text', `kplan: 1\nmodel: "${'x'.repeat(1_000_000)}"`],
    ['a long text of marks', `kplan: 1\nmodel: ${'a:'.repeat(400_000)}`],
    ['a long number', `kplan: 1\nworkload: { users: ${'9'.repeat(900_000)}x }`],
    ['a long range', `kplan: 1\nworkload: { users: ${'1 '.repeat(400_000)}.. }`],
    ['quotes that stay open', `kplan: 1\nmodel: "${"'".repeat(900_000)}`],
    ['tabs', '\t'.repeat(1_000_000)],
  ])('%s', async (_, text) => {
    const fault = await faultIn(text);
    expect(fault.message.length).toBeLessThan(500);
  });
});

describe('files that are none', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kplan-scenario-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const refused = async (path: string): Promise<Fault> => {
    try {
      await readScenario(path);
    } catch (error) {
      if (error instanceof Fault) return error;
      throw error;
    }
    throw new Error('not refused');
  };
  const written = (name: string, content: string | Uint8Array) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  it('missing, a folder, in a file', async () => {
    expect(await refused(join(folder, 'none.yaml'))).toMatchObject({ code: 'missing' });
    expect(await refused(folder)).toMatchObject({ code: 'invalid' });
    expect(await refused(join(written('plain', 'x'), 'kplan.yaml'))).toMatchObject({ code: 'invalid' });
  });

  it('too large', async () => {
    const path = written('large.yaml', `kplan: 1\n${'# comment\n'.repeat(120_000)}`);
    expect(await refused(path)).toMatchObject({ reason: 'the file is too large', details: { where: path } });
  });

  it('encodings: a byte order mark is taken, others are named', async () => {
    const text = 'kplan: 1\nname: Größe\nmodel: kimi-k2.6\n';
    expect((await readScenario(written('bom.yaml', `\uFEFF${text}`))).name).toBe('Größe');
    expect((await readScenario(written('crlf.yaml', text.replaceAll('\n', '\r\n')))).words.get('model')?.value).toBe('kimi-k2.6');
    expect(await refused(written('utf16.yaml', Buffer.from(`\uFEFF${text}`, 'utf16le')))).toMatchObject({ details: { value: 'UTF-16' } });
    expect((await refused(written('latin.yaml', Buffer.from(text, 'latin1')))).details.value).toMatch(/Latin-1/);
    expect(await refused(written('zero.yaml', 'kplan: 1\n\0'))).toMatchObject({ details: { value: 'binary' } });
  });

  it('paths count from the folder of the file', async () => {
    const path = written('paths.yaml', 'kplan: 1\nfacts: { catalog: facts, calibration: /abs/c.json }\nworkload: { preset: ../w.json }\n');
    const { words } = await readScenario(path);
    expect(words.get('catalog')?.value).toBe(join(folder, 'facts'));
    expect(words.get('calibration')?.value).toBe('/abs/c.json');
    expect(words.get('workload')?.value).toBe(join(folder, '../w.json'));
  });
});
