import { stepTokens } from '../engine/batchTokens.ts';
import type { Deployment } from '../engine/deployment.ts';
import { expertPadding } from '../engine/expertKernel.ts';
import { kvLayout } from '../engine/kvLayout.ts';
import { admittedSequences } from '../engine/maxSequences.ts';
import { memoryFraction } from '../engine/memoryFraction.ts';
import { waysOf } from '../engine/spread.ts';
import { type Term, TermSheet } from '../evidence/term.ts';
import { statedScale } from '../model/checkpointSize.ts';
import { encodingOf, scaleCount } from '../model/encoding.ts';
import { loadedBytesPerLayer, type Placement, type TensorGroup } from '../model/tensors.ts';
import { GIB } from '../units/bytes.ts';
import { type KvPool, kvPool } from './kvCache.ts';
import type { MemoryPlan } from './memoryPlan.ts';
import { overheadGiB } from './overhead.ts';
import { occurrences, type Stage, stagesOf } from './stage.ts';
import { extraBytes, loadedGroups, shardBytes } from './weights.ts';

/** The count of a placement's layers on the stage as a symbol, where it is one of those that many groups share. */
const OCCURRENCES: Readonly<Partial<Record<Placement, string>>> = {
  'every-layer': 'layersOfStage',
  'dense-layers': 'denseLayersOfStage',
  'expert-layers': 'expertLayersOfStage',
};

function countFormula({ placement, layers }: TensorGroup, count: number): string {
  return (layers === undefined ? OCCURRENCES[placement] : undefined) ?? String(count);
}

/** Bytes of one tensor of the group as an engine keeps them, spelled out. */
function tensorFormula({ encoding, rows, columns }: TensorGroup): string {
  const { bitsPerWeight, scaleBytes, bytesPerColumn, bytesPerTensor, tensorBytesLoaded } = encodingOf(encoding);
  const scales = scaleCount(encoding, rows, columns);
  const parts = [`${rows} * ${columns} * ${bitsPerWeight} / 8`];
  if (scales > 0) parts.push(`${scales} * ${scaleBytes}`);
  if (bytesPerColumn > 0) parts.push(`${columns} * ${bytesPerColumn}`);
  if (tensorBytesLoaded && bytesPerTensor > 0) parts.push(`${bytesPerTensor}`);
  return parts.length > 1 ? `(${parts.join(' + ')})` : parts.join('');
}

function addShape(sheet: TermSheet, deployment: Deployment, stage: Stage): void {
  const { model, layout } = deployment;
  const source = model.architectureSource;
  const layersWith = (placement: Placement) => occurrences({ placement }, stage, model.architecture);
  sheet
    .input('layersOfStage', 'layers on the tightest stage', '', stage.layers.length, source)
    .input('denseLayersOfStage', 'of these with a dense FFN', '', layersWith('dense-layers'), source)
    .input('expertLayersOfStage', 'of these with experts', '', layersWith('expert-layers'), source)
    .input('experts', 'routed experts per layer', '', model.architecture.experts?.experts ?? 0, source);
  for (const ways of ['tp', 'attentionDp', 'ep', 'dcp', 'dp'] as const)
    sheet.input(ways, `${ways} of the layout`, '', layout[ways], 'kplan');
}

function addWeights(sheet: TermSheet, deployment: Deployment, stage: Stage, plan: MemoryPlan): void {
  const padding = expertPadding(deployment);
  const scale = statedScale(deployment.model, deployment.checkpoint);
  const stated = scale === 1 ? '' : ` * ${scale}`;
  const parts: string[] = [];
  const add = (id: string, label: string, bytes: number, formula: string) => {
    sheet.formula(`weights_${id}`, label, 'B', bytes, formula);
    parts.push(`weights_${id}`);
  };
  for (const group of loadedGroups(deployment)) {
    const count = occurrences(group, stage, deployment.model.architecture);
    if (count === 0) continue;
    const padded = group.split === 'experts' && padding !== 1 ? ` * ${padding}` : '';
    const bytes = shardBytes(group, loadedBytesPerLayer(group) * count * scale, deployment);
    const formula = `${countFormula(group, count)} * ${group.tensors} * ${tensorFormula(group)} * 1 B / ${waysOf(group, deployment).formula}${padded}${stated}`;
    add(group.id, `weights: ${group.label} (${group.encoding})`, bytes, formula);
  }
  for (const extra of extraBytes(deployment, stage)) add(extra.id, `beside the checkpoint: ${extra.label}`, extra.bytes, extra.formula);
  const offset = deployment.calibration?.weightOffsetBytes ?? 0;
  if (offset !== 0) add('calibration', 'what the calibration loads beyond the arithmetic', offset, `${offset} B`);
  sheet.formula('weightBytesPerGpu', 'weights on one GPU', 'B', plan.weightBytesPerGpu, `ceil(${parts.join(' + ')}, B)`);
}

const OVERHEAD_LABEL = 'activations, graphs, communication';

/** The overhead as the sum of its fitted parts, or as the band of the vendor where nothing was fitted. */
function addOverhead(sheet: TermSheet, deployment: Deployment, plan: MemoryPlan): void {
  const { parts, source } = overheadGiB(deployment);
  if (parts.length === 0) {
    sheet.input('overheadBytesPerGpu', OVERHEAD_LABEL, 'B', plan.overheadBytesPerGpu, source);
    return;
  }
  for (const { id, label, bytes, formula } of parts) sheet.lookup(`overhead_${id}`, label, 'B', bytes, formula(), source);
  const offset = deployment.calibration?.overheadOffsetBytes ?? 0;
  if (offset !== 0) sheet.input('overhead_calibration', 'what the calibration shows beyond the fit', 'B', offset, 'user');
  sheet.formula(
    'overheadBytesPerGpu',
    OVERHEAD_LABEL,
    'B',
    plan.overheadBytesPerGpu,
    `overhead_nonTorch + max(overhead_forward, overhead_sampler) + overhead_graphs${offset === 0 ? '' : ' + overhead_calibration'}`,
  );
}

