import { type Estimate, estimate } from '../../evidence/estimate.ts';
import type { AdviseAnswer } from '../advise/adviseAnswer.ts';
import type { BoundedBand, BreakEvenAnswer } from '../breakEven/breakEvenAnswer.ts';
import type { CostAnswer } from '../cost/costAnswer.ts';
import type { FleetLine } from '../hosting/fleetLine.ts';
import { asksVolume } from '../hosting/trafficVolume.ts';
import type { HybridAnswer } from '../hybrid/hybridAnswer.ts';
import { type Figure, figure, pairSubject, ROUNDING } from './figure.ts';

function capacities(fleets: readonly FleetLine[]): Figure[] {
  return fleets.map(({ id, plannedTokensPerReplica }) =>
    figure('capacity', id, 'planned of a replica', 'tokens/month', plannedTokensPerReplica),
  );
}

function closed({ low, value, high }: BoundedBand): Estimate | null {
  return value === null ? null : estimate('modelled', low ?? value, value, high ?? Number.POSITIVE_INFINITY);
}

/** Replicas that carry a volume with the spare ones, over the band of what one carries: `ceil(tokens / planned tokens of a replica) + spare ones`. */
function replicasFor(tokens: number, replicas: number, id: string, fleets: readonly FleetLine[]): Estimate | number {
  const fleet = fleets.find((each) => each.id === id);
  const planned = fleet?.plannedTokensPerReplica;
  if (!fleet || !planned) return replicas;
  const at = (capacity: number) => Math.ceil(tokens / capacity - ROUNDING) + fleet.spareReplicas;
  return estimate(planned.basis, Math.min(replicas, at(planned.high)), replicas, Math.max(replicas, at(planned.low)));
}

/** What hosting saves over the months that are planned, and when it has paid itself back. */
function planFigures({ cashFlows, sensitivity }: BreakEvenAnswer): Figure[] {
  return cashFlows.flatMap(({ tariff, offer, savedPresentUsd, payback }) => {
    const subject = pairSubject(offer, tariff);
    const doubt = sensitivity.find((each) => each.tariff === tariff && each.offer === offer && each.of === 'plan');
    const { p10, p90 } = doubt?.savedPresentUsd ?? { p10: savedPresentUsd, p90: savedPresentUsd };
    const saved = estimate('modelled', Math.min(p10, savedPresentUsd), savedPresentUsd, Math.max(p90, savedPresentUsd));
    return [
      figure('saved', subject, 'saved over the plan', 'USD', saved),
      figure('payback', subject, 'paid back', 'months', payback.finalMonth),
      ...(doubt ? [figure('plan-probability', subject, 'probability that the plan saves', 'share', doubt.probability.value)] : []),
    ];
  });
}

/** What both sides cost at the asked volume, where they cost the same, and how likely there is such a volume. */
export function breakEvenFigures(answer: BreakEvenAnswer): Figure[] {
  const { query, monthly: told, verdicts, crossings, offers } = answer;
  // Where no volume is asked, rows are of what each fleet carries, which is no volume to compare at.
  const monthly = asksVolume(query) ? told : [];
  const volumes = new Set(monthly.map(({ tokensPerMonth }) => tokensPerMonth));
  const rows = monthly.filter(({ tokensPerMonth }) => tokensPerMonth === Math.max(...volumes));
  const apis = rows.slice(0, 1).flatMap(({ apiUsd }) => Object.entries(apiUsd));
  return [
    ...rows.flatMap(({ offer, selfHostUsd, replicas, tokensPerMonth }) => [
      figure('cost', offer, 'own GPUs', 'USD/month', selfHostUsd),
      figure('replicas', offer, 'replicas', 'count', replicasFor(tokensPerMonth, replicas, offer, offers)),
    ]),
    ...apis.map(([tariff, usd]) => figure('api-cost', tariff, 'API', 'USD/month', usd)),
    ...verdicts.flatMap(({ tariff, offer, probability }) => {
      const last = crossings.find((each) => each.tariff === tariff && each.offer === offer && each.final);
      const subject = pairSubject(offer, tariff);
      return [
        figure('break-even', subject, 'break-even for good', 'tokens/month', last ? closed(last.tokensPerMonth) : null),
        figure('probability', subject, 'probability of a break-even', 'share', probability),
      ];
    }),
    ...planFigures(answer),
    ...capacities(offers),
  ];
}

/** What the traffic costs in each place. */
export function costFigures({ rows, fleets, month }: CostAnswer): Figure[] {
  return [
    ...rows.flatMap(({ id, kind, usdPerMonth, replicas }) => [
      figure('cost', id, kind === 'own' ? 'own GPUs' : 'API', 'USD/month', usdPerMonth),
      ...(replicas === null ? [] : [figure('replicas', id, 'replicas', 'count', replicasFor(month.tokens, replicas, id, fleets))]),
    ]),
    ...capacities(fleets),
  ];
}

/** What the best floor of each fleet costs, and how sure it is. */
export function hybridFigures({ pairs, fleets }: HybridAnswer): Figure[] {
  return [
    ...pairs.flatMap(({ offer, tariff, best, usdPerMonth, probability }) => {
      const subject = pairSubject(offer, tariff);
      return [
        figure('cost', subject, 'floor with overflow', 'USD/month', usdPerMonth),
        figure('replicas', subject, 'replicas of the floor', 'count', best.replicas),
        figure('probability', subject, 'probability that a floor saves', 'share', probability),
      ];
    }),
    ...capacities(fleets),
  ];
}

/** What each way to serve the volume costs, and how likely the chosen one is the cheapest. */
export function adviseFigures({ ways, probability, fleets, choice }: AdviseAnswer): Figure[] {
  const words = { host: 'hosting all', api: 'API alone', both: 'floor with overflow' } as const;
  return [
    ...ways.flatMap(({ way, offer, tariff, usdPerMonth, replicas }) => {
      const subject = [offer, tariff].filter((part) => part !== null).join(' and ');
      return [
        figure('cost', subject, words[way], 'USD/month', usdPerMonth),
        ...(way === 'api' ? [] : [figure('replicas', subject, `replicas of ${words[way]}`, 'count', replicas)]),
      ];
    }),
    figure('probability', choice, 'probability of the advised way', 'share', probability),
    ...capacities(fleets),
  ];
}
