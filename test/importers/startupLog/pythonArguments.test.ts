import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PythonValue, pythonArguments } from '../../../src/importers/startupLog/pythonArguments.ts';

/** As Python would print it. */
function printed(value: PythonValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (value instanceof Map) return `{${[...value].map(([key, entry]) => `${printed(key)}: ${printed(entry)}`).join(', ')}}`;
  return `[${(value as readonly PythonValue[]).map(printed).join(', ')}]`;
}

const { value: anyValue } = fc.letrec<{ value: PythonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.string(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
  ),
}));

describe('arguments as Python prints them', () => {
  it('are read back', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), anyValue), { maxLength: 4 }), (entries) => {
        const given = new Map(entries);
        expect(pythonArguments(`before ${printed(given)} behind`, 7)).toEqual(given);
      }),
    );
  });

  it('keep what is no literal as text, and go on behind it', () => {
    const given = pythonArguments(
      'dtype=torch.bfloat16, path=/models/a--b, mode=<Mode.FULL: (2, 1)>, sub=Config(backend=\'auto\', deep={"on":true}), size=1.5e3, last=7)',
      0,
    );
    expect(Object.fromEntries(given)).toEqual({
      dtype: 'torch.bfloat16',
      path: '/models/a--b',
      mode: '<Mode.FULL: (2, 1)>',
      sub: new Map<string, PythonValue>([
        ['backend', 'auto'],
        ['deep', new Map([['on', true]])],
      ]),
      size: 1500,
      last: 7,
    });
  });

  it('that end early are taken as far as they go', () => {
    expect(pythonArguments("{'tp': 8, 'model': 'acme/ti", 0)).toEqual(
      new Map<string, PythonValue>([
        ['tp', 8],
        ['model', 'acme/ti'],
      ]),
    );
  });

  it('end for any text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), fc.nat({ max: 20 }), (text, at) => pythonArguments(text, at) instanceof Map));
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'(){}[]<>=:,\'"\\a1 '), maxLength: 300 }),
        (text) => pythonArguments(text, 0) instanceof Map,
      ),
    );
  });
});
