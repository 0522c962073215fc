import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moduleMatcher } from '../../../src/importers/model/translate/moduleMatcher.ts';
import { safePattern } from '../../../src/importers/model/translate/safePattern.ts';
import { faultOf } from './support/environment.ts';

/** What Python's `re.match` does: from the beginning, not to the end. */
const asRegExp = (pattern: string) => new RegExp(`^(?:${pattern})`);

describe('a regular expression of a stranger', () => {
  const NAMES = [
    'lm_head',
    'model.layers.0.self_attn.q_proj',
    'model.layers.10.mlp.gate_proj',
    'model.layers.10.mlp.gate',
    'model.layers.3.mlp.experts.17.down_proj',
    'language_model.model.layers.3.mlp.shared_experts.up_proj',
    'visual.blocks.0.attn.qkv',
    '',
    'a\nb',
  ];
  it.each([
    '.*self_attn.*',
    '.*mlp\\.(gate|up|gate_up|down)_proj.*',
    '.*\\.mlp\\.gate$',
    'model\\.layers\\.(0|1|2)\\..*',
    'model.layers.[0-4].mlp.*',
    '.*layers\\.\\d+\\.mlp\\.(?!experts).*',
    '^(?!.*experts).*proj$',
    '(?:lm_head|visual).*',
    '.*experts\\.\\d{2}\\.',
    '.*layers\\.\\d{2,}\\.',
    '.*(?=mlp).*gate(?:_proj)?$',
    '(?P<name>model).+?gate',
    '[^.]*$',
    '[\\w-]+\\.blocks',
    'a.b',
    '',
    '|x',
    '.*[a-c][^a-c]b?l{1,3}',
  ])('%j matches what it says', (pattern) => {
    const test = safePattern(pattern, 'ignore');
    const twin = asRegExp(pattern.replace('?P<', '?<'));
    expect(NAMES.filter(test)).toEqual(NAMES.filter((name) => twin.test(name)));
  });

  it('agrees with the language’s own engine', () => {
    const atom = fc.constantFrom('a', 'b', '.', '\\.', '[ab]', '[^a]', '(?:ab|b)', '(a|)', '\\w', '^', '$');
    const repeated = fc
      .tuple(atom, fc.constantFrom('', '*', '+', '?', '{2}', '{1,2}'))
      .map(([part, times]) => (/[\^$]/.test(part) && part.length === 1 ? part : part + times));
    const text = fc.array(fc.constantFrom('a', 'b', '.', 'c'), { maxLength: 8 }).map((letters) => letters.join(''));
    fc.assert(
      fc.property(
        fc.array(repeated, { maxLength: 5 }).map((parts) => parts.join('')),
        text,
        (pattern, subject) => {
          expect(safePattern(pattern, 'ignore')(subject), pattern).toBe(asRegExp(pattern).test(subject));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each(['(a+)+$', '(a|a)*$', '(a*)*b', '(.*)*(.*)*(.*)*x', '(((a*)*)*)*b', '.*.*.*.*.*.*.*.*x', '(a?){30}a{30}'])(
    '%j is no slower than others',
    (pattern) => {
      const started = performance.now();
      safePattern(pattern, 'ignore')('a'.repeat(40));
      expect(performance.now() - started).toBeLessThan(200);
    },
  );

  it.each([
    ['a backreference', '(a)\\1', 'unsupported'],
    ['lookbehind', '(?<=a)b', 'unsupported'],
    ['a flag', '(?i)a', 'unsupported'],
    ['an open group', '(a', 'unsupported'],
    ['a closed one', 'a)', 'unsupported'],
    ['an open set', '[a', 'unsupported'],
    ['nothing to repeat', '*a', 'unsupported'],
    ['too many repeats', '(?:a{200}){200}', 'unsupported'],
    ['repeats of repeats', '((a{60}){60}){60}', 'unsupported'],
    ['repeats turned round', 'a{3,1}', 'unsupported'],
    ['groups within groups', '('.repeat(60) + ')'.repeat(60), 'unsupported'],
    ['a page of it', 'a'.repeat(501), 'invalid'],
  ])('is refused for %s', async (_, pattern, code) => {
    expect((await faultOf(() => safePattern(pattern, 'config.json: ignore'))).code).toBe(code);
  });
});

describe('a list of modules', () => {
  it('takes a name for itself, for what is in it, and for the end of a path', () => {
    const matches = moduleMatcher(['lm_head', 'gate', 'model.layers.0', 'mlp.router'], 'ignore');
    const named = ['lm_head', 'model.lm_head', 'model.layers.3.mlp.gate', 'model.layers.0.mlp.up_proj', 'model.layers.2.mlp.router'];
    expect(named.filter(matches)).toEqual(named);
    expect(['model.layers.3.mlp.gate_proj', 'model.layers.01.x', 'lm_heads', 'model.layers.2.router'].filter(matches)).toEqual([]);
  });

  it('takes a star for any letters, over the whole path', () => {
    const matches = moduleMatcher(['language_model.model.layers.0*', 'model.layers.*.self_attn', 'a*b*c', '*router'], 'ignore');
    const named = ['language_model.model.layers.0.mlp.up_proj', 'model.layers.12.self_attn', 'aXbYbc', 'abc', 'x.router'];
    expect(named.filter(matches)).toEqual(named);
    expect(['model.layers.0.x', 'model.layers.12.self_attn.q_proj', 'ac', 'acb', 'abcd', 'router.x'].filter(matches)).toEqual([]);
  });

  it('is bounded in length and in work', async () => {
    const many = Array.from({ length: 5000 }, (_, index) => `re:.*layers.${index}.*`);
    expect((await faultOf(() => moduleMatcher(many, 'config.json: ignore'))).details.where).toBe('config.json: ignore');
    const slow = Array.from({ length: 4000 }, (_, index) => `re:(.*.*.*.*.*.*.*.*)*${index}x`);
    const matches = moduleMatcher(slow, 'config.json: ignore');
    const started = performance.now();
    const fault = await faultOf(() =>
      Array.from({ length: 10_000 }, (_, index) => matches(`model.layers.${index}.mlp.experts.0.gate_proj`)),
    );
    expect(fault.code).toBe('invalid');
    expect(performance.now() - started).toBeLessThan(8000);
  });

  it('with a pattern per layer is done quickly', () => {
    const matches = moduleMatcher(
      Array.from({ length: 300 }, (_, index) => `re:.*layers\\.${index}\\.self_attn.*`),
      'ignore',
    );
    const started = performance.now();
    const found = Array.from({ length: 3000 }, (_, index) => matches(`model.layers.${index % 100}.self_attn.q_proj`));
    expect(found.every((each) => each)).toBe(true);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
