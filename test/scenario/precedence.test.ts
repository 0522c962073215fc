import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELDS } from '../../src/scenario/fields.ts';
import { chosenWords } from '../../src/scenario/precedence.ts';
import { scenarioIn } from '../support/scenarioText.ts';

const ALL = FIELDS.map(({ word }) => word);

const TEXT = `kplan: 1
model: kimi-k2.6
candidates: [h200:8]
deployment: { format: int4, tp: 8, dcp: 8, engine: sglang }
workload: { preset: kimi-chat, reuse: 0.8, users: 100, requestsPerUserHour: 30, trafficUtc: 08:00-18:00 }
fleet: { purchase: [owned], provider: lambda }
api: { tariffs: [moonshot] }
ownership: { capex: 300000, fte: 0.5 }
`;

async function left(typed: Readonly<Record<string, unknown>>, known: readonly string[] = ALL, text = TEXT): Promise<string[]> {
  return [...chosenWords(await scenarioIn(text), typed, known).words.keys()].sort();
}

const whole = [
  ...['capex', 'dcp', 'engine', 'format', 'fte', 'gpu', 'model', 'provider', 'purchase', 'requestsPerUserHour', 'reuse', 'tariff', 'tp'],
  ...['trafficUtc', 'users', 'workload'],
];

describe('what is typed beats the file', () => {
  it('nothing typed: all that the command takes', async () => {
    expect(await left({})).toEqual(whole);
    expect(await left({}, ['model', 'gpu', 'ctx'])).toEqual(['gpu', 'model']);
  });

  it.each([
    [{ users: '5' }, ['users']],
    [{ tokensPerMonth: '5' }, ['users', 'requestsPerUserHour']],
    [{ rps: '5' }, ['users', 'requestsPerUserHour']],
    [{ quantiles: '5' }, ['users', 'requestsPerUserHour']],
    [{ workload: 'agentic-coding' }, ['workload', 'reuse']],
    [{ trace: 'a.csv' }, ['workload', 'reuse']],
    [{ inputTokens: '5' }, []],
    [{ tp: '4' }, ['tp', 'dcp']],
    [{ gpus: '16' }, ['tp', 'dcp']],
    [{ gpu: 'b200' }, ['gpu']],
    [{ model: 'kimi-k2.5' }, ['model', 'format', 'tariff']],
    [{ offer: 'x' }, ['purchase', 'provider', 'capex']],
    [{ purchase: 'on-demand' }, ['purchase', 'capex']],
    [{ purchase: 'on-demand,owned' }, ['purchase']],
    [{ hoursPerDay: '8' }, ['trafficUtc']],
    [{ engine: 'vllm' }, ['engine']],
  ])('%j leaves out %j', async (typed, gone) => {
    expect(await left(typed)).toEqual(whole.filter((word) => !(gone as string[]).includes(word)));
  });

  it('no typed word is ever the file’s, and nothing is added', async () => {
    const scenario = await scenarioIn(TEXT);
    await fc.assert(
      fc.asyncProperty(fc.subarray(ALL), fc.subarray(ALL), async (typed, known) => {
        const { words } = chosenWords(scenario, Object.fromEntries(typed.map((word) => [word, 'x'])), known);
        for (const word of words.keys()) expect(!typed.includes(word) && known.includes(word) && scenario.words.has(word)).toBe(true);
      }),
    );
  });
});

describe('what a file says twice', () => {
  const text = `kplan: 1
workload:
  { preset: kimi-chat, trace: t.csv, users: 9, requestsPerUserHour: 3, quantiles: [0=1k, 100=2k], busiestHour: { rps: 3 } }
`;
  const hosting = ['workload', 'users', 'requestsPerUserHour', 'tokensPerMonth'];

  it('each command goes by what it takes', async () => {
    expect(await left({}, hosting, text)).toEqual(['requestsPerUserHour', 'users', 'workload']);
    expect(await left({}, [...hosting, 'trace', 'rps'], text)).toEqual(['rps', 'trace']);
    expect(await left({}, [...hosting, 'quantiles', 'hourly'], text)).toEqual(['quantiles', 'workload']);
    expect(await left({ users: '3' }, [...hosting, 'quantiles', 'rps'], text)).toEqual(['requestsPerUserHour', 'workload']);
  });
});

describe('what is uncertain', () => {
  const uncertain = `kplan: 1
variables: { developers: 100..300, calls: 10, active: "=developers * share", share: "triangular(0.2, 0.3, 0.4)" }
workload: { users: "=active", requestsPerMonth: "=calls * 3", ctx: 128k }
ownership: { capex: "=(300000 + developers) * 1 USD", usdPerKwh: 0.1..0.2 }
levels: { ttft: { p95: "=developers * 10 ms" } }
`;

  it('variables are inputs, and words functions of them', async () => {
    const { uncertainty, words } = await scenarioIn(uncertain);
    expect(uncertainty.inputs).toEqual({
      developers: { kind: 'uniform', low: 100, high: 300 },
      share: { kind: 'triangular', low: 0.2, mode: 0.3, high: 0.4 },
    });
    expect(Object.keys(uncertainty.derived).sort()).toEqual(['capex', 'ttftP95', 'users']);
    expect(words.get('users')?.value).toBe('60');
    expect(words.get('ttftP95')?.value).toBe('2000ms');
    expect(words.get('usdPerKwh')?.value).toBe('0.1..0.2');
    const { users, capex, ttftP95 } = uncertainty.derived;
    expect(users?.({ developers: 300, share: 0.25 })).toBe(75);
    expect(users?.({ share: 0.25 })).toBe(50);
    expect(capex?.({ developers: 150 })).toBe(300_150);
    expect(ttftP95?.({ developers: 120 })).toBe(1200);
  });

  it('a word that is typed is derived no more', async () => {
    const { uncertainty } = chosenWords(await scenarioIn(uncertain), { users: '5' }, ALL);
    expect(Object.keys(uncertainty.derived)).not.toContain('users');
  });

  it('a sample for which a formula has no value is refused at the formula', async () => {
    const { uncertainty } = await scenarioIn('kplan: 1\nvariables: { x: 1..3 }\nworkload: { users: =1 / (x - 1) }\n');
    expect(() => uncertainty.derived['users']?.({ x: 1 })).toThrow('kplan.yaml:3:20 workload.users');
  });
});
