import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layerRuns } from '../../../src/importers/model/translate/layerRuns.ts';
import type { Layer, LayerRun } from '../../../src/model/architecture.ts';

const layer = (letter: string): Layer => ({ mixer: letter.toLowerCase(), ffn: letter === letter.toUpperCase() ? 'experts' : 'dense' });
const layers = (letters: string): Layer[] => [...letters].map(layer);
const expanded = (runs: readonly LayerRun[]) => runs.flatMap((run) => Array.from({ length: run.repeat }, () => run.layers).flat());
const written = (runs: readonly LayerRun[]) =>
  runs
    .map((run) => `${run.repeat}x${run.layers.map(({ mixer, ffn }) => (ffn === 'experts' ? mixer?.toUpperCase() : mixer)).join('')}`)
    .join(' ');

describe('layers as runs', () => {
  it.each([
    ['one dense layer, then experts (Kimi K2)', `a${'A'.repeat(60)}`, '1xa 60xA'],
    ['three dense layers (DeepSeek V3)', `aaa${'A'.repeat(58)}`, '3xa 58xA'],
    ['every other layer with a window (gpt-oss)', 'SF'.repeat(18), '18xSF'],
    ['full attention in every fourth layer (Qwen3-Next)', 'LLLA'.repeat(12), '12xLLLA'],
    ['a window in five of six layers, and two left over (Gemma 3)', `${'sssssf'.repeat(4)}ss`, '4xsssssf 2xs'],
    ['one layer', 'a', '1xa'],
    ['no pattern', 'aBc', '1xaBc'],
  ])('%s', (_, letters, expected) => {
    expect(written(layerRuns(layers(letters)))).toBe(expected);
  });

  it('are the same layers again', () => {
    const list = fc.array(fc.constantFrom(...'aAbB'), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(list, (letters) => {
        expect(expanded(layerRuns(layers(letters.join(''))))).toEqual(layers(letters.join('')));
      }),
    );
  });

  it('never write down more than the pattern that they were made of', () => {
    const pattern = fc.array(fc.constantFrom(...'aAbB'), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(pattern, fc.integer({ min: 2, max: 12 }), (letters, repeat) => {
        const runs = layerRuns(layers(letters.join('').repeat(repeat)));
        const cost = runs.reduce((sum, run) => sum + run.layers.length + 1, 0);
        expect(cost).toBeLessThanOrEqual(letters.length + 1);
      }),
    );
  });

  it('of a thousand layers are found', () => {
    expect(written(layerRuns(layers('aBcA'.repeat(250))))).toBe('250xaBcA');
    expect(written(layerRuns(layers('a'.repeat(1000))))).toBe('1000xa');
  });
});
