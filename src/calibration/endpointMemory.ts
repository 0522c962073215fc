import type { MemoryCalibration } from '../engine/calibration.ts';
import type { EndpointCalibration } from './endpointCalibration.ts';

/**
 * What the KV tokens that an endpoint says it holds add to a plan of the same deployment: what they take less of the KV memory than kplan
 * says is overhead, `KV memory × (1 - measured / predicted)`.
 *
 * @returns null where the endpoint does not say, nobody knows what runs there, or its figure lies outside kplan's band: then memory options
 *   differ from those stated, of which a plan with others may not learn
 * @example endpointMemory(endpointCalibration) // null
 */
export function endpointMemory({ name, date, deployment, kvTokens }: EndpointCalibration): MemoryCalibration | null {
  if (deployment === null || !kvTokens?.predicted || kvTokens.kvMemoryBytesPerGpu === null) return null;
  const { measured, predicted, kvMemoryBytesPerGpu } = kvTokens;
  if (measured < predicted.low || measured > predicted.high) return null;
  const { model, format, gpu, engine, engineVersion, layout } = deployment;
  return {
    name,
    model,
    format,
    gpu,
    engine,
    engineVersion,
    layout,
    weightOffsetBytes: 0,
    overheadOffsetBytes: kvMemoryBytesPerGpu * (1 - measured / predicted.value),
    source: `KV tokens of the endpoint, ${engine} ${engineVersion}, ${date}`,
  };
}
