import { type Estimate, estimate } from '../../evidence/estimate.ts';
import { batchQueue } from '../../serving/batchQueue.ts';
import type { RunningFleet } from './fleetSize.ts';
import type { SimulatedSize } from './simulatedSize.ts';
import type { SizeMethod } from './sizeAnswer.ts';

/** A method's figure with the band of the closed form around it: both read the same speeds. */
function like({ low, value, high, basis }: Estimate, own: number): Estimate {
  return estimate(basis, (own * low) / value, own, (own * high) / value);
}

/**
 * Means of one replica by the closed forms, by the state-dependent queue and by the simulator, with how far each mean wait is from the
 * closed one.
 *
 * @param perReplica requests per second
 * @param most sequences in flight at most, by KV cache and engine
 */
export function methodsOf(
  { running, inFlight, reuse, at, load }: RunningFleet,
  perReplica: number,
  most: number,
  simulated: SimulatedSize | null,
): SizeMethod[] {
  const { ttftMs, tpotMs } = running;
  const queue = batchQueue(at, load, most, perReplica);
  const closed: SizeMethod = {
    code: 'closed-form',
    ttftMs,
    tpotMs,
    inFlight: estimate('modelled', inFlight, inFlight, inFlight),
    reuse,
    ttftOverClosed: 1,
  };
  const birthDeath: SizeMethod = {
    code: 'birth-death',
    ttftMs: queue && like(ttftMs, queue.ttftMs),
    tpotMs: queue && like(tpotMs, queue.tpotMs),
    inFlight: queue && estimate('modelled', queue.inFlight, queue.inFlight, queue.inFlight),
    reuse,
    ttftOverClosed: queue && queue.ttftMs / ttftMs.value,
  };
  if (!simulated) return [closed, birthDeath];
  const { means, reuse: found, inFlight: inFleet } = simulated.fleet;
  const one = (count: number) => count / simulated.replicas;
  return [
    closed,
    birthDeath,
    {
      code: 'simulation',
      ttftMs: means.ttft,
      tpotMs: means.tpot,
      inFlight: estimate('modelled', one(inFleet.low), one(inFleet.value), one(inFleet.high)),
      reuse: found,
      ttftOverClosed: means.ttft.value / ttftMs.value,
    },
  ];
}
