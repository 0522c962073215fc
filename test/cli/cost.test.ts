import { describe, expect, it } from 'vitest';
import type { CostAnswer } from '../../src/plan/cost/costAnswer.ts';
import type { ErrorDocument } from '../../src/report/errorDocument.ts';
import { costSchema } from '../../src/report/schema/cost.ts';
import { cliRun } from '../support/cliRun.ts';

const COST = ['cost', '--workload', 'agentic-coding', '--users', '200'];
const run = (line: string) => cliRun(line.split(' '));

describe('kplan cost', () => {
  it('prints one document that fulfils its schema, and one row a line as CSV', async () => {
    const { code, stdout, stderr } = await cliRun([...COST, '--json']);
    expect({ code, stderr: stderr.includes('Error') }).toEqual({ code: 0, stderr: false });
    const document = JSON.parse(stdout) as CostAnswer;
    expect(costSchema.safeParse(document).error?.issues ?? []).toEqual([]);
    const csv = await cliRun([...COST, '--csv']);
    const lines = csv.stdout
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('#'));
    expect(lines[0]).toContain('id,kind,role,name,model,tier,usdPerMonth');
    expect(lines).toHaveLength(document.rows.length + 1);
  });

  it('is the same, byte for byte, each time', async () => {
    expect((await cliRun([...COST, '--json'])).stdout).toBe((await cliRun([...COST, '--json'])).stdout);
  });

  it('tells of vendors and hosts, and of all with --all', async () => {
    const [plain, all] = [await cliRun(COST), await cliRun([...COST, '--all'])];
    expect(plain.stdout).not.toContain('OpenRouter');
    expect(plain.stdout).toContain('more prices, of routers');
    expect(all.stdout).toMatch(/openrouter/i);
    expect(all.stdout).toContain('flex');
  });

  it('prints bills that add up as they stand', async () => {
    const { stdout } = await cliRun([...COST, '--markdown']);
    const bills = stdout
      .split(/^#+ /m)
      .filter((part) => part.startsWith('Bills of the month'))
      .flatMap((part) => part.split('\n').filter((line) => line.includes('$')));
    expect(bills.length).toBeGreaterThan(10);
    for (const line of bills) {
      const cents = [...line.matchAll(/\$([\d,]+\.\d\d)/g)].map(([, usd = '']) => Math.round(Number(usd.replaceAll(',', '')) * 100));
      expect(
        cents.slice(0, -1).reduce((sum, cell) => sum + cell, 0),
        line,
      ).toBe(cents.at(-1));
    }
  });

  it('exits with 3 under --fail where the API costs less, and 0 where own GPUs do', async () => {
    expect((await cliRun([...COST, '--fail'])).code).toBe(3);
    const own = await run('cost --workload kimi-chat --tokens-per-month 400e9 --gpu h200 --purchase owned --lens incremental --fail');
    expect(own.code).toBe(0);
  });

  it('takes the ids that it prints', async () => {
    const { stdout } = await cliRun([...COST, '--ids']);
    const [id = ''] = /cost\/\S*list_usdPerMonth/.exec(stdout.replace(/\n\s*/g, '\n')) ?? [];
    const explained = await cliRun(['explain', id]);
    expect(explained.stdout).toContain('list_usdPerMonth');
    expect(explained.stdout).toContain('requestsPerMonth');
    expect(explained.stdout).toContain('source:');
  });

  it('says what each option wants', async () => {
    const { stdout } = await cliRun(['cost', '--help']);
    for (const option of ['--users', '--purchase', '--ownership', '--lens', '--against', '--thinking-ratio', '--traffic-utc', '--catalog'])
      expect(stdout).toContain(option);
  });
});

const REFUSED: Readonly<Record<string, readonly [code: string, where: string]>> = {
  'cost --workload agentic-coding': ['missing', '--users'],
  'cost --workload agentic-coding --users 3,5': ['invalid', '--users'],
  'cost --workload agentic-coding --users 1e309': ['invalid', '--users'],
  'cost --workload agentic-coding --users 10 --purchase rent': ['unknown', '--purchase'],
  'cost --workload agentic-coding --users 10 --lens full': ['unknown', '--lens'],
  'cost --workload agentic-coding --users 10 --residual 20%': ['invalid', '--residual'],
  'cost --workload agentic-coding --users 10 --residual 1.2': ['invalid', '--residual'],
  'cost --workload agentic-coding --users 10 --traffic-utc 8-18': ['invalid', '--traffic-utc'],
  'cost --workload agentic-coding --users 10 --traffic-utc 08:00-08:00': ['invalid', '--traffic-utc'],
  'cost --workload agentic-coding --users 10 --capex -5': ['invalid', '--capex'],
  'cost --workload agentic-coding --users 10 --usd-per-kwh 0,12': ['invalid', '--usd-per-kwh'],
  'cost --workload agentic-coding --users 10 --against gpt-5': ['unknown', '--against'],
  'cost --workload agentic-coding --users 10 --catalog no-such-folder': ['missing', '--catalog'],
  'cost --workload agentic-coding --users 10 --uesrs 5': ['unknown', 'option'],
  'breakeven --gpu h200 --workload kimi-chat --solve all': ['unknown', '--solve'],
  'breakeven --gpu h200 --workload kimi-chat --spare 1.5': ['invalid', '--spare'],
  'breakeven --gpu h200 --workload kimi-chat --purchase owned,,spot': ['missing', '--purchase'],
};

describe.each(Object.entries(REFUSED))('kplan %s', (line, [code, where]) => {
  it('exits with 2 and says what was wrong', async () => {
    const refused = await run(`${line} --json`);
    expect(refused).toMatchObject({ code: 2, stderr: '' });
    expect((JSON.parse(refused.stdout) as ErrorDocument).error).toMatchObject({ code, where });
  });
});
