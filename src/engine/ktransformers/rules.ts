import type { SourceId } from '../../evidence/source.ts';
import type { Host } from '../../hardware/host.ts';
import { attentions } from '../../model/layers.ts';
import type { Checkpoint, Model } from '../../model/model.ts';
import { encodingOfClass } from '../../model/tensors.ts';
import type { ExpertMethod, KTransformers } from './kTransformers.ts';

/** Why an engine cannot serve what is asked, whatever memory there is. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly source: SourceId;
}

/** How CPU and GPU share the experts of a checkpoint; undefined where they cannot. */
export function expertMethod({ methods }: KTransformers, checkpoint: Pick<Checkpoint, 'encodings'>): ExpertMethod | undefined {
  const stored = encodingOfClass(checkpoint, 'routed-experts');
  return methods.find(({ encoding }) => encoding === stored);
}

/**
 * The rule of KTransformers that a model breaks on a host: experts are needed, in a format that CPU and GPU share, and NVIDIA GPUs over
 * whose number attention heads divide.
 *
 * @returns null where nothing is in the way
 */
export function refusalOf(engine: KTransformers, model: Model, checkpoint: Checkpoint, { gpu, gpus }: Host): Refusal | null {
  const [{ source } = { source: '' }] = engine.methods;
  const refuse = (code: string, message: string): Refusal => ({ code: `ktransformers.${code}`, message, source });
  if (model.architecture.experts === null) return refuse('no-experts', `${model.name} has no experts that could stay in RAM`);
  if (expertMethod(engine, checkpoint) === undefined) {
    const known = engine.methods.map(({ encoding }) => encoding).join(', ');
    const stored = encodingOfClass(checkpoint, 'routed-experts');
    return refuse('expert-format', `CPU and GPU cannot share experts in ${stored}, only in ${known}`);
  }
  if (gpu === null) return refuse('no-gpu', 'everything but experts is computed on a GPU, and there is none');
  if (gpu.vendor !== 'nvidia') return refuse('gpu-vendor', `its kernels are made for NVIDIA GPUs, not for ${gpu.name}`);
  const odd = attentions(model.architecture).find(({ heads }) => heads % gpus !== 0);
  return odd ? refuse('tp-heads', `${odd.heads} attention heads do not divide over ${gpus} GPUs`) : null;
}
