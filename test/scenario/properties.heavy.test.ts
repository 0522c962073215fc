import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { Fault } from '../../src/faults/fault.ts';
import { FIELDS, type Field } from '../../src/scenario/fields.ts';
import { TEMPLATE } from '../../src/scenario/template.ts';
import { scenarioIn, wordsIn } from '../support/scenarioText.ts';

const name = fc
  .stringMatching(/^[a-z][a-z0-9.:@-]{0,12}[a-z0-9]$/)
  .filter((text) => !/^(true|false|null|on|off|yes|no)$|\.json$|\.\.|\//.test(text));

/** A value that a field takes, and the word that it stands for. */
function sampleOf({ kind }: Field): fc.Arbitrary<readonly [value: unknown, word: string | true | undefined]> {
  const counted = (most: number) => fc.integer({ min: 0, max: most });
  switch (kind) {
    case 'number':
      return fc.oneof(
        counted(1e9).map((value) => [value, String(value)] as const),
        fc.tuple(counted(99), counted(99)).map(([low, more]) => [`${low}..${low + more}`, `${low}..${low + more}`] as const),
        counted(999).map((value) => [`=${value} / 4`, String(value / 4)] as const),
      );
    case 'tokens':
      return counted(1e6).map((value) => [`${value}k`, `${value}k`] as const);
    case 'size':
      return counted(1e6).map((value) => [`${value}GiB`, `${value}GiB`] as const);
    case 'time':
      return counted(1e6).map((value) => [`${value}ms`, `${value}ms`] as const);
    case 'open':
      return counted(1e6).map((value) => [value, String(value)] as const);
    case 'switch':
      return fc.boolean().map((value) => [value, value || undefined] as const);
    case 'onOff':
      return fc.constantFrom(['on', 'on'] as const, ['off', 'off'] as const);
    case 'list':
      return fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => [names, names.join(',')] as const);
    case 'path':
      return name.map((path) => [path, `./${path}`] as const);
    case 'text':
    case 'pathOrName':
      return name.map((text) => [text, text] as const);
  }
}

const said = fc
  .subarray([...FIELDS], { minLength: 1, maxLength: 12 })
  .chain((fields) => fc.tuple(...fields.map((field) => sampleOf(field).map((value) => ({ field, value })))));

function documentOf(fields: readonly { readonly field: Field; readonly value: readonly [unknown, unknown] }[]): string {
  const root: Record<string, unknown> = { kplan: 1 };
  for (const { field, value } of fields) {
    const keys = field.path.split('.');
    const last = keys.pop() ?? '';
    let group = root;
    for (const key of keys) {
      group[key] ??= {};
      group = group[key] as Record<string, unknown>;
    }
    group[last] = value[0];
  }
  return stringify(root);
}

describe('every scenario', () => {
  it('says the words of its fields, and no others', async () => {
    await fc.assert(
      fc.asyncProperty(said, async (fields) => {
        const wanted = fields.flatMap(({ field, value }) => (value[1] === undefined ? [] : [[field.word, value[1]] as const]));
        expect(await wordsIn(documentOf(fields))).toEqual(Object.fromEntries(wanted));
      }),
      { numRuns: 80 },
    );
  });

  it('that somebody broke is read, or refused at a place', async () => {
    const piece = fc.constantFrom(
      ...[
        '\n',
        ' ',
        '  ',
        ':',
        ': ',
        '- ',
        '[',
        ']',
        '{',
        '}',
        '"',
        "'",
        '=',
        '&a ',
        '*a',
        '!x ',
        '|',
        '>',
        '#',
        '%',
        '\t',
        '? ',
        '---\n',
        '0x1',
        'é',
        '\u0000',
        '\u0085',
        '<<: ',
        ',',
      ],
    );
    const cut = fc.record({ at: fc.nat({ max: TEMPLATE.length }), less: fc.nat({ max: 12 }), more: fc.array(piece, { maxLength: 3 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { minLength: 1, maxLength: 4 }), async (cuts) => {
        const text = cuts.reduce((whole, { at, less, more }) => whole.slice(0, at) + more.join('') + whole.slice(at + less), TEMPLATE);
        try {
          await scenarioIn(text);
        } catch (error) {
          expect(error).toBeInstanceOf(Fault);
          expect((error as Fault).details.where).toMatch(/^kplan\.yaml(:\d+:\d+( [^\p{Cc}]+)?)?$/u);
        }
      }),
      { numRuns: 300 },
    );
  });
});
