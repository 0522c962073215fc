import { stepTokens } from '../../engine/batchTokens.ts';
import type { Deployment } from '../../engine/deployment.ts';
import { admittedSequences } from '../../engine/maxSequences.ts';
import { kvElementBytes } from '../../memory/kvLayers.ts';
import { traffic } from '../../model/traffic.ts';
import type { SequenceLimits } from '../../throughput/capacityQuestion.ts';
import { minorVersion } from '../../throughput/curve.ts';
import { levelsOf } from '../../throughput/effects.ts';
import { type Knowledge, knowledgeOf } from '../../throughput/knowledge.ts';
import { machineOf } from '../../throughput/machine.ts';
import { type Replica, speakingSystem } from '../../throughput/replica.ts';
import { knownBy } from '../../units/time.ts';
import type { Catalog } from '../catalog.ts';
import type { JudgedDeployment } from '../judge.ts';

/**
 * What is known of speed on a day: curves of one model's family, and what was measured of any.
 *
 * @param family of the asked model
 */
export function knowledgeOn({ speed, gpus }: Catalog, family: string, asOf: string): Knowledge {
  const measurements = speed.measurements.filter(({ date, stated }) => stated === true || knownBy(date, asOf));
  return knowledgeOf({ ...speed, measurements }, new Map(gpus.map(({ id, vendor }) => [id, vendor])), family);
}

/** A deployment as the question of speed sees it; null where the datasheet figures of its GPU are unknown. */
export function deployedReplica(deployment: Deployment, { curves, calibrated }: Knowledge, asOf: string): Replica | null {
  const { model, checkpoint, gpu, release, layout, kvCacheDtype } = deployment;
  const machine = machineOf(gpu, checkpoint.format, { ...layout, dp: 1 }, kvElementBytes(kvCacheDtype));
  if (!machine) return null;
  const asked = release.engine.id;
  const system = {
    vendor: gpu.vendor,
    gpu: gpu.id,
    engine: asked,
    version: minorVersion(release.version),
    format: checkpoint.format,
    family: model.family,
  };
  const speaking = speakingSystem(curves, system);
  return {
    system: speaking,
    asked,
    engineVersion: release.version,
    layout: machine.layout,
    kvCacheDtype,
    traffic: traffic(model, checkpoint),
    machine,
    batchTokens: stepTokens(deployment).value,
    asOf,
    calibration: calibrated.get(levelsOf(speaking).at(-1) ?? '') ?? null,
  };
}

/** What limits the sequences in flight of one judged replica. */
export function sequenceLimits({ memory, deployment }: JudgedDeployment): SequenceLimits {
  return {
    kvTokens: memory?.kvTokens.value ?? 0,
    maxSequences: admittedSequences(deployment).value * deployment.layout.attentionDp,
  };
}
