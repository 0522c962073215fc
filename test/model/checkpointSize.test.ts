import { describe, expect, it } from 'vitest';
import { checkpointSize } from '../../src/model/checkpointSize.ts';
import { groupBytes, groupParameters, tensorGroups } from '../../src/model/tensors.ts';
import { deploymentOf } from '../support/deployments.ts';

const sizeOf = (model: string, format?: string) => {
  const { model: found, checkpoint } = deploymentOf({ model, ...(format ? { format } : {}) });
  return checkpointSize(found, checkpoint);
};

describe('whole checkpoints (facts/model-bytes.md section 2)', () => {
  it.each(['kimi-k2.5', 'kimi-k2.6', 'kimi-k2.7-code'])('%s INT4: parameters and bytes of the published dtype split', (model) => {
    expect(sizeOf(model, 'int4')).toEqual({ parameters: 1_026_879_376_368, bytes: 595_148_192_736 });
  });

  it('K2-Instruct FP8: weights of the dtype split, F8 1,023,893,241,856 + BF16 2,514,967,552 + 23,040 score corrections', () => {
    expect(sizeOf('kimi-k2-instruct')).toEqual({ parameters: 1_026_408_232_448, bytes: 1_029_173_249_888 });
    expect(1_023_893_241_856 + 2_514_967_552 + 23_040).toBe(1_026_408_232_448);
  });

  it('K2-Thinking INT4: the text geometry without vision', () => {
    expect(sizeOf('kimi-k2-thinking')).toEqual({ parameters: 1_026_408_232_448, bytes: 594_205_904_896 });
  });

  it('NVFP4 has the bytes of INT4 only where the ignore list is the same; K2.5 quantises shared experts and the dense layer too', () => {
    expect(sizeOf('kimi-k2.6', 'nvfp4').bytes).toBe(595_148_192_736);
    expect(sizeOf('kimi-k2.7-code', 'nvfp4').bytes).toBe(595_148_192_736);
    expect(sizeOf('kimi-k2.5', 'nvfp4').bytes).toBe(590_779_957_656);
  });

  it('the parameters do not depend on the format', () => {
    const counts = ['int4', 'nvfp4', 'mxfp4'].map((format) => sizeOf('kimi-k2.7-code', format).parameters);
    expect(new Set(counts)).toEqual(new Set([1_026_879_376_368]));
  });
});

const PARTS: readonly [part: string, groups: readonly string[], parameters: number, bytes: number][] = [
  ['embedding', ['embedding'], 1_174_405_120, 2_348_810_240],
  ['output head', ['head'], 1_174_405_120, 2_348_810_240],
  ['q_a', ['queryDown'], 671_612_928, 1_343_225_856],
  ['q_b', ['queryUp'], 1_151_336_448, 2_302_672_896],
  ['kv_a', ['kvDown'], 251_854_848, 503_709_696],
  ['kv_b', ['kvUp'], 511_705_088, 1_023_410_176],
  ['o', ['attentionOutput'], 3_581_935_616, 7_163_871_232],
  ['q_a and kv_a norms', ['latentNorms'], 124_928, 249_856],
  ['layer norms and final norm', ['layerNorms', 'finalNorm'], 881_664, 1_763_328],
  ['dense MLP', ['denseGateUp', 'denseDown'], 396_361_728, 792_723_456],
  ['router', ['router'], 165_150_720, 330_301_440],
  ['score correction, fp32', ['routerBias'], 23_040, 92_160],
  ['shared expert', ['sharedExpertsGateUp', 'sharedExpertsDown'], 2_642_411_520, 5_284_823_040],
  [
    'routed experts with scales and shapes',
    ['routedExpertsGateUp', 'routedExpertsDown'],
    1_014_686_023_680,
    507_343_011_840 + 63_417_876_480 + 552_960,
  ],
];

describe('Kimi-K2.7-Code INT4 tensor by tensor (facts/model-bytes.md section 2)', () => {
  const { model, checkpoint } = deploymentOf();
  const groups = tensorGroups(model.architecture, checkpoint);
  const sum = (ids: readonly string[], size: typeof groupBytes) =>
    groups.filter(({ id }) => ids.includes(id)).reduce((total, group) => total + size(group, model.architecture), 0);

  it.each(PARTS)('%s', (_, ids, parameters, bytes) => {
    expect(groups.filter(({ id }) => ids.includes(id))).toHaveLength(ids.length);
    expect(sum(ids, groupParameters)).toBe(parameters);
    expect(sum(ids, groupBytes)).toBe(bytes);
  });

  it('vision tower and projector', () => {
    const vision = groups.filter(({ module }) => module === 'vision').map(({ id }) => id);
    const projector = vision.filter((id) => id.startsWith('projector'));
    const tower = vision.filter((id) => !projector.includes(id));
    expect([sum(tower, groupParameters), sum(tower, groupBytes)]).toEqual([416_866_032, 833_732_064]);
    expect([sum(projector, groupParameters), sum(projector, groupBytes)]).toEqual([54_277_888, 108_555_776]);
  });

  it('leaves no tensor out of the table', () => {
    const listed = new Set([...PARTS.flatMap(([, ids]) => ids), ...groups.filter(({ module }) => module === 'vision').map(({ id }) => id)]);
    expect(groups.map(({ id }) => id).filter((id) => !listed.has(id))).toEqual([]);
  });
});
