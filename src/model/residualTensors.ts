import type { Architecture } from './architecture.ts';
import { norms, type Part, vector } from './part.ts';

/** Hyper-connections: `outputs` weights over all copies of the hidden state, with as many offsets and a few scales. */
function connections(id: string, label: string, outputs: number, scales: number, { hyperConnections: copies, hiddenSize }: Architecture) {
  if (copies === undefined) return [];
  return [vector(id, label, 'norm', 'replicated', outputs * copies * hiddenSize + outputs + scales, { encoding: 'fp32' })];
}

/**
 * What a layer has for its residual stream beside plain addition: a scale; hyper-connections, which mix `n` copies of the hidden state
 * by `(2 + n) * n` weights before and after each half; attention residuals, which choose among earlier blocks.
 */
export function residualParts(architecture: Architecture): Part[] {
  const { hyperConnections: n = 0, attentionResiduals, layerScale, hiddenSize } = architecture;
  return [
    ...(layerScale ? [vector('layerScale', 'layer scale', 'norm', 'replicated', 1)] : []),
    ...connections('hyperConnections', 'hyper-connections', (2 + n) * n, 3, architecture).map((part) => ({ ...part, tensors: 2 })),
    ...(attentionResiduals ? [norms('residualMix', 'norms and vectors over earlier blocks', 4 * hiddenSize)] : []),
  ];
}

/** The same where the layers end. */
export function finalResidualParts(architecture: Architecture): Part[] {
  const { hyperConnections: n = 0, attentionResiduals, hiddenSize } = architecture;
  return [
    ...connections('finalHyperConnections', 'hyper-connections, end', n, 1, architecture),
    ...(attentionResiduals ? [norms('finalResidualMix', 'norm and vector over earlier blocks, end', 2 * hiddenSize)] : []),
  ];
}
