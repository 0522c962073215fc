import { replicaGpus } from '../../layout/layout.ts';
import type { Catalog } from '../../plan/catalog.ts';
import { witnessOf } from '../../plan/speed/witness.ts';
import { impliedTpotMs } from '../../throughput/curve.ts';
import type { Witness } from '../../throughput/fitting/speedFit.ts';
import type { Measurement } from '../../throughput/measurement.ts';
import { stepTimes, workOf } from '../../throughput/work.ts';

/** A measured point that cannot be used as it is, and why. */
export interface PointFlag {
  readonly code:
    | 'buffered'
    | 'faster-than-bandwidth'
    | 'faster-than-peak'
    | 'inconsistent'
    | 'saturated'
    | 'speculation'
    | 'unknown-hardware'
    | 'usage';
  /** Id of the point; null where all are meant. */
  readonly point: string | null;
  readonly message: string;
}

/** Datasheets are rounded, and boards run a little above their rated clocks. */
const ROUNDED = 0.97;

function ms(value: number): string {
  return `${Number(value.toPrecision(3))} ms`;
}

/** The times per token that a measurement states or implies: what a curve of it would be read for. */
function perTokenOf(measurement: Measurement): { readonly name: string; readonly value: number }[] {
  const { tpotMs, concurrency, outputTokensPerSecond: rate } = measurement;
  const implied = impliedTpotMs(measurement);
  return [
    ...(tpotMs === null ? [] : [{ name: 'TPOT', value: tpotMs }]),
    ...(tpotMs !== null || implied === null ? [] : [{ name: 'a TPOT by output and TTFT', value: implied }]),
    ...(rate === null ? [] : [{ name: `a time per token by the output (${concurrency} in flight)`, value: (1000 * concurrency) / rate }]),
  ];
}

/**
 * Whether a point is faster than its GPUs can be: a step reads its weights and KV cache once and computes its tokens, so
 * `TPOT >= max((weights + KV bytes) / bandwidth, FLOPs / peak)`, and a prompt is computed before its first token,
 * `TTFT >= prompt FLOPs / peak`, less 3 % for rounded datasheets. What output and concurrency imply is held to the same bound:
 * `concurrency / output`, and where TPOT was not measured `(concurrency × output tokens / output - TTFT) / output tokens`.
 *
 * @returns what contradicts, with the figures
 */
export function contradictions({ measurement, traffic, machine }: Witness): PointFlag[] {
  const work = workOf(traffic, machine, measurement, measurement.concurrency);
  const [, weights = 0, kv = 0, compute = 0] = stepTimes(work, machine, measurement);
  const [reading, computing] = [weights + kv, compute];
  const { id, ttftMs } = measurement;
  const perToken = perTokenOf(measurement);
  const why = 'other GPUs, more of them, another format, or speculative decoding';
  const flags: PointFlag[] = [];
  const least = Math.max(reading, computing);
  const byBandwidth = reading >= computing;
  const [tooFast] = perToken.filter(({ value }) => value < ROUNDED * least);
  if (tooFast)
    flags.push({
      code: byBandwidth ? 'faster-than-bandwidth' : 'faster-than-peak',
      point: id,
      message: `${tooFast.name} of ${ms(tooFast.value)} is less than the ${ms(least)} that ${
        byBandwidth ? 'reading weights and KV cache at the full bandwidth' : 'computing at the peak of the datasheet'
      } takes: ${why}`,
    });
  const gpus = replicaGpus(machine.layout);
  const prompt = (1000 * (work.promptFlops / machine.flopsPerSecond + work.promptAttentionFlops / machine.attentionFlopsPerSecond)) / gpus;
  if (ttftMs !== null && ttftMs < ROUNDED * prompt)
    flags.push({
      code: 'faster-than-peak',
      point: id,
      message: `TTFT of ${ms(ttftMs)} is less than the ${ms(prompt)} that computing the prompt at the peak of the datasheet takes: ${why}, or more of the prompt was found in the KV cache than said`,
    });
  return flags;
}

/**
 * The same of any measurement, whether or not it is fit to be learned from; speculative ones are not judged.
 *
 * @param catalog facts on GPUs and models
 */
export function impossibilities(measurement: Measurement, catalog: Pick<Catalog, 'gpus' | 'models'>): PointFlag[] {
  const witness = witnessOf({ ...measurement, ttftMs: null, outputTokensPerSecond: null }, catalog);
  return witness === null ? [] : contradictions({ ...witness, measurement });
}
