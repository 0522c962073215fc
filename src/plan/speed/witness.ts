import { kvElementBytes } from '../../memory/kvLayers.ts';
import { traffic } from '../../model/traffic.ts';
import { isConsistent, isSaturated, layoutOf } from '../../throughput/curve.ts';
import type { Witness } from '../../throughput/fitting/speedFit.ts';
import { isPlain, systemOf } from '../../throughput/knowledge.ts';
import { machineOf } from '../../throughput/machine.ts';
import type { Measurement } from '../../throughput/measurement.ts';
import type { Catalog } from '../catalog.ts';

/**
 * A measurement with traffic and machine, as the step-time model explains it.
 *
 * @returns null where the catalog lacks its model, format or the datasheet of its GPU, where it speculated or prefilled apart, or where its
 *   figures contradict each other or speak of a full queue
 */
export function witnessOf(measurement: Measurement, { gpus, models }: Pick<Catalog, 'gpus' | 'models'>): Witness | null {
  const gpu = gpus.find(({ id }) => id === measurement.gpu);
  const model = models.find(({ id }) => id === measurement.model);
  const checkpoint = model?.checkpoints.find(({ format }) => format === measurement.format);
  if (!gpu || !model || !checkpoint || !isPlain(measurement)) return null;
  if (!isConsistent(measurement) || isSaturated(measurement)) return null;
  const kvBytes = kvElementBytes(measurement.kvCacheDtype === 'fp8' ? 'fp8' : 'bf16');
  const machine = machineOf(gpu, measurement.format, layoutOf(measurement), kvBytes);
  return machine && { measurement, system: systemOf(measurement, gpu.vendor), traffic: traffic(model, checkpoint), machine };
}
