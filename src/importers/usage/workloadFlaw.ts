import type { JsonPath } from '../shared/jsonPath.ts';
import type { WorkloadDocument } from './workloadDocument.ts';

/** Shares and profiles that people write by hand are rounded. */
const ROUNDED = 0.01;
/** No request has more tokens, and no traffic is burstier than what can be simulated. */
const MOST_TOKENS = 1e9;
const MOST_CV = 100;

/** A figure that its kind allows, but not the figures beside it. */
export interface WorkloadFlaw {
  readonly path: JsonPath;
  readonly reason: string;
  readonly value: unknown;
  readonly allowed: string;
}

type Check = (document: WorkloadDocument) => WorkloadFlaw | null;

const tokens: Check = ({ inputTokens, outputTokens, lengths }) => {
  const all = [
    [['inputTokens'], inputTokens],
    [['outputTokens'], outputTokens],
    ...lengths.flatMap((cell, index) => [
      [['lengths', index, 'inputTokens'], cell.inputTokens],
      [['lengths', index, 'outputTokens'], cell.outputTokens],
    ]),
  ] as [JsonPath, number | null][];
  const [path, value] = all.find(([, count]) => (count ?? 0) > MOST_TOKENS) ?? [];
  return path ? { path, reason: 'more tokens than a request can have', value, allowed: `at most ${MOST_TOKENS}` } : null;
};

const shares: Check = ({ lengths }) => {
  const sum = lengths.reduce((total, { share }) => total + share, 0);
  if (lengths.length === 0 || Math.abs(sum - 1) <= ROUNDED) return null;
  return { path: ['lengths'], reason: 'the shares do not make one whole', value: sum, allowed: 'shares of sum 1' };
};

const reuse: Check = ({ reuse: { low, value, high } }) =>
  low <= value && value <= high
    ? null
    : { path: ['reuse'], reason: 'the band is out of order', value: `${low}, ${value}, ${high}`, allowed: 'low <= value <= high' };

const curve: Check = ({ reuseCurve }) => {
  const index = reuseCurve.findIndex((point, at) => {
    const before = reuseCurve[at - 1];
    return before !== undefined && (point.kvTokens <= before.kvTokens || point.reuse < before.reuse);
  });
  const { kvTokens, reuse: share } = reuseCurve[index] ?? {};
  return index < 0
    ? null
    : {
        path: ['reuseCurve', index],
        reason: 'the curve goes back',
        value: `${kvTokens} tokens, ${share}`,
        allowed: 'points of rising tokens whose reuse never falls',
      };
};

const arrivals: Check = ({ arrivals: seen }) => {
  if (!seen) return null;
  const { gapCv, hours } = seen;
  if ((gapCv ?? 0) > MOST_CV)
    return { path: ['arrivals', 'gapCv'], reason: 'burstier than can be simulated', value: gapCv, allowed: `at most ${MOST_CV}` };
  const mean = (hours ?? []).reduce((sum, rate) => sum + rate, 0) / 24;
  if (hours === null || Math.abs(mean - 1) <= ROUNDED) return null;
  return { path: ['arrivals', 'hours'], reason: 'the mean of the hours is not 1', value: mean, allowed: '24 rates over their mean' };
};

/** The first figure of a workload that contradicts the others; null where they agree. */
export function workloadFlaw(document: WorkloadDocument): WorkloadFlaw | null {
  for (const check of [tokens, shares, reuse, curve, arrivals]) {
    const flaw = check(document);
    if (flaw) return flaw;
  }
  return null;
}
