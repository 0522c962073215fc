import type { Deployment } from '../engine/deployment.ts';
import { admittedSequences } from '../engine/maxSequences.ts';
import { memoryFraction } from '../engine/memoryFraction.ts';
import { mlaBackend } from '../engine/mlaBackend.ts';
import { waysOf } from '../engine/spread.ts';
import { type Term, TermSheet } from '../evidence/term.ts';
import { ENCODINGS, scaleCount } from '../model/encoding.ts';
import { loadedBytesPerLayer, type Placement, type TensorGroup, tensorGroups } from '../model/tensors.ts';
import { GIB } from '../units/bytes.ts';
import { kvElementBytes, latentBytesPerToken } from './kvCache.ts';
import type { MemoryPlan } from './memoryPlan.ts';
import { overheadGiB } from './plan.ts';
import { occurrences, type Stage, stagesOf } from './stage.ts';
import { expertPadding, extraBytes, shardBytes } from './weights.ts';

const OCCURRENCES: Readonly<Record<Placement, string>> = {
  first: '1',
  last: '1',
  'every-layer': 'layersOfStage',
  'dense-layers': 'denseLayersOfStage',
  'expert-layers': 'expertLayersOfStage',
};

/** Stored bytes of one tensor of the group, spelled out. */
function tensorFormula({ encoding, rows, columns }: TensorGroup): string {
  const { bitsPerWeight, scaleBytes, bytesPerTensor, tensorBytesLoaded } = ENCODINGS[encoding];
  const scales = scaleCount(encoding, rows, columns);
  const parts = [`${rows} * ${columns} * ${bitsPerWeight} / 8`];
  if (scales > 0) parts.push(`${scales} * ${scaleBytes}`);
  if (tensorBytesLoaded && bytesPerTensor > 0) parts.push(`${bytesPerTensor}`);
  return parts.length > 1 ? `(${parts.join(' + ')})` : parts.join('');
}

function addShape(sheet: TermSheet, deployment: Deployment, stage: Stage): void {
  const { model, layout } = deployment;
  const source = model.architectureSource;
  sheet
    .input('layersOfStage', 'layers on the tightest stage', '', stage.layers, source)
    .input('denseLayersOfStage', 'of these with a dense FFN', '', stage.denseLayers, source)
    .formula('expertLayersOfStage', 'of these with experts', '', stage.layers - stage.denseLayers, 'layersOfStage - denseLayersOfStage')
    .input('experts', 'routed experts per layer', '', model.architecture.experts.experts, source);
  for (const ways of ['tp', 'attentionDp', 'ep', 'dcp', 'dp'] as const)
    sheet.input(ways, `${ways} of the layout`, '', layout[ways], 'kplan');
}

function addWeights(sheet: TermSheet, deployment: Deployment, stage: Stage, plan: MemoryPlan): void {
  const padding = expertPadding(deployment);
  const parts: string[] = [];
  for (const group of tensorGroups(deployment.model.architecture, deployment.checkpoint)) {
    const count = occurrences(group.placement, stage);
    if (count === 0) continue;
    const padded = group.split === 'experts' && padding !== 1 ? ` * ${padding}` : '';
    const ways = waysOf(group.split, deployment);
    const bytes = shardBytes(group.split, loadedBytesPerLayer(group), count, deployment);
    const formula = `${OCCURRENCES[group.placement]} * ${group.tensors} * ${tensorFormula(group)} * 1 B / ${ways.formula}${padded}`;
    sheet.formula(`weights_${group.id}`, `weights: ${group.label} (${group.encoding})`, 'B', bytes, formula);
    parts.push(`weights_${group.id}`);
  }
  for (const extra of extraBytes(deployment, stage)) {
    sheet.formula(`weights_${extra.id}`, `beside the checkpoint: ${extra.label}`, 'B', extra.bytes, extra.formula);
    parts.push(`weights_${extra.id}`);
  }
  sheet.formula('weightBytesPerGpu', 'weights on one GPU', 'B', plan.weightBytesPerGpu, `ceil(${parts.join(' + ')}, B)`);
}

function addBudget(sheet: TermSheet, deployment: Deployment, plan: MemoryPlan): void {
  const total = deployment.gpu.torchTotalGiB;
  const fraction = memoryFraction(deployment);
  if (!total) return;
  sheet.input('engineVisibleBytes', 'memory that the engine sees', 'B', total.value * GIB, total.source);
  const label = `memory fraction: ${fraction.explanation}`;
  if (fraction.formula === null) sheet.input('memoryFraction', label, '', fraction.value, fraction.source);
  else sheet.formula('memoryFraction', label, '', fraction.value, fraction.formula);
  const overhead = overheadGiB(deployment);
  sheet
    .formula(
      'budgetBytesPerGpu',
      'budget of the engine on one GPU',
      'B',
      plan.budgetBytesPerGpu,
      'ceil(engineVisibleBytes * memoryFraction, B)',
    )
    .input('overheadBytesPerGpu', 'activations, graphs, communication', 'B', plan.overheadBytesPerGpu, overhead.source)
    .formula(
      'kvMemoryBytesPerGpu',
      'memory left for the KV cache',
      'B',
      plan.kvMemoryBytesPerGpu,
      'budgetBytesPerGpu - weightBytesPerGpu - overheadBytesPerGpu',
    );
}

function addKvCache(sheet: TermSheet, deployment: Deployment, stage: Stage, plan: MemoryPlan): void {
  const { model, kvCacheDtype, contextTokens } = deployment;
  const { kvLoraRank, qkRopeHeadDim } = model.architecture.attention;
  const admitted = admittedSequences(deployment);
  sheet
    .input('latentSize', 'latent of one token and layer, elements', '', kvLoraRank + qkRopeHeadDim, model.architectureSource)
    .input('kvElementBytes', `bytes of one element in ${kvCacheDtype}`, 'B', kvElementBytes(kvCacheDtype), 'kplan')
    .formula(
      'latentBytesPerToken',
      'bytes of one token on a rank that holds it',
      'B/token',
      latentBytesPerToken(deployment, stage),
      'layersOfStage * latentSize * kvElementBytes / (1 token)',
    )
    .formula('kvBytesPerToken', 'bytes of one token of context on one GPU', 'B/token', plan.kvBytesPerToken, 'latentBytesPerToken / dcp')
    .input('blockTokens', `tokens in a block (${mlaBackend(deployment).name})`, 'token', mlaBackend(deployment).blockTokens, 'kplan')
    .formula(
      'kvTokens',
      'tokens that the KV caches hold',
      'token',
      plan.kvTokens,
      'max(0, floor(kvMemoryBytesPerGpu / (latentBytesPerToken * blockTokens))) * blockTokens * dcp * attentionDp * dp',
    )
    .input('contextTokens', 'context of one sequence', 'token', contextTokens, 'user')
    .input('maxNumSeqs', 'sequences per step that the engine admits', '', admitted.value, admitted.source)
    .formula(
      'sequences',
      'sequences of that context at once',
      '',
      plan.sequences,
      'min(maxNumSeqs, floor(kvTokens / (dcp * attentionDp * dp * blockTokens) / ceil(contextTokens / (blockTokens * dcp)))) * attentionDp * dp',
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
