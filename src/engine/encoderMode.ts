import type { Model } from '../model/model.ts';
import type { EncoderMode } from './deployment.ts';
import type { EngineRelease } from './engine.ts';

/**
 * Where an engine puts the vision encoder unless told otherwise: split over the TP group, but SGLang builds Kimi's MoonViT of plain
 * linear layers, which every rank holds whole.
 */
export function defaultEncoderMode({ architecture }: Model, { engine }: EngineRelease): EncoderMode {
  return engine.id === 'sglang' && architecture.vision?.kind === 'moonvit' ? 'data' : 'weights';
}
