import { fleetFor } from '../../cost/fleet.ts';
import { valueAt } from '../../evidence/distribution.ts';
import { flipPoints } from '../../evidence/flipPoint.ts';
import { type Swing, tornado } from '../../evidence/tornado.ts';
import { type Inputs, type SampledOutcome, sampleModel } from '../../evidence/uncertainty.ts';
import type { ApiPrice } from '../api/apiPrices.ts';
import type { SizedSelfHost } from '../hosting/selfHost.ts';
import { optionNames, presentCosts } from './cashFlow.ts';
import { flowPlanOf } from './flowPlan.ts';
import { type SavingInput, savingInputs } from './savingInputs.ts';
import type { OptionRegret, SampledUsd, Sensitivity, SensitivityRow } from './sensitivityAnswer.ts';
import { type Asked, type Situation, situationsOf } from './situation.ts';
import type { TimeQuestion } from './timeQuestion.ts';
import { CUT, touchedFields, type Values } from './uncertainty.ts';

const SEED = 1;
const SAMPLES = 8192;

/** Everything about one pair that the sampler needs. */
interface Model {
  readonly inputs: readonly SavingInput[];
  readonly distributions: Inputs;
  /** What is saved in a month, then what each way to go costs over the plan. */
  readonly outcomes: (values: Float64Array) => number[];
}

function savedInMonth({ requestsPerMonth, usdPerRequest, stairs }: Situation): number {
  return requestsPerMonth * usdPerRequest - fleetFor(requestsPerMonth, stairs).usdPerMonth;
}

function modelOf(side: SizedSelfHost, api: ApiPrice, asked: Asked, time: TimeQuestion | null, at: (values: Values) => Situation): Model {
  const { question } = asked;
  const fields = new Set<string>(touchedFields(question.uncertainty));
  const inputs = savingInputs(side, api, question, fields, time);
  const names = inputs.map(({ name }) => name);
  return {
    inputs,
    distributions: Object.fromEntries(inputs.map(({ name, distribution }) => [name, distribution])),
    outcomes: (drawn) => {
      const values: Record<string, number> = {};
      for (const [index, name] of names.entries()) values[name] = drawn[index] ?? 0;
      const situation = at(values);
      const saved = savedInMonth(situation);
      return time ? [saved, ...presentCosts(flowPlanOf(side, situation, question, time, values), time)] : [saved];
    },
  };
}

function sampledUsd(outcome: SampledOutcome | undefined, now: number): SampledUsd {
  const at = (rank: 'p10' | 'p50' | 'p90') => outcome?.[rank].value ?? now;
  return { now, p10: at('p10'), p50: at('p50'), p90: at('p90') };
}

/** A row of the tornado with the nearest value that turns the answer. */
function rowsOf({ inputs, distributions }: Model, answer: (values: Float64Array) => number): SensitivityRow[] {
  const { swings } = tornado(distributions, answer);
  const bounds = Object.fromEntries(
    inputs.flatMap(({ name, searched, distribution }) => {
      if (!searched) return [];
      const [least, most] = [valueAt(distribution, CUT), valueAt(distribution, 1 - CUT)];
      return [[name, { min: Math.min(searched[0], least), max: Math.max(searched[1], most) }] as const];
    }),
  );
  const flips = flipPoints(distributions, answer, bounds);
  const rows = inputs.flatMap(({ name, label, unit, distribution, shown }, index): SensitivityRow[] => {
    const found = flips[index];
    const swing = swings.find(({ input }) => input === name);
    if (!found || !swing) return [];
    const certain = distribution.kind === 'point' || swing.low === swing.high;
    if (certain && name !== 'volume') return [];
    const { middle } = found;
    const [flip] = [...found.flips].sort((a, b) => Math.abs(a.value - middle) - Math.abs(b.value - middle));
    const ends = shownEnds(swing, shown);
    return [
      {
        code: name,
        label,
        unit,
        now: shown(middle),
        low: certain ? null : ends.low,
        high: certain ? null : ends.high,
        savedAtLow: certain ? null : ends.atLow,
        savedAtHigh: certain ? null : ends.atHigh,
        flipsAt: flip ? shown(flip.value) : null,
        flips: found.flips.length,
        probabilityBeyond: certain ? null : found.probability,
      },
    ];
  });
  const moves = (row: SensitivityRow) =>
    row.savedAtLow === null || row.savedAtHigh === null ? -1 : Math.abs(row.savedAtHigh - row.savedAtLow);
  return rows.filter((row) => row.code === 'volume' || moves(row) > 0).sort((a, b) => moves(b) - moves(a));
}

/** The ends of a swing as they are shown, the lower one first. */
function shownEnds(
  { low, high, atLow, atHigh }: Swing,
  shown: (value: number) => number,
): Pick<Swing, 'low' | 'high' | 'atLow' | 'atHigh'> {
  const [first, second] = [shown(low), shown(high)];
  return first <= second ? { low: first, high: second, atLow, atHigh } : { low: second, high: first, atLow: atHigh, atHigh: atLow };
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
    const model = modelOf(side, api, asked, time, situations(api));
    const answer = (values: Float64Array): number => {
      const [saved = 0, host = 0, bought = 0] = model.outcomes(values);
      return time ? bought - host : saved;
    };
    const samples: number[][] = [];
    const cut = model.inputs.map(({ distribution }) => [valueAt(distribution, CUT), valueAt(distribution, 1 - CUT)] as const);
    const sampled = sampleModel(
      model.distributions,
      (values) => {
        for (const [index, [low, high]] of cut.entries()) values[index] = Math.min(high, Math.max(low, values[index] ?? 0));
        const [saved = 0, ...costs] = model.outcomes(values);
        if (time) samples.push(costs);
        return time ? [saved, (costs[1] ?? 0) - (costs[0] ?? 0), ...costs] : [saved];
      },
      { seed: SEED, samples: SAMPLES, events: { cheaper: (outcomes) => (outcomes[time ? 1 : 0] ?? 0) > 0 } },
    );
    const middle = Float64Array.from(model.inputs, ({ distribution }) => valueAt(distribution, 0.5));
    const [saved = 0, ...costs] = model.outcomes(middle);
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
      rows: rowsOf(model, answer),
      options: time ? optionsOf(optionNames(time), samples, ofOptions, costs) : [],
    };
  });
}
