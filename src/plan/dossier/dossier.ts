import { attempted } from '../../faults/attempted.ts';
import { Fault } from '../../faults/fault.ts';
import { contextsIn } from '../../units/tokens.ts';
import { type BreakEvenQuery, breakEven } from '../breakEven/breakEven.ts';
import type { BreakEvenAnswer } from '../breakEven/breakEvenAnswer.ts';
import type { Catalog } from '../catalog.ts';
import { cost } from '../cost/cost.ts';
import type { CostAnswer } from '../cost/costAnswer.ts';
import { LEAST_CONTEXT } from '../demand.ts';
import { fit } from '../fit/fit.ts';
import type { FitAnswer } from '../fit/fitAnswer.ts';
import { type FitQuery, given } from '../fit/question.ts';
import { asksVolume } from '../hosting/trafficVolume.ts';
import { hybrid } from '../hybrid/hybrid.ts';
import type { HybridAnswer } from '../hybrid/hybridAnswer.ts';
import { findModel } from '../lookup.ts';
import { size } from '../size/size.ts';
import type { SizeAnswer } from '../size/sizeAnswer.ts';
import { speed } from '../speed/speed.ts';
import type { SpeedAnswer } from '../speed/speedAnswer.ts';
import { type Audience, type DossierQuery, type Part, partsFor } from './dossierQuery.ts';

/** All answers to one question that a report shows; a part that cannot be answered is null, and `missing` says why. */
export interface Dossier {
  readonly schema: 'kplan/report@1';
  readonly audience: Audience;
  /** What the user calls the question; null where it has no name. */
  readonly name: string | null;
  readonly breakEven: BreakEvenAnswer;
  readonly cost: CostAnswer | null;
  readonly hybrid: HybridAnswer | null;
  readonly size: SizeAnswer | null;
  readonly speed: SpeedAnswer | null;
  readonly fit: FitAnswer | null;
  /** What is to be said of the facts behind all answers. */
  readonly told: NonNullable<DossierQuery['told']>;
  readonly missing: readonly { readonly part: Part; readonly reason: string }[];
}

/** Fleets whose speed and memory are shown; of more, the best ones are. */
const MOST_FLEETS = 3;

/** The GPUs of the best fleets, as they are asked for; those of the question where none can serve. */
export function bestGpus({ offers }: BreakEvenAnswer, asked: readonly string[]): readonly string[] {
  const types = [...new Set(offers.map(({ gpu, gpusPerReplica }) => `${gpu}:${gpusPerReplica}`))];
  return types.length === 0 ? asked : types.slice(0, MOST_FLEETS);
}

/** Memory and sequences of fleets, at every doubling of the context. */
export function fitPart(query: BreakEvenQuery & Pick<FitQuery, 'sequences'>, gpu: readonly string[], catalog: Catalog): FitAnswer {
  const { maxContextTokens } = findModel(catalog, query.model).architecture;
  const { gpus: _, ...own } = query;
  return fit({ ...own, gpu, contextTokens: contextsIn({ from: LEAST_CONTEXT, to: maxContextTokens }), terms: true }, catalog);
}

/**
 * Answers a question in all parts that its audience reads: what hosting costs against the API and when it pays, what the traffic costs
 * everywhere, replicas for the service level, speed and memory of the best fleets.
 *
 * @param query the question; `audience` says which parts are answered
 * @param catalog facts
 * @returns a part that lacks something, such as a service level without a load, is null and told under `missing`
 * @throws Fault where the question itself cannot be meant
 * @example dossier({ audience: 'ml', money: { gpu: ['h200'], workload: 'kimi-chat' }, size: null, hybrid: null }, loadCatalog()).fit.results[0].verdict // 'fits'
 */
export function dossier(query: DossierQuery, catalog: Catalog): Dossier {
  const { audience, money, size: service, hybrid: hourly, replica = {} } = query;
  const first = breakEven({ ...money, terms: true, ...(asksVolume(money) ? { sensitivity: true } : {}) }, catalog);
  const gpu = bestGpus(first, money.gpu);
  const { gpus: _, ...fleet } = money;
  const missing: { part: Part; reason: string }[] = [];
  const asked = partsFor(query);
  const answered = <A>(part: Part, answer: () => A): A | null => {
    if (!asked.includes(part)) return null;
    const found = attempted(answer);
    if (!(found instanceof Fault)) return found;
    missing.push({ part, reason: found.message });
    return null;
  };
  return {
    schema: 'kplan/report@1',
    audience,
    name: money.name ?? null,
    breakEven: first,
    cost: answered('cost', () => cost({ ...money, terms: true }, catalog)),
    hybrid: hourly && answered('hybrid', () => hybrid(hourly, catalog)),
    size: service && answered('size', () => size({ ...service, curves: ['day'], sketch: true }, catalog)),
    speed: answered('speed', () => speed({ ...fleet, gpu, ...given('concurrency', replica.concurrency) }, catalog)),
    fit: answered('fit', () => fitPart({ ...money, ...given('sequences', replica.sequences) }, gpu, catalog)),
    told: query.told ?? { assumptions: [], warnings: [] },
    missing,
  };
}
