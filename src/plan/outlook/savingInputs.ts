import { type Distribution, valueAt } from '../../evidence/distribution.ts';
import type { Estimate } from '../../evidence/estimate.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import type { ApiPrice } from '../api/apiPrices.ts';
import type { HostingQuestion } from '../hosting/hostingQuestion.ts';
import type { SizedSelfHost } from '../hosting/selfHost.ts';
import { VOLUME_FIELDS } from '../hosting/trafficVolume.ts';
import type { SensitivityUnit } from './sensitivityAnswer.ts';
import type { TimeQuestion } from './timeQuestion.ts';

/** One thing that a saving depends on, as the sampler draws it and as an answer shows it. */
export interface SavingInput {
  readonly name: string;
  readonly label: string;
  readonly unit: SensitivityUnit;
  readonly distribution: Distribution;
  /** How far a value that turns the answer is looked for; null: within the distribution. */
  readonly searched: readonly [min: number, max: number] | null;
  /** A drawn value as it is shown; monotone. */
  readonly shown: (value: number) => number;
}

const WORDS: Readonly<Record<string, readonly [label: string, unit: SensitivityUnit]>> = {
  inputTokens: ['input of a request', 'tokens'],
  outputTokens: ['output of a request', 'tokens'],
  reuse: ['prefix reuse', 'share'],
  thinkingShare: ['thinking in the output', 'share'],
  thinkingRatio: ['thinking for one of the traffic', 'times'],
  cacheWriteShare: ['input written to the cache', 'share'],
  tokensPerMonth: ['tokens asked', 'tokens/month'],
  requestsPerMonth: ['requests asked', 'requests/month'],
  users: ['users', 'users'],
  requestsPerUserHour: ['requests of a user', 'requests/hour'],
  activeHours: ['active hours of a user', 'hours/month'],
  tokensPerSecond: ['capacity of a replica', 'tokens/s'],
  usdPerGpuHour: ['rent of a GPU', 'USD/GPU-hour'],
  lifeYears: ['years of use', 'years'],
  residualShare: ['residual value', 'share'],
  lostShare: ['residual value', 'share'],
  costOfCapital: ['cost of capital', 'share/year'],
  maintenanceShare: ['maintenance', 'share/year'],
  pue: ['power usage effectiveness', 'times'],
  usdPerKwh: ['price of electricity', 'USD/kWh'],
  colocationUsdPerMonth: ['colocation of a machine', 'USD/month'],
  networkUsdPerMonth: ['network of a machine', 'USD/month'],
  capexUsd: ['price of a machine', 'USD'],
  kilowatts: ['draw of a machine', 'kW'],
  ftePerEightGpus: ['people who run eight GPUs', 'people'],
  usdPerFteMonth: ['cost of one who runs them', 'USD/month'],
  rampMonths: ['months of ramp-up', 'months'],
  oneOffUsd: ['moving, once', 'USD'],
};

const asIs = (value: number) => value;
const change = (factor: number) => factor - 1;

/** Prices and capacities are looked at from a twentieth to twentyfold of their middle, volumes from a thousandth: with none nothing is saved. */
const FACTOR = 20;
const LEAST_VOLUME = 0.001;
const MOST_VOLUME = 10;
/** What a year may make of a price. */
const TRENDS = [0.05, 4] as const;

const OF_VOLUME: ReadonlySet<string> = new Set(VOLUME_FIELDS);
const OF_PRICE: ReadonlySet<string> = new Set(['usdPerGpuHour', 'usdPerKwh', 'capexUsd', 'kilowatts', 'ftePerEightGpus', 'usdPerFteMonth']);

function searchedOf(name: string, distribution: Distribution): SavingInput['searched'] {
  const middle = valueAt(distribution, 0.5);
  if (middle <= 0) return null;
  if (OF_VOLUME.has(name)) return [LEAST_VOLUME * middle, MOST_VOLUME * middle];
  return OF_PRICE.has(name) ? [middle / FACTOR, middle * FACTOR] : null;
}

/** An estimate over its value. */
function relative({ low, value, high }: Estimate): Distribution {
  return { kind: 'estimate', low: low / value, value: 1, high: high / value };
}

function named(name: string, distribution: Distribution): SavingInput {
  const [label, unit] = WORDS[name] ?? [name.replace(/^variables\./, ''), ''];
  return {
    name,
    label,
    unit,
    distribution,
    searched: searchedOf(name, distribution),
    shown: name === 'lostShare' ? (lost) => 1 - lost : asIs,
  };
}

/** The fields that stand for one input of a supply. */
function isGiven(name: string, given: ReadonlySet<string>): boolean {
  return given.has(name === 'lostShare' ? 'residualShare' : name);
}

/**
 * What the saving of a pair depends on: what the user is not sure of, the inputs of the price of an instance, the capacity of a replica, what
 * the API takes for a request, over time how both prices change, and the volume.
 *
 * @param fields that the user's uncertainty sets, whose own bands do not count
 */
export function savingInputs(
  side: SizedSelfHost,
  api: ApiPrice,
  question: HostingQuestion,
  fields: ReadonlySet<string>,
  time: TimeQuestion | null,
): SavingInput[] {
  const perRequest = tokensPerRequest(question.demand);
  const { capacity, supply } = side;
  const user = Object.entries(question.uncertainty.inputs).map(([name, distribution]) => named(name, distribution));
  const ofPrice = Object.entries(supply.inputs).flatMap(([name, { low, value, high }]) =>
    isGiven(name, fields) || low === high ? [] : [named(name, { kind: 'estimate', low, value, high })],
  );
  const requests = question.volume.requestsPerMonth ?? 0;
  const factor = (name: string, label: string, unit: SensitivityUnit, estimate: Estimate, middle: number): SavingInput => ({
    name,
    label,
    unit,
    distribution: relative(estimate),
    searched: [1 / FACTOR, FACTOR],
    shown: (value) => value * middle,
  });
  return [
    ...user,
    ...ofPrice,
    factor(
      'capacity',
      'capacity of a replica',
      'tokens/s',
      fields.has('tokensPerSecond') ? { low: 1, value: 1, high: 1, basis: 'exact' } : capacity.requestsPerSecond,
      capacity.requestsPerSecond.value * perRequest,
    ),
    factor('apiPrice', 'API price', 'USD/Mtok', api.usdPerRequest, (api.usdPerRequest.value / perRequest) * 1e6),
    ...(time
      ? [
          {
            name: 'apiTrend',
            label: 'change of API prices',
            unit: 'share/year',
            distribution: time.api.factor,
            searched: TRENDS,
            shown: change,
          } as const,
          {
            name: 'demandTrend',
            label: 'change of demand',
            unit: 'share/year',
            distribution: time.demand.factor,
            searched: null,
            shown: change,
          } as const,
          {
            name: 'rentTrend',
            label: 'change of rents',
            unit: 'share/year',
            distribution: time.rent.factor,
            searched: TRENDS,
            shown: change,
          } as const,
        ]
      : []),
    {
      name: 'volume',
      label: 'volume',
      unit: 'tokens/month',
      distribution: { kind: 'point', value: 1 },
      searched: [LEAST_VOLUME, MOST_VOLUME],
      shown: (value) => value * requests * perRequest,
    },
  ];
}
