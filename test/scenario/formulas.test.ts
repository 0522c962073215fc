import { afterEach, describe, expect, it } from 'vitest';
import { given, VARIABLES, withField } from '../support/formulaField.ts';
import { faultIn, wordsIn } from '../support/scenarioText.ts';

describe('what formulas give', () => {
  it.each([
    ['workload.requestsPerMonth', '=developers * callsPerDay * days', '176000'],
    ['workload.requestsPerMonth', '=developers * callsPerDay * 1 request/day * 22 day/month', '176000'],
    ['workload.tokensPerMonth', '=developers * 1.5e6 token/day * 22 day/month', '6600000000'],
    ['workload.tokensPerMonth', '=100e9 token/year', String(Number((100e9 / 12).toPrecision(15)))],
    ['workload.activeHours', '=22 day/month * 4 hour/day', '88'],
    ['workload.hoursPerDay', '=8 hour/day', '8'],
    ['workload.hoursPerMonth', '=730 hour/month', '730'],
    ['workload.requestsPerUserHour', '=0.025 request/s', '90'],
    ['workload.inputTokens', '=100000 token / (1 request)', '100000'],
    ['workload.users', '=ceil(developers * share)', '70'],
    ['workload.users', '=round(developers / 3, 1)', '66.7'],
    ['workload.users', '=developers > 100 and days == 22 ? 150 : 50', '150'],
    ['workload.users', '=(developers > 500) * 10 + 1', '1'],
    ['workload.users', '=not (developers > 500) ? 7 : 8', '7'],
    ['workload.users', '=min(developers, 120) + max(1, 2, 3) + abs(-4) + floor(2.9)', '129'],
    ['workload.users', '=2^10 % 1000', '24'],
    ['workload.users', '=-developers + 250', '50'],
    ['workload.users', '=sqrt(16) + log2(8) + log10(100) + log(exp(1)) + pow(2, 3)', '18'],
    ['workload.users', '=(2)(3)', '6'],
    ['workload.ctx', '=128 * 1024', '131072'],
    ['fleet.maxTpot', '=0.05 s', '50'],
    ['fleet.tokensPerSecond', '=3.6e6 token/hour', '1000'],
    ['fleet.loadRate', '=7.2e12 B/hour', '2'],
    ['ownership.capex', '=8 GPU * 40000 USD/GPU', '320000'],
    ['ownership.kilowatts', '=8 * 0.7 kW + 1 kW', '6.6'],
    ['ownership.kilowatts', '=24 kWh / (4 hour)', '6'],
    ['ownership.usdPerKwh', '=120 USD / (1000 kWh)', '0.12'],
    ['ownership.usdPerFte', '=salary * 1.3', '15600'],
    ['ownership.lifeYears', '=60 month', '5'],
    ['fleet.rent', '=20 USD/hour / (8 GPU)', '2.5'],
    ['ownership.rampMonths', '=0.5 year', '6'],
  ])('%s: %s', async (field, formula, value) => {
    expect(await given(field, formula)).toBe(value);
  });

  it('times and sizes come with their unit', async () => {
    const words = await wordsIn('kplan: 1\nlevels:\n  ttft: { p95: "=2 * 1.5 s" }\ndeployment:\n  host: { ram: "=2 * 384 GiB" }\n');
    expect(words).toEqual({ ttftP95: '3000ms', ram: `${(768 * 2 ** 30) / 1e9}GB` });
  });

  it('a condition is a switch', async () => {
    const of = (condition: string) => wordsIn(`kplan: 1\nvariables: { n: 3 }\nfleet: { stopIdle: "=n ${condition}" }`);
    expect([await of('> 2'), await of('> 3')]).toEqual([{ stopIdle: true }, {}]);
    expect((await faultIn('kplan: 1\nfleet: { stopIdle: "=3" }')).details.where).toBe('kplan.yaml:2:20 fleet.stopIdle');
  });

  it('variables in any order, with units', async () => {
    const text = 'kplan: 1\nvariables:\n  a: =b * 2\n  b: =c + 1 USD\n  c: =3 USD\nownership: { capex: =a }\n';
    expect(await wordsIn(text)).toEqual({ capex: '8' });
  });

  it('over several lines of a YAML text', async () => {
    const text = `kplan: 1\n${VARIABLES}\nworkload:\n  users: >-\n    =developers\n    * share\n`;
    expect(await wordsIn(text)).toEqual({ users: '70' });
  });
});

