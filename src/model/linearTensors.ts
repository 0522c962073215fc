import type { GatedDelta, KimiDelta, LinearMixer, Mamba2, StateTensor } from './mixer.ts';
import { matrix, norms, type Part, vector } from './part.ts';

const projection = (id: string, label: string, rows: number, columns: number, tensors = 1): Part =>
  matrix(id, label, 'linear-attention', 'linear-heads', [rows, columns, tensors]);

/** The small tensors: convolution, decay, time step and norm, each in 16 bits unless the checkpoint says otherwise. */
function stateParts(
  { convKernel, fp32Tensors = [] }: LinearMixer,
  { channels, decay, timeStep, norm }: { channels: number; decay: number; timeStep: number; norm: number },
): Part[] {
  const encoding = (tensor: StateTensor) => (fp32Tensors.includes(tensor) ? 'fp32' : 'bf16');
  const constants = (id: string, label: string, tensor: StateTensor, size: number) =>
    vector(id, label, 'linear-attention', 'linear-heads', size, { encoding: encoding(tensor) });
  return [
    matrix('convolution', 'short convolution', 'linear-attention', 'linear-heads', [channels, convKernel], {
      encoding: encoding('convolution'),
    }),
    constants('linearDecay', 'decay', 'decay', decay),
    constants('linearTimeStep', 'time step', 'time-step', timeStep),
    { ...norms('linearNorm', 'linear attention norm', norm), encoding: encoding('norm') },
  ];
}

function gatedDeltaParts(mixer: GatedDelta, hiddenSize: number): Part[] {
  const keys = mixer.keyHeads * mixer.keyHeadDim;
  const values = mixer.valueHeads * mixer.valueHeadDim;
  return [
    projection('linearInput', 'linear attention input (q, k, v, z)', 2 * keys + 2 * values, hiddenSize),
    matrix('linearGates', 'linear attention gates (b, a)', 'linear-attention', 'linear-heads', [2 * mixer.valueHeads, hiddenSize], {
      encoding: 'bf16',
    }),
    projection('linearOutput', 'linear attention output', hiddenSize, values),
    ...stateParts(mixer, {
      channels: 2 * keys + values,
      decay: mixer.valueHeads,
      timeStep: mixer.valueHeads,
      norm: mixer.valueHeadDim,
    }),
  ];
}

function kimiDeltaParts(mixer: KimiDelta, hiddenSize: number): Part[] {
  const { heads, headDim, fullRankGate } = mixer;
  const width = heads * headDim;
  return [
    projection('linearInput', 'linear attention input (q, k, v)', width, hiddenSize, 3),
    projection('linearBeta', 'write strength (b)', heads, hiddenSize),
    projection('linearDecayDown', 'decay, down (f_a)', headDim, hiddenSize),
    projection('linearDecayUp', 'decay, up (f_b)', width, headDim),
    ...(fullRankGate
      ? [projection('linearGate', 'output gate (g)', width, hiddenSize)]
      : [
          projection('linearGateDown', 'output gate, down (g_a)', headDim, hiddenSize),
          projection('linearGateUp', 'output gate, up (g_b)', width, headDim),
        ]),
    projection('linearOutput', 'linear attention output', hiddenSize, width),
    ...stateParts(mixer, { channels: 3 * width, decay: heads, timeStep: width, norm: headDim }),
  ];
}

function mamba2Parts(mixer: Mamba2, hiddenSize: number): Part[] {
  const { heads, headDim, stateSize, groups } = mixer;
  const width = heads * headDim;
  const channels = width + 2 * groups * stateSize;
  return [
    projection('linearInput', 'Mamba input (z, x, B, C, dt)', width + channels + heads, hiddenSize),
    projection('linearOutput', 'Mamba output', hiddenSize, width),
    vector('convolutionBias', 'short convolution bias', 'linear-attention', 'linear-heads', channels),
    vector('linearSkip', 'skip', 'linear-attention', 'linear-heads', heads),
    ...stateParts(mixer, { channels, decay: heads, timeStep: heads, norm: width }),
  ];
}

/** Tensors of one layer of a mixer that keeps a state of fixed size. */
export function linearParts(mixer: LinearMixer, hiddenSize: number): Part[] {
  if (mixer.kind === 'gated-delta') return gatedDeltaParts(mixer, hiddenSize);
  return mixer.kind === 'kimi-delta' ? kimiDeltaParts(mixer, hiddenSize) : mamba2Parts(mixer, hiddenSize);
}
