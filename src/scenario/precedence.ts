import type { Scenario, ScenarioUncertainty, ScenarioWord } from './scenario.ts';

const MONTHLY = ['tokensPerMonth', 'requestsPerMonth'];
const BUSIEST = ['rps', 'conversations'];
const PROFILE = ['hourly', 'quantiles'];
const OF_USERS = ['users', 'requestsPerUserHour', 'activeHours', 'activeShare'];
const COUNTS = ['inputTokens', 'outputTokens', 'isl', 'osl', 'reuse', 'thinking', 'thinkingRatio'];
const LAYOUT = ['gpus', 'tp', 'pp', 'dp', 'ep', 'dcp', 'attentionDp'];
const OF_MODEL = ['format', 'draft', 'draftTokens', 'calibration', 'tariff'];
const OF_OFFER = ['purchase', 'provider', 'region'];
const OF_OWNER = [
  'ownership',
  'capex',
  'kilowatts',
  'lifeYears',
  'residual',
  'costOfCapital',
  'maintenance',
  'pue',
  'usdPerKwh',
  'colocation',
  'network',
];

interface Rivalry {
  readonly said: readonly string[];
  /** What a file says of these is passed over then. */
  readonly over: readonly string[];
  /** Holds where the file itself says both, for the commands that take the first. */
  readonly alsoInFile?: true;
}

/** Which options say the same thing in another way, so that one that is typed stands for what a file says of the others. */
const RIVALRIES: readonly Rivalry[] = [
  { said: BUSIEST, over: [...MONTHLY, ...OF_USERS, ...BUSIEST], alsoInFile: true },
  { said: PROFILE, over: [...MONTHLY, ...OF_USERS, ...PROFILE], alsoInFile: true },
  { said: ['trace'], over: ['workload', ...COUNTS], alsoInFile: true },
  { said: MONTHLY, over: [...MONTHLY, ...OF_USERS, ...BUSIEST, ...PROFILE] },
  { said: ['users'], over: [...MONTHLY, ...BUSIEST, ...PROFILE] },
  { said: ['workload'], over: ['trace', ...COUNTS] },
  { said: COUNTS, over: ['trace'] },
  { said: ['isl'], over: ['inputTokens'] },
  { said: ['osl'], over: ['outputTokens'] },
  { said: LAYOUT, over: LAYOUT },
  { said: ['gpu'], over: ['gpus', 'offer'] },
  { said: ['here'], over: ['gpu', 'gpus', 'ram'] },
  { said: ['model'], over: OF_MODEL },
  { said: ['offer'], over: [...OF_OFFER, 'rent'] },
  { said: ['rent'], over: ['offer'] },
  { said: OF_OFFER, over: ['offer'] },
  { said: ['hoursPerDay'], over: ['trafficUtc'] },
  { said: ['trafficUtc'], over: ['hoursPerDay'] },
];

/** The words of a file that a command goes by, and what is uncertain about them. */
export interface ChosenWords {
  readonly words: ReadonlyMap<string, ScenarioWord>;
  readonly uncertainty: ScenarioUncertainty;
}

function isOwned(words: ReadonlyMap<string, ScenarioWord>, typed: Readonly<Record<string, unknown>>): boolean {
  return String(typed['purchase'] ?? words.get('purchase')?.value ?? '').includes('owned');
}

/**
 * The words of a scenario that a command goes by. What is typed beats the file, together with all that says the same in another way:
 *
 * - a volume (`--tokens-per-month`, `--requests-per-month`, `--users`, `--rps`, `--conversations`, `--hourly`, `--quantiles`): every other
 *   volume; `--users` alone keeps what the file says of a user;
 * - `--workload` or `--trace`: all that the file says of a request; `--input-tokens` and the like replace that count alone;
 * - one of `--tp`, `--pp`, `--dp`, `--ep`, `--dcp`, `--attention-dp`, `--gpus`: the whole layout; `--gpu`: the count and the offers;
 * - `--model`: checkpoint format, draft, calibration and tariffs, which are those of a model;
 * - `--offer` or how instances are paid for, their provider and region: each other;
 * - `--purchase` without `owned`, or `--offer`: what the file says of owning machines.
 *
 * Where a file itself says a rate of the busiest hour, a profile of the demand or a trace, the command that takes it goes by that, and the
 * others by the volume or the preset beside it. Words that the command does not know are passed over.
 *
 * @param typed the words of the command line, by option
 * @param known the words that the command takes
 */
export function chosenWords(scenario: Scenario, typed: Readonly<Record<string, unknown>>, known: readonly string[]): ChosenWords {
  const isTyped = (word: string) => typed[word] !== undefined;
  const words = new Map([...scenario.words].filter(([word]) => known.includes(word) && !isTyped(word)));
  for (const { said, over } of RIVALRIES) if (said.some(isTyped)) for (const word of over) words.delete(word);
  for (const { said, over, alsoInFile } of RIVALRIES) {
    if (!alsoInFile || !said.some((word) => words.has(word))) continue;
    for (const word of over) if (!said.includes(word)) words.delete(word);
  }
  if ((isTyped('purchase') || isTyped('offer')) && !isOwned(words, typed)) for (const word of OF_OWNER) words.delete(word);
  const { inputs, derived } = scenario.uncertainty;
  return { words, uncertainty: { inputs, derived: Object.fromEntries(Object.entries(derived).filter(([word]) => words.has(word))) } };
}
