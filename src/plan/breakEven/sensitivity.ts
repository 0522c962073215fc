import { fleetFor } from '../../cost/fleet.ts';
import { distributionOf } from '../../evidence/distribution.ts';
import { flipPoints } from '../../evidence/flipPoint.ts';
import { tornado } from '../../evidence/tornado.ts';
import { sampleModel } from '../../evidence/uncertainty.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import type { HostingQuestion } from '../hosting/hostingQuestion.ts';
import { stairsOf } from '../hosting/selfHost.ts';
import type { Comparison } from './comparison.ts';
import type { Sensitivity, SensitivityCode, SensitivityRow } from './sensitivityAnswer.ts';

/** The volume is looked at from a thousandth to ten times the asked one: with none nothing is saved. */
const LEAST_VOLUMES = 0.001;
const MOST_VOLUMES = 10;
const SEED = 1;

/** What each input is in the answer: its unit and its factor from the unit of the model. */
interface Shown {
  readonly unit: SensitivityRow['unit'];
  readonly factor: number;
}

/**
 * How sure is the answer at the asked volume, and what would turn it? `saved = requests × API price − fleet(requests)`, sampled over the price of
 * an instance, the capacity of a replica and what the API takes for a request (independent; scrambled Sobol points), then each input alone
 * from its 10th to its 90th percentile, and the value of each at which nothing is saved, the others at their middle.
 *
 * @param requests of a month
 */
export function sensitivityOf({ side, api }: Comparison, requests: number, question: HostingQuestion): Sensitivity {
  const perRequest = tokensPerRequest(question.demand);
  const shown: Readonly<Record<SensitivityCode, Shown>> = {
    'instance-price': { unit: 'USD/month', factor: 1 },
    capacity: { unit: 'tokens/s', factor: perRequest },
    'api-price': { unit: 'USD/Mtok', factor: 1e6 / perRequest },
    volume: { unit: 'tokens/month', factor: perRequest },
  };
  const inputs = {
    'instance-price': distributionOf(side.supply.usdPerInstanceMonth),
    capacity: distributionOf(side.capacity.requestsPerSecond),
    'api-price': distributionOf(api.usdPerRequest),
    volume: { kind: 'point', value: requests } as const,
  } satisfies Record<SensitivityCode, unknown>;
  const saved = (values: Float64Array): number => {
    const [instance = 0, capacity = 0, usdPerRequest = 0, volume = 0] = values;
    return volume * usdPerRequest - fleetFor(volume, stairsOf(side, question, instance, capacity)).usdPerMonth;
  };
  const { outcomes, events, samples } = sampleModel(inputs, (values) => [saved(values)], {
    seed: SEED,
    events: { cheaper: (outcomesOfOne) => (outcomesOfOne[0] ?? 0) > 0 },
  });
  const { middle, swings } = tornado(inputs, saved);
  const flips = flipPoints(inputs, saved, { volume: { min: LEAST_VOLUMES * requests, max: MOST_VOLUMES * requests } });
  const [outcome] = outcomes;
  const at = (rank: 'p10' | 'p50' | 'p90') => outcome?.[rank].value ?? 0;
  const probability = events['cheaper'] ?? { low: 0, value: 0, high: 0 };
  return {
    tariff: api.line.id,
    offer: side.id,
    savedUsdPerMonth: { now: middle, p10: at('p10'), p50: at('p50'), p90: at('p90') },
    probability: { low: probability.low, value: probability.value, high: probability.high },
    samples,
    rows: flips
      .map(({ input, middle: now, flips: found, probability: other }): SensitivityRow => {
        const code = input as SensitivityCode;
        const { unit, factor } = shown[code];
        const swing = swings.find((one) => one.input === input);
        const moves = code === 'volume' ? undefined : swing;
        const [flip] = [...found].sort((a, b) => Math.abs(a.value - now) - Math.abs(b.value - now));
        return {
          code,
          unit,
          now: now * factor,
          low: moves ? moves.low * factor : null,
          high: moves ? moves.high * factor : null,
          savedAtLow: moves?.atLow ?? null,
          savedAtHigh: moves?.atHigh ?? null,
          flipsAt: flip ? flip.value * factor : null,
          flips: found.length,
          probabilityBeyond: code === 'volume' ? null : other,
        };
      })
      .sort((a, b) => swingOf(b) - swingOf(a)),
  };
}

function swingOf({ savedAtLow, savedAtHigh }: SensitivityRow): number {
  return savedAtLow === null || savedAtHigh === null ? -1 : Math.abs(savedAtHigh - savedAtLow);
}
