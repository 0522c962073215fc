import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { distributionOf, shareBelow } from '../../../src/evidence/distribution.ts';
import { type AdviseQuery, advise } from '../../../src/plan/advise/advise.ts';
import { hybrid } from '../../../src/plan/hybrid/hybrid.ts';
import { adviseReport } from '../../../src/report/adviseReport.ts';
import { renderText } from '../../../src/report/renderReport.ts';
import { adviseSchema } from '../../../src/report/schema/advise.ts';
import { cliRun } from '../../support/cliRun.ts';

const catalog = loadCatalog();
const team: AdviseQuery = { users: 40, gpu: ['h200'], budgetUsdPerMonth: 4000 };
const answer = advise(team, catalog);

describe('advice', () => {
  it('is the cheapest of all ways, each of them once', () => {
    const usd = answer.ways.map(({ usdPerMonth }) => usdPerMonth.value);
    expect(usd).toEqual([...usd].sort((a, b) => a - b));
    expect(answer.choice).toBe(answer.ways[0]?.way);
    expect(new Set(answer.ways.map(({ way, tariff }) => `${way} ${tariff}`)).size).toBe(answer.ways.length);
    expect(answer.ways.filter(({ way }) => way === 'api').length).toBe(answer.tariffs.length);
  });

  it('costs what `hybrid` says of the same question', () => {
    const { dcp } = (answer.changed?.change ?? {}) as { dcp?: number };
    const query = { gpu: ['h200'], users: 40, workload: 'agentic-coding', maxTpotMs: 100, ...(dcp === undefined ? {} : { dcp }) };
    const pairs = hybrid(query, catalog).pairs;
    const host = answer.ways.find(({ way }) => way === 'host');
    expect(host?.usdPerMonth.value).toBe(Math.min(...pairs.map(({ allOwn }) => allOwn.usdPerMonth)));
    const [cheapest] = answer.ways;
    expect(answer.probability).toBe(pairs.find(({ tariff }) => tariff === cheapest?.tariff)?.cheapest.api);
  });

  it('says how likely each way keeps within the budget', () => {
    for (const { usdPerMonth, inBudget } of answer.ways) expect(inBudget).toBe(shareBelow(distributionOf(usdPerMonth), 4000));
    expect(advise({ users: 40, gpu: ['h200'] }, catalog).ways.every(({ inBudget }) => inBudget === null)).toBe(true);
  });

  it('hosts where that is cheapest, both where that is, and says what turns it', () => {
    const cheapRent: AdviseQuery = { gpu: ['b200'], workload: 'kimi-chat', tokensPerMonth: 3e12, usdPerGpuHour: 2, maxTpotMs: 400, dcp: 8 };
    const both = advise(cheapRent, catalog);
    expect(['both', 'host']).toContain(both.choice);
    expect(both.answer).toMatch(/^(Do both|Host): /);
    expect(both.turns.length).toBeGreaterThan(0);
    const work: AdviseQuery = { gpu: ['h200'], users: 100, requestsPerUserHour: 50, inputTokens: 8000, outputTokens: 500, reuse: 0.5 };
    const free = advise({ ...work, usdPerGpuHour: 0.2, lens: 'incremental' }, catalog);
    expect(free.choice).toBe('host');
    expect(free.answer).toMatch(/The API would be cheaper with|No single assumption turns it/);
  });

  it('is no surer than the floors that it is held against', () => {
    const query = { gpu: ['h200'], workload: 'kimi-chat', tokensPerMonth: 100e9, maxTpotMs: 100 };
    const { choice, probability, changed } = advise(query, catalog);
    expect(choice).toBe('api');
    const pairs = hybrid({ ...query, ...(changed?.change ?? {}) }, catalog).pairs;
    const pair = pairs.find(({ tariff }) => tariff.includes('crof')) ?? pairs[0];
    expect(probability).toBeCloseTo(1 - (pair?.probability ?? 0), 9);
    for (const { cheapest } of pairs) expect(cheapest.api + cheapest.own + cheapest.hybrid).toBeCloseTo(1, 9);
  });

  it('widens with what the user is not sure of', () => {
    const wide = { kind: 'uniform', low: 10, high: 200 } as const;
    const [sure, unsure] = [undefined, { uncertainty: { inputs: { users: wide }, derived: {} } }].map((more) =>
      advise({ users: 105, gpu: ['h200'], budgetUsdPerMonth: 9000, ...more }, catalog),
    );
    const width = (one: typeof sure) => (one?.ways[0]?.usdPerMonth.high ?? 0) - (one?.ways[0]?.usdPerMonth.low ?? 0);
    expect(width(unsure)).toBeGreaterThan(2 * width(sure));
    expect(sure?.answer).not.toContain('Nothing keeps');
  });

  it('plans on GPUs that somebody lists where none is named', () => {
    const anywhere = advise({ users: 40 }, catalog);
    expect(anywhere.fleets.every(({ modelled }) => !modelled)).toBe(true);
    expect(anywhere.query['workload']).toMatch(/agentic-coding/);
    expect(anywhere.assumptions.find(({ code }) => code === 'interactive')?.text).toContain('100 ms');
  });

  it('fulfils its schema, is the same again, and stands in a report', () => {
    expect(adviseSchema.safeParse(JSON.parse(JSON.stringify(answer))).error).toBeUndefined();
    expect(JSON.stringify(advise(team, catalog))).toBe(JSON.stringify(answer));
    const text = renderText(adviseReport(answer), { width: 120 });
    expect(text).toContain('within $4,000, likely');
    expect(text).toContain('What would turn it');
  });

  it('names commands that can be run as they stand', async () => {
    const { stdout, code } = await cliRun(['advise', '--users', '40', '--gpu', 'h200', '--budget', '48000/year', '--json']);
    expect(code).toBe(0);
    const { commands, budgetUsdPerMonth } = JSON.parse(stdout) as {
      commands: { part: string; command: string }[];
      budgetUsdPerMonth: number;
    };
    expect(budgetUsdPerMonth).toBe(4000);
    const parts = commands.filter(({ part }) => part !== 'replicas');
    for (const { command } of parts) expect((await cliRun([...command.split(' ').slice(1), '--json'])).code).toBe(0);
  });

  it.each([
    [['--budget', '10/month', '--fail'], 3],
    [['--budget', '1000000', '--fail'], 0],
    [['--budget', 'cheap'], 2],
    [['--budget', '3,50'], 2],
    [['--budget', '-5/month'], 2],
    [['--budget', '5/week'], 2],
  ] as const)('%j exits with %i', async (words, code) => {
    const run = await cliRun(['advise', '--users', '40', '--gpu', 'h200', ...words]);
    expect(run.code).toBe(code);
    if (code === 2) expect(run.stderr).toContain('--budget');
  });

  it('takes a volume', async () => {
    const { code, stderr } = await cliRun(['advise', '--budget', '4000']);
    expect(code).toBe(2);
    expect(stderr).toContain('--users: how much is asked in a month');
  });
});
