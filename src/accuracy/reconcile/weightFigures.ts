import type { Deployment } from '../../engine/deployment.ts';
import type { StartupLog } from '../../importers/startupLog/startupLog.ts';
import { stagesOf } from '../../memory/stage.ts';
import { stageWeightBytes } from '../../memory/weights.ts';
import { GIB } from '../../units/bytes.ts';
import { compared, type ReconcileLine, stated, unlogged, unpredicted } from './line.ts';
import type { LogDeployment } from './logDeployment.ts';

/** Weights may differ by the noise of loading, by 2 % more where ROCm pads them. */
const LOAD_NOISE = 0.01;
const ROCM_PADDING = 0.025;
const SMALLEST_GIB = 0.02;

/** Weights on a GPU of the first stage, whose ranks log first. */
export function weightGiB(deployment: Deployment): number {
  const [stage] = stagesOf(deployment.model.architecture, deployment.layout.pp);
  if (!stage) throw new Error('a pipeline without stages');
  return stageWeightBytes(deployment, stage) / GIB;
}

function withoutDraft({ draft: _, ...deployment }: Deployment): Deployment {
  return deployment;
}

/** The same for what a log counts as weights: with the draft where its engine does. */
export function loadedWeightGiB({ engine, figures }: StartupLog, deployment: Deployment): number {
  return weightGiB(engine === 'sglang' && !figures.draftWeights ? withoutDraft(deployment) : deployment);
}

function explanation({ gpu, checkpoint }: Deployment, residual: number, within: boolean): string {
  const assumed = checkpoint.assumption === undefined ? '' : `; of the checkpoint it is assumed: ${checkpoint.assumption}`;
  if (within && gpu.vendor === 'amd' && residual < 0) return `ROCm pads weights as it loads them${assumed}`;
  if (within) return `noise of loading: allocator rounding and buffers beside the tensors${assumed}`;
  const which =
    residual < 0 ? 'the engine holds more than the tensors of this checkpoint' : 'the checkpoint is stored smaller than assumed';
  return `${which}${assumed || ': is the format right?'}`;
}

/**
 * Weights of the target and of a draft, predicted against the log. vLLM states both in one figure where one process loads them, SGLang
 * one after the other.
 */
export function weightLines(log: StartupLog, { deployment, noWeights }: LogDeployment): ReconcileLine[] {
  const { weights, draftWeights } = log.figures;
  const [target, draft] = [stated(weights), stated(draftWeights)];
  const names = { target: 'weights per GPU', draft: 'weights of the draft per GPU' };
  const unit = 'GiB';
  if (!deployment || noWeights !== null) {
    const reason = noWeights ?? 'the model is not known';
    return [
      ...(target ? [unpredicted('weights', names.target, unit, target, reason)] : []),
      ...(draft ? [unpredicted('draft-weights', names.draft, unit, draft, reason)] : []),
    ];
  }
  const apart = draft !== null || log.engine === 'sglang';
  const predicted = weightGiB(apart ? withoutDraft(deployment) : deployment);
  const noise = deployment.gpu.vendor === 'amd' ? ROCM_PADDING : LOAD_NOISE;
  const held = (id: string, what: string, value: number, logged: NonNullable<typeof target>) =>
    compared({
      id,
      what,
      unit,
      predicted: value,
      logged,
      tolerance: noise * logged.value + SMALLEST_GIB,
      explain: (residual, within) => explanation(deployment, residual, within),
    });
  return [
    target
      ? held('weights', names.target, predicted, target)
      : unlogged('weights', names.target, unit, predicted, 'the log ends before the weights are loaded, or does not print them'),
    ...(draft && deployment.draft ? [held('draft-weights', names.draft, weightGiB(deployment) - predicted, draft)] : []),
  ];
}
