import type { DenseFfn, ExpertLayers } from './architecture.ts';
import { matrix, norms, type Part, vector } from './part.ts';

type FfnRole = Pick<Part, 'id' | 'label' | 'module' | 'split'>;

/** The matrices into an FFN (with its gate, if it has one) and the one out of it. */
function ffnParts(
  { id, label, module, split }: FfnRole,
  width: number,
  size: number,
  { matrices = 3, count = 1 }: { matrices?: 2 | 3 | undefined; count?: number },
): Part[] {
  const [inId, inLabel] = matrices === 3 ? ['GateUp', 'gate and up'] : ['Up', 'up'];
  return [
    matrix(`${id}${inId}`, `${label}, ${inLabel}`, module, split, [size, width, (matrices - 1) * count], { ffnAxis: 'rows' }),
    matrix(`${id}Down`, `${label}, down`, module, split, [width, size, count], { ffnAxis: 'columns' }),
  ];
}

/** Tensors of a layer with a dense FFN. */
export function denseParts({ size, matrices }: DenseFfn, hiddenSize: number): Part[] {
  return ffnParts({ id: 'dense', label: 'dense FFN', module: 'dense-ffn', split: 'dense-ffn' }, hiddenSize, size, { matrices });
}

function routerParts({ experts, routerStorage, scoreBias }: ExpertLayers, hiddenSize: number): Part[] {
  const storage = routerStorage === undefined ? {} : { encoding: routerStorage };
  return [
    matrix('router', 'router', 'router', 'replicated', [experts, hiddenSize], storage),
    ...(scoreBias === undefined
      ? []
      : [vector('routerBias', 'router score correction', 'router', 'replicated', experts, { encoding: scoreBias })]),
  ];
}

function sharedParts(experts: ExpertLayers, hiddenSize: number): Part[] {
  const { sharedExperts, expertFfnSize, sharedFfnSize = expertFfnSize, matrices, sharedGate } = experts;
  if (sharedExperts === 0) return [];
  const role: FfnRole = { id: 'sharedExperts', label: 'shared experts', module: 'shared-experts', split: 'shared-ffn' };
  return [
    ...ffnParts(role, hiddenSize, sharedExperts * sharedFfnSize, { matrices }),
    ...(sharedGate ? [vector('sharedExpertsGate', 'gate of the shared experts', 'shared-experts', 'replicated', hiddenSize)] : []),
  ];
}

function routedParts({ experts, expertFfnSize, matrices = 3, bias }: ExpertLayers, width: number): Part[] {
  const role: FfnRole = { id: 'routedExperts', label: 'routed experts', module: 'routed-experts', split: 'experts' };
  const of = (id: string, label: string, size: number) => vector(id, label, 'routed-experts', 'experts', size, { tensors: experts });
  return [
    ...ffnParts(role, width, expertFfnSize, { matrices, count: experts }),
    ...(bias
      ? [
          of('routedExpertsInBias', 'routed experts, biases into the FFN', (matrices - 1) * expertFfnSize),
          of('routedExpertsOutBias', 'routed experts, bias out of the FFN', width),
        ]
      : []),
  ];
}

/** The table over the vocabulary that chooses the experts of a token, in four bytes per entry. */
export function routingTablePart({ expertsPerToken }: ExpertLayers, vocabularySize: number): Part {
  return vector('routerTable', 'router table', 'router', 'replicated', vocabularySize * expertsPerToken, { encoding: 'fp32' });
}

/** Tensors of a layer with experts; shared experts are stored as one FFN that is as wide as all of them. */
export function expertParts(experts: ExpertLayers, hiddenSize: number): Part[] {
  const { latentSize, latentNorm } = experts;
  const latent = (id: string, label: string, rows: number, columns: number) =>
    matrix(id, label, 'expert-latent', 'replicated', [rows, columns]);
  return [
    ...routerParts(experts, hiddenSize),
    ...sharedParts(experts, hiddenSize),
    ...(latentSize === undefined
      ? []
      : [
          latent('expertsLatentDown', 'into the latent of the experts', latentSize, hiddenSize),
          latent('expertsLatentUp', 'out of the latent of the experts', hiddenSize, latentSize),
          ...(latentNorm ? [norms('expertsLatentNorm', 'norm in the latent of the experts', latentSize)] : []),
        ]),
    ...routedParts(experts, latentSize ?? hiddenSize),
  ];
}
