import { stepTokens } from '../engine/batchTokens.ts';
import { isMadeOn, isMadeWith } from '../engine/calibration.ts';
import type { Deployment } from '../engine/deployment.ts';
import type { OverheadFit } from '../engine/engine.ts';
import { compareVersions } from '../engine/version.ts';
import type { BandFact } from '../evidence/source.ts';
import { layersOf } from '../model/layers.ts';
import { encodingOfClass } from '../model/tensors.ts';
import { GIB } from '../units/bytes.ts';
import { activationBytesPerToken, indexerKeyBytes, profiledSequences, residualStreamBytes } from './profileRun.ts';

/** One share of the overhead on a GPU. */
export interface OverheadPart {
  readonly id: 'nonTorch' | 'forward' | 'sampler' | 'graphs';
  readonly label: string;
  readonly bytes: number;
  /** The arithmetic in mathjs syntax, in bytes; spelled out when it is asked for. */
  readonly formula: () => string;
}

/** What an engine needs on one GPU beside weights and KV cache, GiB. */
export interface Overhead extends BandFact {
  /** Forward pass and sampler run one after the other: the larger of them counts. Empty where the vendor's band stands in. */
  readonly parts: readonly OverheadPart[];
}

/** The constants in force for a deployment, or undefined where nothing was fitted for its engine, vendor and version. */
export function overheadFit({ release, gpu }: Pick<Deployment, 'release' | 'gpu'>): OverheadFit | undefined {
  const reached = release.engine.overheadFits.filter(
    ({ vendor, since }) => vendor === gpu.vendor && compareVersions(release.version, since) >= 0,
  );
  return reached.reduce<OverheadFit | undefined>(
    (latest, fit) => (latest && compareVersions(latest.since, fit.since) > 0 ? latest : fit),
    undefined,
  );
}

/** Whether the kernels of the experts work on permuted FP8 copies of what they are given. */
export function hasBlockFp8Experts({ model, checkpoint }: Pick<Deployment, 'model' | 'checkpoint'>): boolean {
  return model.architecture.experts !== null && encodingOfClass(checkpoint, 'routed-experts').startsWith('fp8-block');
}

/** Whether the engine takes an estimate of its graphs out of the budget. */
function countsGraphs({ eager, graphEstimate }: Deployment, fit: OverheadFit): boolean {
  return !eager && (graphEstimate ?? fit.graphsCounted);
}

function nonTorchPart({ layout }: Deployment, fit: OverheadFit): OverheadPart {
  const { tp } = layout;
  const gib = fit.baseGiB + (tp > 1 ? fit.groupGiB + fit.doublingGiB * Math.log2(tp) : 0);
  const group = tp > 1 ? ` + ${fit.groupGiB} + ${fit.doublingGiB} * log2(tp)` : '';
  return {
    id: 'nonTorch',
    label: 'libraries, communication buffers and kernels outside torch',
    bytes: gib * GIB,
    formula: () => `(${fit.baseGiB}${group}) * ${GIB} B`,
  };
}

function forwardPart(deployment: Deployment, fit: OverheadFit): OverheadPart {
  const tokens = stepTokens(deployment).value;
  const perToken = activationBytesPerToken(deployment);
  const streams = residualStreamBytes(deployment);
  const scale = fit.forwardScale + (hasBlockFp8Experts(deployment) ? fit.blockFp8Scale : 0);
  const keys = indexerKeyBytes(deployment);
  const indexer = fit.indexerContexts * deployment.contextTokens * keys;
  return {
    id: 'forward',
    label: 'activations of one profiled step',
    bytes: tokens * (perToken * scale + streams) + indexer,
    formula: () =>
      [
        `${tokens} * ${perToken} B * ${scale}`,
        ...(streams === 0 ? [] : [`${tokens} * ${streams} B`]),
        ...(keys === 0 ? [] : [`${fit.indexerContexts} * ${deployment.contextTokens} * ${keys} B`]),
      ].join(' + '),
  };
}

