import type { TermSheet } from '../../evidence/term.ts';
import { SAMPLES } from '../hosting/fleetVolume.ts';
import type { Crossing } from './breakEvenAnswer.ts';
import type { Comparison } from './comparison.ts';

function crossingTerms(sheet: TermSheet, crossing: Crossing, step: number, pair: Comparison): void {
  const { key: k } = pair.side;
  const { key: t, line } = pair.api;
  const { id, requestsPerMonth: requests } = crossing;
  const { low, value, high } = crossing.tokensPerMonth;
  if (crossing.cheaperBeyond === 'self-host') {
    const residual = `${t}_usdPerRequest * ${id} - fixedUsd - ${step} * ${k}_usdPerStep`;
    sheet.solved(
      id,
      `self-hosting becomes cheaper than ${line.id}`,
      'request/month',
      requests,
      `the API's line meets step ${step} of the fleet's cost`,
      residual,
    );
  } else {
    sheet.formula(
      id,
      `${line.id} becomes cheaper again: the next step of instances starts`,
      'request/month',
      requests,
      `${step} * ${k}_requestsPerStep - spareReplicas * ${k}_plannedRequests`,
    );
  }
  const tokens = { value: value ?? 0, ...(low === null ? {} : { low }), ...(high === null ? {} : { high }) };
  sheet
    .formula(`${id}_tokensPerMonth`, 'the same in tokens', 'token/month', tokens, `${id} * tokensPerRequest`)
    .formula(
      `${id}_utilisation`,
      'share of what the fleet could carry there in all hours paid for',
      '',
      crossing.utilisation,
      `${id} / (${crossing.instances} * (1 instance) / ${k}_instancesPerReplica * ${k}_replicasPerInstance * ${k}_paidRequests)`,
    )
    .formula(
      `${id}_hoursPerDay`,
      'the same as hours of each day at capacity',
      'hour',
      crossing.hoursPerDay,
      `${id}_utilisation * 24 * (1 hour) * ${k}_billedHours / hoursPerMonth`,
    );
}

/** How the crossings of a fleet with an API price, and the odds of one, came about. */
export function comparisonTerms(sheet: TermSheet, pair: Comparison): void {
  const { side, api, crossings, costs, verdict } = pair;
  const prefix = `${side.key}_${api.key}`;
  sheet
    .formula(
      `${prefix}_breakEvenUsdPerMtok`,
      'API price above which a full fleet is cheaper',
      'USD/Mtoken',
      verdict.breakEvenUsdPerMtok ?? 0,
      `${side.key}_usdPerStep / ${side.key}_requestsPerStep / tokensPerRequest * tokensPerMtok`,
    )
    .sampled(
      `${prefix}_probability`,
      'share of samples with a break-even',
      '',
      verdict.probability ?? 0,
      `${SAMPLES} points of a Halton sequence over the price of an instance, the capacity and what the API takes for a request, ends of each band as 10th and 90th percentile`,
    );
  for (const [index, crossing] of crossings.entries()) crossingTerms(sheet, crossing, costs.crossings[index]?.step ?? 1, pair);
}
