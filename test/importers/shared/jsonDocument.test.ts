import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonGroup } from '../../../src/importers/model/parse/jsonGroup.ts';
import { readJson } from '../../../src/importers/shared/jsonDocument.ts';
import { faultOf } from '../model/support/environment.ts';

const read = (text: string | Buffer, mostBytes = 1_000_000) => readJson(Buffer.from(text as string), { name: 'config.json', mostBytes });

describe('a JSON document of a stranger', () => {
  it('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        fc.pre(!JSON.stringify(value).includes('__proto__'));
        expect(read(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('may hold the infinities that Python writes, which count as absent', () => {
    const limits = JsonGroup.of(read('{"a": [0.0, Infinity], "b": -Infinity, "c": NaN, "d": "Infinity, NaN \\" Infinity", "e": -1}'), 'x');
    expect([limits.list('a', 2), limits.has('b'), limits.text('d'), limits.list('a', 2)[1]]).toEqual([
      [0, null],
      false,
      'Infinity, NaN " Infinity',
      null,
    ]);
    expect(() => limits.count('c', 5)).toThrow('invalid x: c');
  });

  it.each([
    ['a document of a million brackets', '['.repeat(1_000_000), 'nested too deep'],
    ['objects within objects', '{"a":'.repeat(65).concat('1', '}'.repeat(65)), 'nested too deep'],
    ['a key __proto__', '{"a": {"__proto__": {"num_hidden_layers": 3}}}', 'a key that is not allowed'],
    ['a key __proto__ in disguise', '{"\\u005f_proto__": {}}', 'a key that is not allowed'],
    ['half a document', '{"a": 1,', 'not JSON'],
    ['no document', '', 'not JSON'],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 'not text'],
    ['a web page', '<!doctype html><title>x</title>', 'not JSON'],
  ])('%s is refused', async (_, text, reason) => {
    const { code, message } = await faultOf(() => read(text));
    expect(code).toBe('invalid');
    expect(message).toContain(reason);
  });

  it('shows how it begins where it is none', async () => {
    const { details } = await faultOf(() => read('<html>404</html>'));
    expect([details.where, details.value]).toEqual(['config.json', '<html>404</html>']);
  });

  it('is refused unread where it is too large', async () => {
    expect((await faultOf(() => read(`"${'x'.repeat(100)}"`, 50))).details.allowed).toBe('at most 50 bytes');
  });

  it('does not touch other objects', () => {
    expect(() => read('{"__proto__": {"touched": true}}')).toThrow();
    expect(({} as Record<string, unknown>)['touched']).toBeUndefined();
  });
});

describe('a group of keys', () => {
  const group = JsonGroup.of(
    { count: 3, zero: 0, half: 0.5, text: 'a', flag: true, none: null, list: [1, 2], inner: { count: -1 } },
    'config.json',
  );

  it('reads each type and takes null for absent', () => {
    expect([group.count('count', 5), group.amount('zero', 5), group.text('text'), group.flag('flag'), group.flag('none')]).toEqual([
      3,
      0,
      'a',
      true,
      false,
    ]);
    expect([group.has('none'), group.count('none', 5, 7), group.wholes('list', 2, 2)]).toEqual([false, 7, [1, 2]]);
  });

  it.each([
    ['count', () => group.count('count', 2), 'invalid', 'config.json: count'],
    ['half', () => group.count('half', 2), 'invalid', 'config.json: half'],
    ['zero', () => group.count('zero', 2), 'invalid', 'config.json: zero'],
    ['none', () => group.count('none', 2), 'missing', 'config.json: none'],
    ['text', () => group.count('text', 2), 'invalid', 'config.json: text'],
    ['toString', () => group.text('toString'), 'missing', 'config.json: toString'],
    ['inner.count', () => group.group('inner').count('count', 2), 'invalid', 'config.json: inner.count'],
    ['list', () => group.wholes('list', 1, 2), 'invalid', 'config.json: list'],
    ['list values', () => group.wholes('list', 2, 1), 'invalid', 'config.json: list'],
    ['flag', () => group.group('flag'), 'invalid', 'config.json: flag'],
  ])('names %s where it cannot be used', async (_, use, code, where) => {
    const fault = await faultOf(use);
    expect([fault.code, fault.details.where]).toEqual([code, where]);
  });

  it.each([
    [[], 'an empty list'],
    [[{}], 'a list'],
    [{}, 'a group of keys'],
  ])('shows %j as what it is', async (value, shown) => {
    const { details } = await faultOf(() => JsonGroup.of({ key: value }, 'config.json').text('key'));
    expect(details.value).toBe(shown);
  });
});
