import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { given, withField } from '../support/formulaField.ts';
import { scenarioIn } from '../support/scenarioText.ts';

describe('formulas', () => {
  it('any text is refused, or gives a finite number', async () => {
    const piece = fc.constantFrom(
      ...[
        'developers',
        'days',
        'min(',
        ')',
        '(',
        ',',
        '+',
        '-',
        '*',
        '/',
        '^',
        '%',
        '?',
        ':',
        '<',
        '==',
        ' and ',
        ' not ',
        'token',
        'hour',
      ],
      ...['1', '2.5', '1e3', ' ', '.', '[', '{', '=', 'constructor', '__proto__', 'x', '!', '0x1'],
    );
    const formulas = fc.array(piece, { minLength: 1, maxLength: 12 }).map((parts) => `=${parts.join('')}`);
    await fc.assert(
      fc.asyncProperty(formulas, async (formula) => {
        try {
          const { words } = await scenarioIn(withField('workload.users', formula));
          expect(Number.isFinite(Number(words.get('users')?.value))).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ name: 'Fault', details: { where: expect.stringMatching(/^kplan\.yaml:4:\d+ /) } });
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('sums of plain arithmetic agree with JavaScript', () => {
  const node: fc.Arbitrary<string> = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.integer({ min: 1, max: 99 }).map(String),
      fc.constantFrom('developers', 'days', 'share'),
      fc.tuple(tie('tree'), fc.constantFrom('+', '-', '*', '/'), tie('tree')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    ),
  })).tree;

  it('of any shape', async () => {
    await fc.assert(
      fc.asyncProperty(node, async (expression) => {
        const wanted = new Function('developers', 'days', 'share', `return ${expression};`)(200, 22, 0.35) as number;
        fc.pre(Number.isFinite(wanted) && expression.length < 900);
        expect(Number(await given('workload.users', `=${expression}`))).toBeCloseTo(wanted, 9);
      }),
      { numRuns: 60 },
    );
  });
});