describe('what formulas may not be', () => {
  it.each([
    ['=developers * calls', 'unknown', 'calls', 14],
    ['=developer * 2', 'unknown', 'developer', 1],
    ['=import(1)', 'unknown', 'import', 1],
    ['=evaluate(1)', 'unknown', 'evaluate', 1],
    ['=createUnit(1)', 'unknown', 'createUnit', 1],
    ['=cos.constructor', 'unsupported', '.', 4],
    ['=developers.constructor', 'unsupported', '.', 11],
    ['=constructor', 'unknown', 'constructor', 1],
    ['=__proto__', 'unknown', '__proto__', 1],
    ["=import('x')", 'unsupported', "'", 8],
    ['=2 + [1, 2]', 'unsupported', '[', 5],
    ['={a: 1}', 'unsupported', '{', 1],
    ['=developers = 3', 'unsupported', '=', 12],
    ['=f(x) = 3', 'unsupported', '=', 6],
    ['=1; 2', 'unsupported', ';', 2],
    ['=1:3', 'unsupported', ':', 2],
    ['=developers[1]', 'unsupported', '[', 11],
    ['=5!', 'unsupported', '!', 2],
    ['=50 %', 'unsupported', '%', 4],
    ['=1 | 2', 'unsupported', '|', 3],
    ['=1 ?? 2', 'unsupported', null, null],
    ['=3 kW to W', 'unknown', 'to', 6],
    ['=3 kilometre', 'unknown', 'kilometre', 3],
    ['=random()', 'unknown', 'random', 1],
    ['=developers(2)', 'invalid', 'developers(', 1],
    ['=min * 2', 'invalid', 'min', 1],
    ['=0x1F', 'unsupported', '0x1F', 1],
    ['=1_000', 'unsupported', '1_000', 1],
    ['=1e999', 'unsupported', '1e999', 1],
    ['=1 < 2 < 3', 'unsupported', null, 1],
    ['=2 + sqrt(1, 2)', 'invalid', null, 5],
    ['=min()', 'invalid', null, 1],
    ['=(1 + 2', 'invalid', null, 6],
    ['=1 + 2)', 'invalid', null, 6],
    ['=1 +', 'invalid', null, 3],
    ['=', 'missing', '=', null],
    ['=true', 'unknown', 'true', 1],
    ['=Infinity', 'unknown', 'Infinity', 1],
    ['=1 // 2', 'invalid', null, null],
    ['=a\\\\b', 'unsupported', '\\', 2],
    ['=µ', 'unsupported', 'µ', 1],
    ['=😀', 'unsupported', '😀', 1],
  ])('%s', async (formula, code, value, at) => {
    const fault = await faultIn(withField('workload.users', formula));
    expect(fault.code).toBe(code);
    if (value !== null) expect(fault.details.value).toBe(value);
    if (at !== null) expect(fault.details.where).toBe(`kplan.yaml:4:${11 + at} workload.users`);
    else expect(fault.details.where).toMatch(/^kplan\.yaml:4:\d+ workload\.users$/);
  });

  it.each([
    ['workload.tokensPerMonth', '=3 USD/month', 'USD/month', 'token/month'],
    ['workload.users', '=3 GPU', 'GPU', 'a number without a unit'],
    ['workload.activeHours', '=8 hour/day', 'hour/day', 'hour/month'],
    ['ownership.kilowatts', '=3 kWh', 'kWh', 'kW'],
    ['ownership.capex', '=developers > 3', 'a condition', 'USD'],
  ])('%s: %s is of another unit', async (field, formula, given, wanted) => {
    const fault = await faultIn(withField(field, formula));
    expect(fault.message).toContain(`gives ${given}`);
    expect(fault.details.allowed).toContain(wanted);
  });

  it.each(['=3 token + 4 USD', '=3 + 4 token', '=1 / 0', '=sqrt(-1)', '=log(-1) * 1', '=9^9^9^9', '=0 / 0', '=log10(3 USD)'])(
    'gives no number: %s',
    async (formula) => {
      expect(await faultIn(withField('workload.users', formula))).toMatchObject({
        code: 'invalid',
        details: { where: 'kplan.yaml:4:10 workload.users', value: formula },
      });
    },
  );

  it('variables that need each other', async () => {
    const fault = await faultIn('kplan: 1\nvariables:\n  a: =b + 1\n  b: =c\n  c: =a * 2\n');
    expect(fault).toMatchObject({ code: 'contradiction', details: { where: 'kplan.yaml:5:6 variables.c', value: 'a -> b -> c -> a' } });
  });

  it('a variable by the name of another thing', async () => {
    for (const name of ['month', 'min', 'and', 'true', 'to', '1a', '__proto__', 'constructor', '"a b"']) {
      const fault = await faultIn(`kplan: 1\nvariables:\n  ${name}: 3\n`);
      expect(fault.details.where).toMatch(/^kplan\.yaml:3:3( variables\.|$)/);
    }
  });

  it('names what is near', async () => {
    expect((await faultIn(withField('workload.users', '=developer * 2'))).details.nearest).toEqual(['developers']);
    expect((await faultIn(withField('workload.users', '=2 tokens'))).details.nearest).toContain('token');
  });

  it('counts columns through quotes, folds and blocks', async () => {
    const of = async (yaml: string) => (await faultIn(`kplan: 1\nworkload:\n${yaml}`)).details.where;
    expect(await of('  users: =2 * nobody')).toBe('kplan.yaml:3:15 workload.users');
    expect(await of("  users: '=2 * nobody'")).toBe('kplan.yaml:3:16 workload.users');
    expect(await of('  users: =2 *\n    nobody')).toBe('kplan.yaml:4:5 workload.users');
    expect(await of('  users: |\n    =2 *\n      nobody')).toBe('kplan.yaml:5:7 workload.users');
    expect(await of('  users: >-\n\n    =2 *\n    nobody')).toBe('kplan.yaml:6:5 workload.users');
  });
});

describe('hostile formulas', () => {
  afterEach(() => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    ['brackets', '('.repeat(500_000)],
    ['signs', '-'.repeat(500_000)],
    ['digits', '9'.repeat(500_000)],
    ['names', 'a '.repeat(250_000)],
    ['white space', ' '.repeat(500_000)],
  ])('%s without end', async (_, text) => {
    const fault = await faultIn(`kplan: 1\nworkload: { users: "=${text}" }\n`);
    expect(fault.code === 'invalid' || fault.code === 'missing').toBe(true);
    expect(fault.message.length).toBeLessThan(500);
  });

  it.each([
    ['brackets', `=${'('.repeat(33)}1${')'.repeat(33)}`],
    ['parts', `=${'1+'.repeat(150)}1`],
    ['signs', `=${'-'.repeat(990)}1`],
    ['powers', `=${'2^'.repeat(490)}1`],
    ['conditions', `=${'1?2:'.repeat(240)}3`],
    ['calls', `=${'abs('.repeat(40)}1${')'.repeat(40)}`],
  ])('%s beyond the limit', async (_, formula) => {
    expect((await faultIn(withField('workload.users', formula))).code).toBe('invalid');
  });
});
