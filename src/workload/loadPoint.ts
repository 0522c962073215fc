import { type Estimate, estimate, exactly } from '../evidence/estimate.ts';
import { Fault } from '../faults/fault.ts';
import type { LoadPoint } from '../throughput/loadPoint.ts';
import { checkNumber } from '../units/number.ts';
import { reuseOnCurve } from './reuse/curveLine.ts';
import { rescaledThinking, type ThinkingOutput } from './thinking.ts';
import type { Workload } from './workload.ts';

/** Token counts that replace or stand in for those of a preset. */
export interface WorkloadAsk {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Share of input tokens that both sides serve from their KV cache. */
  readonly reuse?: number;
  /** Share of the output that is thinking. */
  readonly thinkingShare?: number;
  /** Thinking tokens of the model for each one of the traffic. */
  readonly thinkingRatio?: number;
}

/** What is asked per request, with what each side finds in its KV cache. */
export interface Demand {
  readonly workload: Workload | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** As given by the user, for both sides; null where it follows from the preset. */
  readonly askedReuse: number | null;
  /** Share of the output that is thinking; null where nobody says. */
  readonly thinkingShare: number | null;
  /** The output of the traffic, and how many thinking tokens this model needs for each one there. */
  readonly traffic: ThinkingOutput;
  readonly thinkingRatio: number;
  /** Which counts the user gave. */
  readonly asked: { readonly inputTokens: boolean; readonly outputTokens: boolean };
}

/**
 * The demand of a preset, of the user's own counts, or of a preset with some counts replaced.
 *
 * @param workload a preset, or null where input and output tokens are both given
 * @param ask tokens per request and reuse
 * @throws Fault `invalid` for counts that are not above 0 or a reuse outside 0 to 1, `missing` where a count is unknown
 * @example demandOf(kimiChat, { reuse: 0.5 })
 */
export function demandOf(workload: Workload | null, ask: WorkloadAsk): Demand {
  const count = (asked: number | undefined, preset: number | undefined, where: string): number => {
    const tokens = asked ?? preset;
    if (tokens === undefined)
      throw new Fault('missing', 'tokens per request are unknown', { where, allowed: 'a workload, or input and output tokens' });
    return checkNumber(tokens, where, { above: 0, max: 1e9 });
  };
  const inputTokens = count(ask.inputTokens, workload?.inputTokens, '--input-tokens');
  const share = ask.thinkingShare ?? workload?.thinkingShare ?? null;
  const thinkingShare = share === null ? null : checkNumber(share, '--thinking', { min: 0, max: 1 });
  const ratio = checkNumber(ask.thinkingRatio ?? 1, '--thinking-ratio', { min: 0, max: 100 });
  const traffic = { outputTokens: count(ask.outputTokens, workload?.outputTokens, '--output-tokens'), thinkingShare };
  const reuse = ask.reuse ?? (workload ? null : 0);
  return {
    workload,
    inputTokens,
    ...rescaledThinking(traffic, ratio),
    traffic,
    thinkingRatio: ratio,
    asked: { inputTokens: ask.inputTokens !== undefined, outputTokens: ask.outputTokens !== undefined },
    askedReuse: reuse === null ? null : checkNumber(reuse, '--reuse', { min: 0, max: 1 }),
  };
}

/** Prefix reuse at an API, taken to have a KV cache without limits: the ideal share of the workload, or the user's. */
export function apiReuse({ workload, askedReuse }: Demand): number {
  return askedReuse ?? workload?.reuse.value ?? 0;
}

/**
 * Prefix reuse at an API with its band: from the least to the highest share stated for the workload, because the traffic is another's.
 *
 * @returns a share of the input tokens; exact where the user gave it
 * @example apiReuseBand(kimiChat).low // 0.043
 */
export function apiReuseBand(demand: Demand): Estimate {
  const { askedReuse, workload } = demand;
  const value = apiReuse(demand);
  if (askedReuse !== null || !workload) return exactly(value);
  return estimate('modelled', Math.min(value, workload.reuse.low), value, Math.max(value, workload.reuse.high));
}

/** Read from the curve of the workload, or its ideal share where it has none. */
function curveReuse(demand: Demand, kvTokens: number): number {
  const ideal = apiReuse(demand);
  return Math.min(reuseOnCurve(demand.workload?.reuseCurve ?? [], kvTokens) ?? ideal, ideal);
}

/**
 * Prefix reuse that a KV cache of so many tokens reaches: straight between the points of the workload's curve over the logarithm
 * of the tokens, held at its ends and never above the ideal share. The band reaches from the least to the highest share stated for the
 * workload: the curve is that of other traffic.
 *
 * @param demand the workload
 * @param kvTokens tokens that the KV cache of one replica holds
 * @returns a share of the input tokens; exact where the user gave it
 * @example replicaReuse(kimiChat, 788_000).value // between 0.045 at 0.5 M and 0.067 at 1.5 M tokens
 */
export function replicaReuse(demand: Demand, kvTokens: number): Estimate {
  const { askedReuse, workload } = demand;
  if (askedReuse !== null || !workload) return exactly(askedReuse ?? 0);
  const value = curveReuse(demand, kvTokens);
  return estimate('modelled', Math.min(value, workload.reuse.low), value, Math.max(value, workload.reuse.high));
}

/** Whether what a replica finds depends on its rate: the reuse is not given, and the rate behind its curve is known. */
export function dependsOnRate({ askedReuse, workload }: Demand): boolean {
  return askedReuse === null && (workload?.reuseCurveRequestsPerSecond ?? null) !== null;
}

/**
 * KV tokens of a replica as the curve of the workload counts them. Traffic is split by conversation, so that a replica that takes less of
 * it than ran behind the curve keeps it longer, and one that takes more pushes it out sooner: `KV tokens × rate behind the curve / rate`.
 *
 * @param demand the workload
 * @param kvTokens tokens that the KV cache of one replica holds
 * @param requestsPerSecond of one replica
 * @returns the KV tokens as they are where nobody says how much traffic ran behind the curve, or the user gave the reuse
 * @example tokensOnCurve(demandOf(kimiChat, {}), 800_000, 1.7) // 1_600_000
 */
export function tokensOnCurve(demand: Demand, kvTokens: number, requestsPerSecond: number): number {
  const behind = demand.workload?.reuseCurveRequestsPerSecond ?? 0;
  return dependsOnRate(demand) ? (kvTokens * behind) / requestsPerSecond : kvTokens;
}

/** The load that a replica sees: the demand with the reuse that its KV cache reaches. */
export function loadPointOf({ inputTokens, outputTokens }: Demand, reuse: number): LoadPoint {
  return { inputTokens, outputTokens, reuse };
}
