import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import type { MemoryCalibration } from '../../src/engine/calibration.ts';
import { fit } from '../../src/plan/fit/fit.ts';
import { GIB } from '../../src/units/bytes.ts';

const catalog = loadCatalog();

const CALIBRATION: MemoryCalibration = {
  name: 'serve.log',
  model: 'llama-3.1-8b',
  format: 'bf16',
  gpu: 'h100-sxm',
  engine: 'vllm',
  engineVersion: '0.12.0',
  layout: { tp: 1, pp: 1, dp: 1, ep: 1, dcp: 1, attentionDp: 1 },
  weightOffsetBytes: 0,
  overheadOffsetBytes: GIB,
  source: 'serve.log, vllm 0.12.0, 2026-09-30',
};

const QUERY = { model: 'llama-3.1-8b', gpu: ['h100-sxm:1'], contextTokens: 8192, engine: 'vllm@0.12.0', tp: 1, pp: 1, attentionDp: 1 };

/** The width of the overhead's band, GiB, and what is said of the calibration. */
function answer(change: Partial<MemoryCalibration>, query: object = {}) {
  const { results, assumptions } = fit({ ...QUERY, ...query, calibration: { ...CALIBRATION, ...change } }, catalog);
  const { low, high } = results[0]?.overheadBytesPerGpu ?? { low: Number.NaN, high: Number.NaN };
  return { width: (high - low) / GIB, text: assumptions.find(({ code }) => code === 'calibration')?.text };
}

const wide = (() => {
  const { low, high } = fit(QUERY, catalog).results[0]?.overheadBytesPerGpu ?? { low: Number.NaN, high: Number.NaN };
  return (high - low) / GIB;
})();

describe('fit with a calibration', () => {
  it('narrows the band for its own release and layout', () => {
    const { width, text } = answer({});
    expect(width).toBeLessThan(wide);
    expect(text).not.toContain('band');
  });

  it.each([
    ['another release', { engineVersion: '0.10.2' }, 'made with vLLM 0.10.2 at TP1, so the band stays at least as wide as without'],
    [
      'an assumed release',
      { engineVersion: null },
      'made with an assumed release of vLLM at TP1, so the band stays at least as wide as without',
    ],
    [
      'another layout',
      { layout: { ...CALIBRATION.layout, tp: 8 } },
      'made with vLLM 0.12.0 at TP8, so the band stays at least as wide as without',
    ],
  ])('keeps the band of %s and says so', (_, change, said) => {
    const { width, text } = answer(change);
    expect(width).toBeCloseTo(wide, 1);
    expect(text).toContain(said);
  });

  it('says so of other layouts where none is asked', () => {
    const { text } = answer({}, { tp: undefined, pp: undefined });
    expect(text).toContain('on other layouts the band stays at least as wide as without');
  });

  it.each([
    ['another model', { model: 'gpt-oss-120b' }, 'contradiction', 'llama-3.1-8b'],
    ['another engine', { engine: 'sglang' }, 'contradiction', 'vllm'],
    ['another GPU', { gpu: 'h200-sxm' }, 'contradiction', 'h100-sxm'],
    ['a format that the model has not', { format: 'int3' }, 'unknown', 'int3'],
  ])('is refused where it is of %s', (_, change, code, value) => {
    expect(() => answer(change)).toThrow(
      expect.objectContaining({ code, details: expect.objectContaining({ where: '--calibration', value }) }),
    );
  });

  it('is refused where it is of another format', () => {
    const model = catalog.models.find(({ checkpoints }) => checkpoints.length > 1 && checkpoints[0]?.format !== checkpoints[1]?.format);
    const [first, second] = model?.checkpoints ?? [];
    if (!model || !first || !second) throw new Error('no model of two formats');
    const calibration = { ...CALIBRATION, model: model.id, format: second.format };
    expect(() => fit({ ...QUERY, model: model.id, format: first.format, calibration }, catalog)).toThrow(
      expect.objectContaining({ code: 'contradiction', details: { where: '--calibration', value: first.format, allowed: second.format } }),
    );
  });
});
