import { LATENCY_METRICS, PERCENTILES } from '../../serving/serviceLevel.ts';
import type { AdviseAnswer } from '../advise/adviseAnswer.ts';
import type { BreakEvenAnswer } from '../breakEven/breakEvenAnswer.ts';
import type { CostAnswer } from '../cost/costAnswer.ts';
import type { FitAnswer } from '../fit/fitAnswer.ts';
import type { HybridAnswer } from '../hybrid/hybridAnswer.ts';
import type { ReuseAnswer } from '../reuse/reuseAnswer.ts';
import type { SizeAnswer } from '../size/sizeAnswer.ts';
import type { SpeedAnswer } from '../speed/speedAnswer.ts';
import type { Figure } from './figure.ts';
import { adviseFigures, breakEvenFigures, costFigures, hybridFigures } from './moneyFigures.ts';
import { fitFigures, reuseFigures, sizeFigures, speedFigures } from './planFigures.ts';

/** The codes of the figures that answers have. */
export const FIGURE_CODES = [
  'cost',
  'replicas',
  'api-cost',
  'break-even',
  'probability',
  'saved',
  'payback',
  'plan-probability',
  'capacity',
  'users',
  'unit-cost',
  'reuse',
  'ttft',
  'tpot',
  ...LATENCY_METRICS.flatMap((metric) => PERCENTILES.map((percentile) => `${metric}-p${percentile}` as const)),
  'output',
  'weights',
  'overhead',
  'kv-memory',
  'kv-tokens',
  'sequences',
] as const;

/** The answers that can be compared number by number. */
export type FiguredAnswer = AdviseAnswer | BreakEvenAnswer | CostAnswer | FitAnswer | HybridAnswer | ReuseAnswer | SizeAnswer | SpeedAnswer;

/**
 * The command that gives answers of a schema.
 *
 * @example commandOf('kplan/size@1') // 'size'
 */
export function commandOf(schema: FiguredAnswer['schema']): string {
  return schema.replace(/^kplan\/|@\d+$/g, '');
}

/** The numbers of an answer by which it is compared with another one to the same kind of question, the most telling first. */
export function figuresOf(answer: FiguredAnswer): Figure[] {
  switch (answer.schema) {
    case 'kplan/advise@1':
      return adviseFigures(answer);
    case 'kplan/breakeven@1':
      return breakEvenFigures(answer);
    case 'kplan/cost@1':
      return costFigures(answer);
    case 'kplan/fit@1':
      return fitFigures(answer);
    case 'kplan/hybrid@1':
      return hybridFigures(answer);
    case 'kplan/reuse@1':
      return reuseFigures(answer);
    case 'kplan/size@1':
      return sizeFigures(answer);
    case 'kplan/speed@1':
      return speedFigures(answer);
  }
}
