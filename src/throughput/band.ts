import { type Basis, type Estimate, estimate } from '../evidence/estimate.ts';
import type { Traffic } from '../model/traffic.ts';
import type { Situation } from './situation.ts';

/** The quantities that the model predicts. */
export const QUANTITIES = ['tpot', 'ttft', 'outputTokensPerSecond'] as const;

export type Quantity = (typeof QUANTITIES)[number];

/** Measured over predicted: the factors between which 80 % of held-out measurements lay. */
export interface Band {
  readonly low: number;
  readonly high: number;
  /** Held-out measurements behind it. */
  readonly rows: number;
}

/** Bands by quantity and situation, from measurements that the prediction did not know. */
export type Bands = Readonly<Record<Quantity, Readonly<Record<Situation, Band>>>>;

/** Kinds of attention, whose models serve so differently that each has bands of its own: a latent KV cache (MLA), or one of heads. */
export const ATTENTIONS = ['latent', 'heads'] as const;

export type Attention = (typeof ATTENTIONS)[number];

export type BandTable = Readonly<Record<Attention, Bands>>;

/** The kind of attention of a model. */
export function attentionOf({ kvHeads }: Pick<Traffic, 'kvHeads'>): Attention {
  return kvHeads === 1 ? 'latent' : 'heads';
}

/** z of the 90th percentile: a band reaches from the 10th to it. */
const Z90 = 1.2816;

/** A reason to trust a prediction less than its situation says, as a factor either way; 1 where the band holds it already. */
export interface Doubt {
  readonly words: string;
  readonly factor: number;
}

/**
 * The band of a prediction: that of its situation, widened by independent doubts, whose logarithms add in quadrature:
 * `ln high = sqrt(ln(situation)^2 + sum(ln(doubt)^2) + (z * excess deviation)^2)`, and the low end alike.
 *
 * @param excessVariance variance of the model beyond that at its measurements, in the logarithm
 */
export function banded(value: number, basis: Basis, { low, high }: Band, doubts: readonly Doubt[], excessVariance: number): Estimate {
  const more = Math.sqrt(doubts.reduce((sum, { factor }) => sum + Math.log(factor) ** 2, Z90 ** 2 * excessVariance));
  const reach = (end: number) => Math.exp(Math.hypot(Math.max(0, end), more));
  return estimate(basis, value / reach(-Math.log(low)), value, value * reach(Math.log(high)));
}
