import { fleetFor } from '../../cost/fleet.ts';
import { type SampledOutcome, sampleModel } from '../../evidence/uncertainty.ts';
import type { ApiPrice } from '../api/apiPrices.ts';
import type { SizedSelfHost } from '../hosting/selfHost.ts';
import { optionNames, presentCosts } from './cashFlow.ts';
import { flowPlanOf } from './flowPlan.ts';
import { inputModel } from './inputModel.ts';
import type { OptionRegret, SampledUsd, Sensitivity } from './sensitivityAnswer.ts';
import { sensitivityRows } from './sensitivityRows.ts';
import { type Asked, type Situation, type SituationAt, situationsOf } from './situation.ts';
import type { TimeQuestion } from './timeQuestion.ts';
import type { Values } from './uncertainty.ts';

const SEED = 1;
/** Points of a sample; of plans of many months fewer, so that an answer takes seconds. */
const MOST_SAMPLES = 8192;
const LEAST_SAMPLES = 1024;
const MONTHS_IN_FULL = 36;

function samplesFor(time: TimeQuestion | null): number {
  const months = Math.max(MONTHS_IN_FULL, time?.months ?? 0);
  return Math.max(LEAST_SAMPLES, 2 ** Math.floor(Math.log2((MOST_SAMPLES * MONTHS_IN_FULL) / months)));
}

function savedInMonth({ requestsPerMonth, usdPerRequest, stairs }: Situation): number {
  return requestsPerMonth * usdPerRequest - fleetFor(requestsPerMonth, stairs).usdPerMonth;
}

/** What is saved in a month, then what each way to go costs over the plan. */
function outcomesOf(side: SizedSelfHost, { question }: Asked, time: TimeQuestion | null, at: SituationAt): (values: Values) => number[] {
  return (values) => {
    const situation = at(values);
    const saved = savedInMonth(situation);
    return time ? [saved, ...presentCosts(flowPlanOf(side, situation, question, time, values), time)] : [saved];
  };
}

function sampledUsd(outcome: SampledOutcome | undefined, now: number): SampledUsd {
  const at = (rank: 'p10' | 'p50' | 'p90') => outcome?.[rank].value ?? now;
  return { now, p10: at('p10'), p50: at('p50'), p90: at('p90') };
}

/** What each way to go costs and how much it is regretted, over all samples. */
function optionsOf(
  names: readonly string[],
  costs: readonly (readonly number[])[],
  outcomes: readonly SampledOutcome[],
  now: readonly number[],
): OptionRegret[] {
  return names.map((option, index) => {
    const regrets = Float64Array.from(costs, (sample) => (sample[index] ?? 0) - Math.min(...sample)).sort();
    return {
      option,
      presentUsd: sampledUsd(outcomes[index], now[index] ?? 0),
      cheapest: regrets.filter((usd) => usd === 0).length / regrets.length,
      meanRegretUsd: regrets.reduce((sum, usd) => sum + usd, 0) / regrets.length,
      p90RegretUsd: regrets[Math.ceil(0.9 * regrets.length) - 1] ?? 0,
    };
  });
}

/**
 * How sure is it that hosting saves money, and what would turn that? `saved = requests × API price − fleet(requests)` in a month, or over the
 * months of the plan the present cost of the API less that of hosting, sampled over every input that has a band or that the user gave as a
 * distribution (independent; scrambled Sobol points), then each input alone from its 10th to its 90th percentile, and the value of
 * each at which nothing is saved, the others at their middle.
 *
 * @param time the months of the plan; null: a month at today's prices
 */
export function sensitivityOf(side: SizedSelfHost, apis: readonly ApiPrice[], asked: Asked, time: TimeQuestion | null): Sensitivity[] {
  const situations = situationsOf(side, asked);
  return apis.map((api) => {
    const model = inputModel(side, api, asked.question, time);
    const outcomes = outcomesOf(side, asked, time, situations(api));
    const answer = (values: Values): number => {
      const [saved = 0, host = 0, bought = 0] = outcomes(values);
      return time ? bought - host : saved;
    };
    const samples: number[][] = [];
    const sampled = sampleModel(
      model.distributions,
      (drawn) => {
        const [saved = 0, ...costs] = outcomes(model.valuesOf(drawn, 'cut'));
        if (time) samples.push(costs);
        return time ? [saved, (costs[1] ?? 0) - (costs[0] ?? 0), ...costs] : [saved];
      },
      { seed: SEED, samples: samplesFor(time), events: { cheaper: (found) => (found[time ? 1 : 0] ?? 0) > 0 } },
    );
    const [saved = 0, ...costs] = outcomes(model.middle);
    const { low = 0, value = 0, high = 0 } = sampled.events['cheaper'] ?? {};
    const [ofMonth, ofPlan, ...ofOptions] = sampled.outcomes;
    return {
      tariff: api.line.id,
      offer: side.id,
      of: time ? 'plan' : 'month',
      savedUsdPerMonth: sampledUsd(ofMonth, saved),
      savedPresentUsd: time ? sampledUsd(ofPlan, (costs[1] ?? 0) - (costs[0] ?? 0)) : null,
      probability: { low, value, high },
      samples: sampled.samples,
      rows: sensitivityRows(model, answer),
      options: time ? optionsOf(optionNames(time), samples, ofOptions, costs) : [],
    };
  });
}
