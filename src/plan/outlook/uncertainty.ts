import { OWNERSHIP_INPUTS } from '../../cost/ownership.ts';
import { type Distribution, valueAt } from '../../evidence/distribution.ts';
import { formatDistribution } from '../../evidence/distributionText.ts';
import { Fault } from '../../faults/fault.ts';

/** Numbers of a question on hosting that may be given as a range or a distribution. */
export const UNCERTAIN_FIELDS = [
  'inputTokens',
  'outputTokens',
  'reuse',
  'thinkingShare',
  'thinkingRatio',
  'cacheWriteShare',
  'tokensPerMonth',
  'requestsPerMonth',
  'users',
  'requestsPerUserHour',
  'activeHours',
  'tokensPerSecond',
  'usdPerGpuHour',
  ...OWNERSHIP_INPUTS,
  'capexUsd',
  'kilowatts',
  'ftePerEightGpus',
  'usdPerFteMonth',
  'rampMonths',
  'oneOffUsd',
] as const;

export type UncertainField = (typeof UNCERTAIN_FIELDS)[number];

/** Values of inputs by name. */
export type Values = Readonly<Record<string, number>>;

/** What the user is not sure of. The fields of the question hold the medians. */
export interface Uncertainty {
  /** By name: a field of the question, or something that fields follow from; independent of one another. */
  readonly inputs: Readonly<Record<string, Distribution>>;
  /** Fields that follow from inputs. */
  readonly derived: Readonly<Partial<Record<UncertainField, (values: Values) => number>>>;
}

export const CERTAIN: Uncertainty = { inputs: {}, derived: {} };

/** Points that are kept: those of a sample, and of the searches beside it. */
const MOST_KEPT = 50_000;

/** Draws are cut at these shares of each distribution, so that what is allowed can be checked before. */
export const CUT = 1e-4;

export function isUncertain({ inputs }: Uncertainty): boolean {
  return Object.keys(inputs).length > 0;
}

function isField(name: string): name is UncertainField {
  return (UNCERTAIN_FIELDS as readonly string[]).includes(name);
}

/** The fields that an uncertainty touches, all of them. */
export function touchedFields({ inputs, derived }: Uncertainty): UncertainField[] {
  return [...Object.keys(inputs).filter(isField), ...(Object.keys(derived) as UncertainField[])];
}

/** The uncertain fields of a question at values of the inputs. */
export type FieldsAt = (values: Values) => Partial<Record<UncertainField, number>>;

/**
 * Reads the uncertain fields of a question. Pairs of fleets and prices are sampled at the same points, and formulas of users are slow, so
 * what was read once is kept.
 */
export function fieldsReader({ inputs, derived }: Uncertainty): FieldsAt {
  const names = Object.keys(inputs);
  const fields = names.filter(isField);
  const formulas = Object.entries(derived);
  const kept = new Map<string, Partial<Record<UncertainField, number>>>();
  return (values) => {
    const direct = Object.fromEntries(fields.map((name) => [name, values[name] ?? 0]));
    if (formulas.length === 0) return direct;
    const key = names.map((name) => values[name]).join();
    const found = kept.get(key) ?? { ...direct, ...Object.fromEntries(formulas.map(([name, of]) => [name, of(values)])) };
    if (kept.size < MOST_KEPT) kept.set(key, found);
    return found;
  };
}

const MOST_DIGITS = 4;

/** A distribution for reading: as it is written, numbers to four digits. */
export function uncertainText(distribution: Distribution): string {
  return formatDistribution(distribution).replace(/\d+\.\d+/g, (number) => String(Number(Number(number).toPrecision(MOST_DIGITS))));
}

/** Median of each input. */
export function medians({ inputs }: Uncertainty): Values {
  return Object.fromEntries(Object.entries(inputs).map(([name, distribution]) => [name, valueAt(distribution, 0.5)]));
}

/**
 * Refuses a distribution that reaches where its field may not be, each input at both of its ends, the others at their median.
 *
 * @param ask resolves the question with those fields, and throws where it may not
 * @throws Fault with the field, the distribution, and what is allowed
 */
export function checkUncertainty(uncertainty: Uncertainty, ask: (fields: Partial<Record<UncertainField, number>>) => unknown): void {
  const middle = medians(uncertainty);
  const fieldsAt = fieldsReader(uncertainty);
  for (const [name, distribution] of Object.entries(uncertainty.inputs)) {
    for (const share of [CUT, 1 - CUT]) {
      try {
        ask(fieldsAt({ ...middle, [name]: valueAt(distribution, share) }));
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        throw new Fault(error.code, `${error.reason} at an end of ${formatDistribution(distribution)}`, error.details);
      }
    }
  }
}
