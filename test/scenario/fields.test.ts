import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { declareAdvise } from '../../src/cli/adviseOptions.ts';
import { declareBreakEven } from '../../src/cli/breakEvenOptions.ts';
import { declareCost } from '../../src/cli/costOptions.ts';
import { declareFit } from '../../src/cli/fitOptions.ts';
import { declareHybrid } from '../../src/cli/hybridOptions.ts';
import { declareReuse } from '../../src/cli/reuseOptions.ts';
import { declareSize } from '../../src/cli/sizeOptions.ts';
import { declareSpeed } from '../../src/cli/speedOptions.ts';
import { FIELDS, GROUPS, isPath } from '../../src/scenario/fields.ts';
import { formulaMath } from '../../src/scenario/formulaMath.ts';
import { UNITS } from '../../src/scenario/formulaWords.ts';
import { scenarioSchema } from '../../src/scenario/scenarioSchema.ts';
import { TEMPLATE } from '../../src/scenario/template.ts';
import { scenarioIn } from '../support/scenarioText.ts';

/** Options that say how a question is put and its answer shown, not what the scenario is. */
const NOT_OF_SCENARIOS = [
  ...['file', 'json', 'csv', 'markdown', 'out', 'force', 'ids', 'fail', 'terms', 'rules', 'all', 'chart', 'chartDay', 'focus'],
  ...['here', 'rank', 'solve', 'sensitivity', 'isl', 'osl'],
];

const io = { write: () => undefined, warn: () => undefined, width: 100, color: false };
const program = new Command();
for (const declare of [declareFit, declareSpeed, declareSize, declareCost, declareBreakEven, declareHybrid, declareReuse, declareAdvise])
  declare(program, io, () => undefined);
const options = program.commands.flatMap((command) => command.options);
const taken = new Set(options.map((option) => option.attributeName()));

describe('the table of fields', () => {
  it('has every option that shapes an answer, once', () => {
    const words = FIELDS.map(({ word }) => word);
    expect(new Set(words).size).toBe(words.length);
    expect([...taken].filter((word) => !NOT_OF_SCENARIOS.includes(word) && !words.includes(word))).toEqual([]);
  });

  it('has no word that no command takes', () => {
    expect(FIELDS.filter(({ word }) => !taken.has(word))).toEqual([]);
  });

  it('has a switch where the option is one', () => {
    const switches = new Set(options.filter((option) => option.isBoolean()).map((option) => option.attributeName()));
    for (const { word, kind } of FIELDS)
      if (taken.has(word)) expect({ word, isSwitch: kind === 'switch' }).toEqual({ word, isSwitch: switches.has(word) });
  });

  it('has a group for every prefix, and each once', () => {
    const prefixes = new Set(
      FIELDS.flatMap(({ path }) =>
        path
          .split('.')
          .slice(0, -1)
          .map((_, at, keys) => keys.slice(0, at + 1).join('.')),
      ),
    );
    expect(Object.keys(GROUPS).sort()).toEqual([...prefixes].sort());
    expect(new Set(FIELDS.map(({ path }) => path)).size).toBe(FIELDS.length);
  });

  it('has units that formulas may write', () => {
    const math = formulaMath();
    for (const unit of UNITS) expect(math.unit(1, unit).toNumber(unit)).toBe(1);
    for (const { unit } of FIELDS) if (unit !== undefined) expect(unit.split('/').every((part) => UNITS.includes(part))).toBe(true);
  });
});

describe('the schema for editors', () => {
  const schema = scenarioSchema();

  it('is made of the table: every field takes a value of its kind, and no other key is known', () => {
    const samples = {
      number: 3,
      tokens: '128k',
      size: '1TB',
      time: '2s',
      open: '1..4',
      switch: true,
      onOff: 'on',
      text: 'a',
      list: ['a'],
      path: 'a',
      pathOrName: 'a',
    };
    for (const { path, kind } of FIELDS) {
      const [first = '', ...keys] = path.split('.').reverse();
      const document = (key: string) => ({
        kplan: 1,
        ...keys.reduce<object>((inner, outer) => ({ [outer]: inner }), { [key]: samples[kind] }),
      });
      expect({ path, ok: schema.safeParse(document(first)).success }).toEqual({ path, ok: true });
      expect({ path, ok: schema.safeParse(document(`${first}x`)).success }).toEqual({ path, ok: false });
    }
  });

  it('describes each field', () => {
    const text = JSON.stringify(z.toJSONSchema(schema));
    for (const { description } of FIELDS) expect(text).toContain(JSON.stringify(description).slice(1, -1));
  });
});

describe('the scenario to begin with', () => {
  it('reads, also with all that is a comment in it', async () => {
    expect((await scenarioIn(TEMPLATE)).words.get('activeHours')?.value).toBe('88');
    const bare = TEMPLATE.replace(/^( *)# ([a-zA-Z]+: ?.*)$/gm, '$1$2')
      .replace(/^( *)#( {3}[a-zA-Z]+: ?.*)$/gm, '$1$2')
      .replace(/^ {3}([a-z])/gm, '  $1');
    const uncommented = bare.replace(/^ +tariffs: \[\].*$/m, '  tariffs: moonshot').replace(/^description: .*$/m, '');
    expect((await scenarioIn(uncommented)).words.has('asOf')).toBe(true);
  });
});

describe('a text of a field', () => {
  it.each<[string, 'path' | 'pathOrName' | 'text', boolean]>([
    ['month.csv', 'path', true],
    ['kimi-k2.7-code', 'pathOrName', false],
    ['./model.gguf', 'pathOrName', true],
    ['/models/kimi', 'pathOrName', true],
    ['config.json', 'pathOrName', true],
    ['https://example.com/config.json', 'pathOrName', false],
    ['hf:moonshotai/Kimi-K2.7-Code', 'pathOrName', false],
    ['./model.gguf', 'text', false],
  ])('%s as %s is a path: %s', (text, kind, is) => expect(isPath(text, { kind })).toBe(is));
});