function addBudget(sheet: TermSheet, deployment: Deployment, plan: MemoryPlan): void {
  const total = deployment.gpu.torchTotalGiB;
  const fraction = memoryFraction(deployment);
  if (!total) return;
  sheet.input('engineVisibleBytes', 'memory that the engine sees', 'B', total.value * GIB, total.source);
  const label = `memory fraction: ${fraction.explanation}`;
  if (fraction.formula === null) sheet.input('memoryFraction', label, '', fraction.value, fraction.source);
  else sheet.formula('memoryFraction', label, '', fraction.value, fraction.formula);
  sheet.formula(
    'budgetBytesPerGpu',
    'budget of the engine on one GPU',
    'B',
    plan.budgetBytesPerGpu,
    'ceil(engineVisibleBytes * memoryFraction, B)',
  );
  addOverhead(sheet, deployment, plan);
  sheet.formula(
    'kvMemoryBytesPerGpu',
    'memory left for the KV cache',
    'B',
    plan.kvMemoryBytesPerGpu,
    'budgetBytesPerGpu - weightBytesPerGpu - overheadBytesPerGpu',
  );
}

/** Tokens of all caches, for pools of whole contexts and for those whose tokens depend on the context. */
function tokensFormula({ hybrid }: KvPool): string {
  return hybrid
    ? 'floor(kvBlocks / blocksPerSequence * contextTokens, token) * attentionDp * dp'
    : 'kvBlocks * blockTokens * dcp * attentionDp * dp';
}

function addKvCache(sheet: TermSheet, deployment: Deployment, stage: Stage, plan: MemoryPlan): void {
  const { model, contextTokens } = deployment;
  const admitted = admittedSequences(deployment);
  const step = stepTokens(deployment);
  const pool = kvPool(deployment, stage);
  const { blockBytes, blocksPerSequence } = pool;
  const layout = kvLayout(deployment);
  const bytesPerToken = pool.kinds.reduce((sum, { layers, bytesPerToken: each }) => sum + layers * each, 0);
  const perToken = pool.kinds.filter(({ stateBytes }) => stateBytes === 0).map(({ layers, formula }) => `${layers} * (${formula})`);
  const blocks = (memory: number) => Math.max(0, Math.floor(memory / blockBytes));
  const { low, value, high } = plan.kvMemoryBytesPerGpu;
  for (const { name, stateBytes } of pool.kinds.filter((kind) => kind.stateBytes > 0))
    sheet.input(
      `stateBytes_${name.replaceAll('-', '_')}`,
      `state of a sequence in one ${name} layer on one rank`,
      'B',
      stateBytes,
      model.architectureSource,
    );
  sheet
    .formula(
      'bytesPerTokenOnRank',
      `bytes of one token on a rank that holds it (${layout})`,
      'B/token',
      bytesPerToken,
      `(${perToken.join(' + ')}) * 1 B/token`,
    )
    .input('contextTokens', 'context of one sequence', 'token', contextTokens, 'user')
    .input('blockTokens', 'tokens in a block', 'token', pool.blockTokens, 'kplan')
    .input('batchTokens', 'tokens that one step may carry', 'token', step.value, step.source)
    .formula('blockBytes', 'bytes of a block over the layers that share it', 'B', blockBytes, pool.blockBytesFormula)
    .formula(
      'kvBlocks',
      'blocks of the KV memory of one GPU',
      '',
      { low: blocks(low), value: blocks(value), high: blocks(high) },
      'max(0, floor(kvMemoryBytesPerGpu / blockBytes))',
    )
    .formula('blocksPerSequence', 'blocks that one sequence of the context takes', '', blocksPerSequence, pool.blocksPerSequenceFormula)
    .formula(
      'kvBytesPerToken',
      'bytes of one token of context on one GPU',
      'B/token',
      plan.kvBytesPerToken,
      pool.hybrid ? 'blockBytes * blocksPerSequence / contextTokens' : 'bytesPerTokenOnRank / dcp',
    )
    .formula('kvTokens', 'tokens that the KV caches hold', 'token', plan.kvTokens, tokensFormula(pool))
    .input('maxNumSeqs', 'sequences per step that the engine admits', '', admitted.value, admitted.source)
    .formula(
      'sequences',
      'sequences of that context at once',
      '',
      plan.sequences,
      'min(maxNumSeqs, floor(kvBlocks / blocksPerSequence)) * attentionDp * dp',
    );
}

/**
 * The derivation of a memory plan: every tensor group, the budget, the overhead, the KV cache and its sequences.
 *
 * @returns terms whose formulas evaluate to the plan's figures; weights, overhead and KV memory add up to the budget
 */
export function memoryTerms(deployment: Deployment, plan: MemoryPlan): Term[] {
  const stage = stagesOf(deployment.model.architecture, deployment.layout.pp)[plan.stage];
  if (!stage) throw new Error(`a plan for stage ${plan.stage} of ${deployment.layout.pp}`);
  const sheet = new TermSheet();
  addShape(sheet, deployment, stage);
  addWeights(sheet, deployment, stage, plan);
  addBudget(sheet, deployment, plan);
  addKvCache(sheet, deployment, stage, plan);
  return sheet.terms;
}
