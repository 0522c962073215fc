import type { Knowledge } from '../../throughput/knowledge.ts';
import type { Catalog } from '../catalog.ts';
import { knowledgeFor } from '../speed/ownKnowledge.ts';
import type { HostingQuery, HostingQuestion } from './hostingQuestion.ts';
import { type Refusal, type SelfHost, selfHosts } from './selfHost.ts';
import { askedOffers, checkPlace } from './supplies.ts';

/** Every fleet that was asked for, and what is known of speed on the day of the question. */
export interface Fleets {
  readonly knowledge: Knowledge;
  readonly sides: readonly SelfHost[];
  readonly refusals: readonly Refusal[];
}

/** A GPU type that was asked for and is in no row, as an answer tells it. */
export interface RefusalLine {
  readonly gpu: string;
  readonly code: string;
  readonly message: string;
}

/**
 * The fleets of a question: for each GPU type and way to pay for it the layout that carries most per instance, or why there is none.
 *
 * @param query names the offers and brings measurements of the user's own
 * @throws Fault `unknown` or `contradiction` for an offer, a provider or a region that cannot be meant
 */
export function fleetsOf(query: HostingQuery, question: HostingQuestion, catalog: Catalog): Fleets {
  const { fit, asOf } = question;
  const knowledge = knowledgeFor(query.ownMeasurements ?? [], fit.base.model.family, asOf, catalog);
  checkPlace(question, catalog);
  const offers = askedOffers(query, fit.gpus, catalog, asOf);
  const outcomes = fit.gpus.flatMap((ask) => selfHosts(question, ask, catalog, knowledge, offers));
  return {
    knowledge,
    sides: outcomes.filter((outcome): outcome is SelfHost => 'supply' in outcome),
    refusals: outcomes.filter((outcome): outcome is Refusal => 'code' in outcome),
  };
}

/** Every GPU type without a row: refused, or with an unknown speed. */
export function unpricedLines({ sides, refusals }: Pick<Fleets, 'sides' | 'refusals'>): RefusalLine[] {
  return [
    ...refusals.map(refusalLine),
    ...sides.flatMap(({ gpu, capacity }) =>
      capacity.kind === 'no-measurement' ? [{ gpu: gpu.id, code: capacity.kind, message: capacity.reason }] : [],
    ),
  ];
}

/** A refusal as an answer tells it. */
export function refusalLine({ gpu, code, message }: Refusal): RefusalLine {
  return { gpu: gpu.id, code, message };
}