function samplerPart(deployment: Deployment, fit: OverheadFit): OverheadPart {
  const sequences = profiledSequences(deployment);
  const { vocabularySize } = deployment.model.architecture;
  return {
    id: 'sampler',
    label: 'logits of one profiled sampler run',
    bytes: sequences * vocabularySize * fit.samplerBytes,
    formula: () => `${sequences} * ${vocabularySize} * ${fit.samplerBytes} B`,
  };
}

function graphsPart(deployment: Deployment, fit: OverheadFit): OverheadPart {
  const layers = Math.ceil(layersOf(deployment.model.architecture).length / deployment.layout.pp);
  const counted = countsGraphs(deployment, fit);
  return {
    id: 'graphs',
    label: 'the engine’s estimate of graph memory',
    bytes: counted ? layers * fit.graphsGiBPerLayer * GIB : 0,
    formula: () => (counted ? `${layers} * ${fit.graphsGiBPerLayer} * ${GIB} B` : '0 B'),
  };
}

/** The shares of the overhead of a deployment, by the constants of a fit. */
export function overheadParts(deployment: Deployment, fit: OverheadFit): readonly OverheadPart[] {
  return [nonTorchPart, forwardPart, samplerPart, graphsPart].map((part) => part(deployment, fit));
}

/** `nonTorch + max(forward, sampler) + graphs`, bytes. */
export function sumOfParts(parts: readonly OverheadPart[]): number {
  const bytes = (id: OverheadPart['id']) => parts.find((part) => part.id === id)?.bytes ?? 0;
  return bytes('nonTorch') + Math.max(bytes('forward'), bytes('sampler')) + bytes('graphs');
}

/** Ends of the band around the formula. A log narrows it for its own release and layout alone; for others it can only widen it. */
function spread(fit: OverheadFit, { release, layout, calibration }: Deployment): readonly [number, number] {
  const { lowGiB, highGiB, calibratedLowGiB, calibratedHighGiB } = fit;
  if (!calibration || calibration.overheadOffsetBytes === null) return [lowGiB, highGiB];
  if (isMadeWith(calibration, release.version) && isMadeOn(calibration, layout)) return [calibratedLowGiB, calibratedHighGiB];
  return [Math.min(lowGiB, calibratedLowGiB), Math.max(highGiB, calibratedHighGiB)];
}

function modelled(deployment: Deployment, fit: OverheadFit): Overhead {
  const parts = overheadParts(deployment, fit);
  const value = sumOfParts(parts) / GIB;
  const [below, above] = spread(fit, deployment);
  return { low: value + below, value, high: value + above, source: fit.source, parts };
}

/**
 * What an engine needs on one GPU beside weights and KV cache: `nonTorch + max(forward, sampler) + graphs`, with the cross-validated
 * spread of logs around it; the band of the vendor where nothing was fitted. A calibration moves all three figures; of
 * the same release and layout it narrows the band to the spread that the fit says remains then.
 *
 * @returns GiB; `low` and `high` hold 80 % of real cases
 * @throws {Error} where the catalog has no band for the vendor either: a rule must refuse the deployment first
 */
export function overheadGiB(deployment: Deployment): Overhead {
  const { release, gpu, calibration } = deployment;
  const offset = (calibration?.overheadOffsetBytes ?? 0) / GIB;
  const fit = overheadFit(deployment);
  const band = release.engine.overheadGiB[gpu.vendor];
  if (!fit && !band) throw new Error(`no overhead band for ${release.engine.id} on ${gpu.vendor}: a rule must refuse it first`);
  const overhead = fit ? modelled(deployment, fit) : { ...(band as BandFact), parts: [] };
  const { low, value, high } = overhead;
  return { ...overhead, low: Math.min(Math.max(0, low + offset), value + offset), value: value + offset, high: high + offset };
}
