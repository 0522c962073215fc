import type { Deployment } from './deployment.ts';
import type { EngineId } from './engine.ts';

/** Something that an engine keeps on a GPU beside the tensors of the checkpoint. */
export type ExtraWeights = 'rotaryTable' | 'kvUpCopies' | 'kvUpBf16' | 'expertIndexPlaceholders';

/** When each engine keeps which. */
const KEPT: Readonly<Record<EngineId, Readonly<Partial<Record<ExtraWeights, (deployment: Deployment) => boolean>>>>> = {
  vllm: {
    rotaryTable: () => true,
    kvUpBf16: ({ checkpoint }) => checkpoint.encoding === 'fp8-block128',
  },
  sglang: {
    rotaryTable: () => true,
    kvUpCopies: () => true,
    expertIndexPlaceholders: ({ checkpoint, gpu }) => checkpoint.encoding === 'int4-g32' && gpu.vendor === 'amd',
  },
};

/** What the engine keeps beside the checkpoint. */
export function extraWeights(deployment: Deployment): ExtraWeights[] {
  const kept = KEPT[deployment.release.engine.id];
  return (Object.keys(kept) as ExtraWeights[]).filter((kind) => kept[kind]?.(deployment));
}

const MARLIN_TILE_COLUMNS = 64;

/** Columns to a multiple of which the expert kernel pads a shard: 64 for Marlin, vLLM's INT4 kernel on NVIDIA; 1 elsewhere. */
export function expertTileColumns({ checkpoint, gpu, release }: Deployment): number {
  const marlin = checkpoint.encoding === 'int4-g32' && gpu.vendor === 'nvidia' && release.engine.id === 'vllm';
  return marlin ? MARLIN_TILE_COLUMNS : 1;
}
