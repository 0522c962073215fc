import { attempted } from '../../faults/attempted.ts';
import { Fault } from '../../faults/fault.ts';
import { breakEven } from '../breakEven/breakEven.ts';
import type { Catalog } from '../catalog.ts';
import { bestGpus } from '../dossier/dossier.ts';
import { type DossierQuery, partsFor } from '../dossier/dossierQuery.ts';
import type { FiguredAnswer } from '../figures/figures.ts';
import { fit } from '../fit/fit.ts';
import { given } from '../fit/question.ts';
import { hybrid } from '../hybrid/hybrid.ts';
import { size } from '../size/size.ts';
import { speed } from '../speed/speed.ts';

/** Answers to a question that are compared, and why others could not be given. */
interface ComparedAnswers {
  readonly answers: readonly FiguredAnswer[];
  readonly warnings: readonly string[];
}

/**
 * The answers to a question by which it is compared with another one: what its audience reads, without curves, which have no figures.
 *
 * @throws Fault where the question itself cannot be meant
 */
export function comparedAnswers(query: DossierQuery, catalog: Catalog): ComparedAnswers {
  const { money, size: service, hybrid: hourly, replica = {}, told } = query;
  const parts = partsFor(query);
  const first = breakEven(money, catalog);
  const gpu = bestGpus(first, money.gpu);
  const { gpus: _, ...fleet } = money;
  const warnings: string[] = [...(told?.warnings ?? [])];
  const answered = (part: (typeof parts)[number], answer: () => FiguredAnswer): FiguredAnswer[] => {
    if (!parts.includes(part)) return [];
    const found = attempted(answer);
    if (!(found instanceof Fault)) return [found];
    warnings.push(`not compared: ${part}, ${found.message}`);
    return [];
  };
  return {
    answers: [
      first,
      ...(service ? answered('size', () => size(service, catalog)) : []),
      ...(hourly ? answered('hybrid', () => hybrid(hourly, catalog)) : []),
      ...answered('speed', () => speed({ ...fleet, gpu, ...given('concurrency', replica.concurrency) }, catalog)),
      ...answered('fit', () => fit({ ...fleet, gpu, ...given('sequences', replica.sequences) }, catalog)),
    ],
    warnings,
  };
}
