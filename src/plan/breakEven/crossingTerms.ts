import { requestsPerStep } from '../../cost/fleet.ts';
import type { TermSheet } from '../../evidence/term.ts';
import { SAMPLES } from '../hosting/fleetVolume.ts';
import type { Crossing } from './breakEvenAnswer.ts';
import type { Comparison } from './comparison.ts';

/** The steps of instances on which hosting is cheaper for the first time and for good: what a full step saves pays what is owed beside it. */
function stepTerms(sheet: TermSheet, { side, api, costs, stairs }: Comparison): void {
  const { key: k } = side;
  const { key: t, line } = api;
  const prefix = `${k}_${t}`;
  const price = line.usdPerRequest;
  sheet
    .formula(
      `${prefix}_savedByStep`,
      'saved by a full step of instances',
      'USD/month',
      price * requestsPerStep(stairs) - stairs.usdPerStep,
      `${t}_usdPerRequest * ${k}_requestsPerStep - ${k}_usdPerStep`,
    )
    .formula(
      `${prefix}_owed`,
      'to be saved first: what moving and the spare replicas take',
      'USD/month',
      stairs.fixedUsd + price * stairs.spareReplicas * stairs.requestsPerReplica,
      `fixedUsd + ${t}_usdPerRequest * spareReplicas * ${k}_plannedRequests`,
    )
    .formula(
      `${prefix}_firstStep`,
      'the first step of instances that, when full, is cheaper',
      '',
      costs.crossings[0]?.step ?? 1,
      `floor(max(${prefix}_owed / ${prefix}_savedByStep, spareReplicas / ${k}_replicasPerInstance)) + 1`,
    )
    .formula(
      `${prefix}_lastStep`,
      'the step of instances from which it stays cheaper',
      '',
      costs.crossings.at(-1)?.step ?? 1,
      `max(${prefix}_firstStep, ceil((${prefix}_owed + ${t}_usdPerRequest * ${k}_requestsPerStep) / ${prefix}_savedByStep) - 1)`,
    );
}

function crossingTerms(sheet: TermSheet, crossing: Crossing, step: number, from: string, pair: Comparison): void {
  const { key: k } = pair.side;
  const { key: t, line } = pair.api;
  const { id, requestsPerMonth: requests } = crossing;
  const { low, value, high } = crossing.tokensPerMonth;
  sheet.formula(`${id}_step`, 'the step of instances on which it lies', '', step, from);
  if (crossing.cheaperBeyond === 'self-host') {
    sheet.formula(
      id,
      `self-hosting becomes cheaper than ${line.id}: the API's line meets the fleet's cost`,
      'request/month',
      requests,
      `(fixedUsd + ${id}_step * ${k}_usdPerStep) / ${t}_usdPerRequest`,
    );
  } else {
    sheet.formula(
      id,
      `${line.id} becomes cheaper again: the next step of instances starts`,
      'request/month',
      requests,
      `${id}_step * ${k}_requestsPerStep - spareReplicas * ${k}_plannedRequests`,
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
      `${id} / (${id}_step * ${k}_replicasPerInstance * ${k}_paidRequests)`,
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
  if (crossings.length > 0) stepTerms(sheet, pair);
  for (const [index, crossing] of crossings.entries()) {
    const from = index > 0 && crossing.final ? `${prefix}_lastStep` : `${prefix}_firstStep + ${Math.floor(index / 2)}`;
    crossingTerms(sheet, crossing, costs.crossings[index]?.step ?? 1, from, pair);
  }
}
