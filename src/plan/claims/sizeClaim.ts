import { checkpointSize } from '../../model/checkpointSize.ts';
import { scaleCount } from '../../model/encoding.ts';
import type { Model } from '../../model/model.ts';
import { groupLayers, groupParameters, tensorGroups } from '../../model/tensors.ts';
import { traffic } from '../../model/traffic.ts';
import { formatCount } from '../../units/tokens.ts';
import type { Catalog } from '../catalog.ts';
import { fit } from '../fit/fit.ts';
import { findCheckpoint, findModel } from '../lookup.ts';
import type { SizeClaim } from './claim.ts';
import type { Judged } from './judgement.ts';

/** One INT4 weight with its share of a 16-bit scale per 32. */
const INT4_BYTES = 0.5 + 2 / 32;

interface SizeFigure {
  readonly value: number;
  readonly unit: string;
  readonly arithmetic: string;
}

/** What an older counter of the Hub shows: packed weights unpacked, group scales and shape words counted as parameters. */
function hubParameters(model: Model, format: string | undefined): SizeFigure {
  const checkpoint = findCheckpoint(model, format);
  const { parameters } = checkpointSize(model, checkpoint);
  let scales = 0;
  let words = 0;
  for (const group of tensorGroups(model.architecture, checkpoint)) {
    const tensors = group.tensors * groupLayers(group, model.architecture);
    scales += scaleCount(group.encoding, group.rows, group.columns) * tensors;
    words += group.encoding.startsWith('int4-') ? 2 * tensors : 0;
  }
  const arithmetic = `${formatCount(parameters)} weights + ${formatCount(scales)} group scales + ${formatCount(words)} shape words: a counter's figure, not parameters`;
  return { value: parameters + scales + words, unit: 'parameters', arithmetic };
}

function sizeFigure({ model: name, format, quantity }: SizeClaim, catalog: Catalog): SizeFigure {
  const model = findModel(catalog, name);
  const checkpoint = findCheckpoint(model, format);
  const size = checkpointSize(model, checkpoint);
  const flow = traffic(model, checkpoint);
  switch (quantity) {
    case 'parameters':
      return { value: size.parameters, unit: 'parameters', arithmetic: 'sum over tensor groups of rows × columns × tensors × layers' };
    case 'hub-parameters':
      return hubParameters(model, format);
    case 'checkpoint-bytes':
      return { value: size.bytes, unit: 'B', arithmetic: 'sum over tensor groups of weights, scales and shape words as stored' };
    case 'bytes-at-16-bit':
      return { value: size.parameters * 2, unit: 'B', arithmetic: `${formatCount(size.parameters)} parameters × 2 B` };
    case 'bytes-if-all-int4': {
      const text = tensorGroups(model.architecture, checkpoint)
        .filter(({ module }) => module !== 'vision')
        .reduce((sum, group) => sum + groupParameters(group, model.architecture), 0);
      return {
        value: text * INT4_BYTES,
        unit: 'B',
        arithmetic: `${formatCount(text)} text weights × ${INT4_BYTES} B; in truth only the routed experts are INT4, and the files hold ${formatCount(size.bytes)} B`,
      };
    }
    case 'active-bytes-per-token': {
      const experts = flow.expertLayers * flow.expertsPerToken * flow.expertBytes;
      return {
        value: flow.fixedWeightBytes + experts,
        unit: 'B',
        arithmetic: `${formatCount(flow.fixedWeightBytes)} B read by every step + ${formatCount(experts)} B of experts`,
      };
    }
    case 'active-parameters':
      return {
        value: flow.activeParameters,
        unit: 'parameters',
        arithmetic: 'text parameters that one token meets, the embedding table included',
      };
    case 'loaded-bytes-tp8': {
      const loaded = fit({ gpu: ['h200'], gpus: 8, tp: 8, model: name, contextTokens: 4096 }, catalog).results[0]?.weightBytesPerGpu ?? 0;
      return {
        value: 8 * loaded,
        unit: 'B',
        arithmetic: `8 × ${formatCount(loaded)} B per GPU at TP 8 on vLLM, replicated parts included`,
      };
    }
  }
}

/** Compares a published size with the one that the model arithmetic gives. */
export function judgeSize(check: SizeClaim, catalog: Catalog): Judged {
  const { value, unit, arithmetic } = sizeFigure(check, catalog);
  const { assumption } = findCheckpoint(findModel(catalog, check.model), check.format);
  const off = check.claimed / value - 1;
  const distance = `${off >= 0 ? '+' : ''}${(off * 100).toFixed(1)} %`;
  return {
    claimed: `${formatCount(check.claimed)} ${unit}`,
    computed: `${formatCount(value)} ${unit}`,
    judgement: Math.abs(off) <= check.tolerance ? 'right' : assumption === undefined ? 'wrong' : 'depends',
    arithmetic: `${arithmetic} (claim ${distance})${assumption === undefined ? '' : `; ${assumption}`}`,
  };
}
