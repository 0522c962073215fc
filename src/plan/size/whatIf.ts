import { burst, type FleetEvent } from '../../serving/fleetEvent.ts';
import { SECONDS_PER_HOUR } from '../../units/time.ts';
import type { Simulator } from './fleetTrial.ts';
import { brokenOf } from './simulatedSize.ts';
import type { SizeWhatIf } from './sizeAnswer.ts';
import type { SizeQuestion, WhatIf } from './sizeQuestion.ts';

/** A burst lasts so long, and a failure is watched no longer than an hour. */
const BURST_SECONDS = 600;

function secondsOf({ kind }: WhatIf, coldStartSeconds: number): number {
  return kind === 'burst' ? BURST_SECONDS : Math.min(SECONDS_PER_HOUR, coldStartSeconds);
}

/** Seconds of requests at their usual rate that it takes: in a burst those of a longer time come. */
function trafficSeconds(whatIf: WhatIf, coldStartSeconds: number): number {
  const seconds = secondsOf(whatIf, coldStartSeconds);
  return whatIf.kind === 'burst' ? Math.max(1, whatIf.factor) * seconds : seconds;
}

/** The event behind a question, from the end of the warm-up on. */
function eventOf(whatIf: WhatIf, fromMs: number, coldStartSeconds: number): FleetEvent {
  const forMs = 1000 * secondsOf(whatIf, coldStartSeconds);
  const window = { fromMs, toMs: fromMs + forMs };
  if (whatIf.kind === 'burst') {
    const { factor } = whatIf;
    return {
      failures: [],
      reshape: (requests) => burst(requests, { fromMs, forMs, factor }),
      window,
    };
  }
  const backAfterMs = 1000 * coldStartSeconds;
  return {
    failures: Array.from({ length: whatIf.replicas }, (_, replica) => ({ replica, atMs: fromMs, backAfterMs })),
    reshape: (requests) => requests,
    window,
  };
}

/**
 * What becomes of the waits while replicas are gone, or while requests come denser: with the replicas that are planned, and with spare
 * ones. Waits are measured over the requests that come during it.
 *
 * @param coldStartSeconds until a failed replica serves again, with an empty KV cache
 */
export function whatIfs(
  simulate: Simulator,
  planned: number,
  coldStartSeconds: number,
  { whatIf, levels, hosting }: SizeQuestion,
): SizeWhatIf[] {
  const sizes = [planned, planned + Math.max(1, hosting.spareReplicas)];
  return whatIf.flatMap((asked) =>
    sizes.flatMap((replicas) => {
      const isAllDown = asked.kind === 'fail' && asked.replicas >= replicas;
      const event = {
        seconds: trafficSeconds(asked, coldStartSeconds),
        from: (fromMs: number) => eventOf(asked, fromMs, coldStartSeconds),
      };
      const fleet = isAllDown ? null : simulate({ replicas, event });
      if (!fleet && !isAllDown) return [];
      return [
        {
          kind: asked.kind,
          failed: asked.kind === 'fail' ? asked.replicas : null,
          factor: asked.kind === 'burst' ? asked.factor : null,
          seconds: secondsOf(asked, coldStartSeconds),
          replicas,
          percentiles: fleet?.percentiles ?? null,
          broken: fleet ? brokenOf(fleet, levels) : levels,
        },
      ];
    }),
  );
}
