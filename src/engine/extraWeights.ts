import { encodingOf } from '../model/encoding.ts';
import { attentions } from '../model/layers.ts';
import { encodingOfClass } from '../model/tensors.ts';
import { type Deployment, usesMla } from './deployment.ts';
import type { EngineId } from './engine.ts';

/** Something that an engine keeps on a GPU beside the tensors of the checkpoint. */
export type ExtraWeights = 'rotaryTable' | 'keysAsValues' | 'kvUpCopies' | 'kvUpBf16' | 'expertIndexPlaceholders';

function quantisesKvUp({ checkpoint }: Deployment): boolean {
  return encodingOf(encodingOfClass(checkpoint, 'kv-up')).bitsPerWeight < 16;
}

function int4OnAmd({ checkpoint, gpu }: Deployment): boolean {
  return encodingOfClass(checkpoint, 'routed-experts').startsWith('int4-') && gpu.vendor === 'amd';
}

/** When each engine keeps which. */
const KEPT: Readonly<Record<EngineId, Readonly<Partial<Record<ExtraWeights, (deployment: Deployment) => boolean>>>>> = {
  vllm: {
    rotaryTable: () => true,
    keysAsValues: ({ model }) => attentions(model.architecture).some((one) => one.kind === 'gqa' && one.keysAreValues),
    kvUpBf16: (deployment) => usesMla(deployment) && quantisesKvUp(deployment),
  },
  sglang: {
    rotaryTable: () => true,
    kvUpCopies: usesMla,
    expertIndexPlaceholders: int4OnAmd,
  },
};

/** What the engine keeps beside the checkpoint. */
export function extraWeights(deployment: Deployment): ExtraWeights[] {
  const kept = KEPT[deployment.release.engine.id];
  return (Object.keys(kept) as ExtraWeights[]).filter((kind) => kept[kind]?.(deployment));
}
