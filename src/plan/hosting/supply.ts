import type { OfferChoice } from '../../cost/offerChoice.ts';
import { OWNERSHIP_INPUTS, type OwnershipInput, ownershipLines, rampUpUsdPerMonth, staffUsdPerMonth } from '../../cost/ownership.ts';
import { type CostLine, counts, instanceCost, type Lens, type Purchase } from '../../cost/purchase.ts';
import { type Basis, type Estimate, weakest } from '../../evidence/estimate.ts';
import { sample, sampledBand } from '../../evidence/sampler.ts';
import type { BandFact, SourceId } from '../../evidence/source.ts';
import type { Gpu } from '../../hardware/gpu.ts';
import { formatUsd } from '../../units/money.ts';
import type { HostingQuestion } from './hostingQuestion.ts';
import type { OwnedServer } from './ownershipRules.ts';

/** What an instance of some GPUs costs, and why. */
export interface Supply {
  /** `h200-sxm/median`, `h200-sxm/reserved-3y`, `h200-sxm/owned`, or the id of an offer. */
  readonly id: string;
  readonly purchase: Purchase;
  readonly gpusPerInstance: number;
  /** All parts of the monthly cost of one instance at middle values, whatever the lens. */
  readonly lines: readonly CostLine[];
  /** What the lens counts of them. */
  readonly usdPerInstanceMonth: Estimate;
  /** What the cost depends on; independent of one another. */
  readonly inputs: SupplyInputs;
  /** The parts of the monthly cost at values of the inputs, those left out at their middle. */
  readonly linesAt: (values: SupplyValues, billedHours?: number, rampMonths?: number) => readonly CostLine[];
  /** Whether the rent is that of a cost model, because nobody lists the GPU. */
  readonly modelled: boolean;
  readonly rent: OfferChoice | null;
  readonly owned: OwnedServer | null;
  /** Hours of the month that are billed. */
  readonly billedHours: number;
  readonly method: string;
  readonly source: SourceId;
  readonly warning: string | null;
  /** Days of the prices behind it. */
  readonly dates: readonly string[];
}

/** Samples behind the band of a monthly cost. */
const SAMPLES = 512;

/** `lostShare` is what a machine loses of its price: 1 less the residual share. */
export type SupplyInput =
  | 'usdPerGpuHour'
  | Exclude<OwnershipInput, 'residualShare'>
  | 'lostShare'
  | 'capexUsd'
  | 'kilowatts'
  | 'ftePerEightGpus'
  | 'usdPerFteMonth';

export type SupplyInputs = Readonly<Partial<Record<SupplyInput, Estimate>>>;
export type SupplyValues = Readonly<Partial<Record<SupplyInput, number>>>;

function assumed({ low, value, high }: BandFact): Estimate {
  return { low, value, high, basis: 'assumed' };
}

/** A band of shares that may end at 0 is sampled as what is left of 1. */
function complement({ low, value, high }: BandFact): Estimate {
  return { low: 1 - high, value: 1 - value, high: 1 - low, basis: 'assumed' };
}

function middleOf(inputs: SupplyInputs): SupplyValues {
  return Object.fromEntries(Object.entries(inputs).map(([name, { value }]) => [name, value]));
}

/** The lines of an instance with the inputs that are left out at their middle. */
function filled(
  inputs: SupplyInputs,
  hours: number,
  gpus: number,
  { ownership }: HostingQuestion,
  lines: (values: Required<SupplyValues>, billedHours: number) => readonly CostLine[],
): Supply['linesAt'] {
  const middle = middleOf(inputs);
  const { rampMonths, spreadMonths } = ownership;
  return (values, billed = hours, ramp = rampMonths) => {
    const at = { ...middle, ...values } as Required<SupplyValues>;
    return runLines(lines(at, billed), gpus, at, ramp, spreadMonths);
  };
}

/** 10th to 90th percentile of a cost over its uncertain inputs. */
function sampledCost({ inputs, linesAt }: Pick<Supply, 'inputs' | 'linesAt'>, lens: Lens, basis: Basis): Estimate {
  const wide = Object.entries(inputs).filter(([, { low, high }]) => low < high);
  const value = instanceCost(linesAt({}), lens);
  if (wide.length === 0) return { low: value, value, high: value, basis };
  const samples = sample(
    wide.map(([, input]) => input),
    (drawn) => instanceCost(linesAt(Object.fromEntries(wide.map(([name], index) => [name, drawn[index] ?? 0]))), lens),
    SAMPLES,
  );
  return sampledBand(basis, samples, value);
}

/** The lines of people and ramp-up beside those of the machine. */
function runLines(
  lines: readonly CostLine[],
  gpus: number,
  { ftePerEightGpus, usdPerFteMonth }: Required<SupplyValues>,
  rampMonths: number,
  spreadMonths: number,
): CostLine[] {
  const staffed: CostLine[] = [...lines, { code: 'staff', usdPerMonth: staffUsdPerMonth(gpus, ftePerEightGpus, usdPerFteMonth) }];
  if (rampMonths === 0) return staffed;
  return [...staffed, { code: 'ramp-up', usdPerMonth: rampUpUsdPerMonth(instanceCost(staffed, 'fully-loaded'), rampMonths, spreadMonths) }];
}

/** Hours of the month that an instance bills: all, unless those without traffic are given back. */
export function billedHours(purchase: Purchase, { volume, stopIdle }: Pick<HostingQuestion, 'volume' | 'stopIdle'>): number {
  const returnable = purchase === 'on-demand' || purchase === 'spot';
  return stopIdle && returnable ? volume.trafficHours : volume.hoursPerMonth;
}

/**
 * Rented instances: `price per GPU-hour × GPUs × hours billed`, and people.
 *
 * @param rent the price as chosen
 */
export function rentedSupply(rent: OfferChoice, purchase: Purchase, question: HostingQuestion): Supply {
  const { gpusPerInstance } = rent;
  const hours = billedHours(purchase, question);
  const { ftePerEightGpus, usdPerFteMonth } = question.ownership.staffing;
  const inputs: SupplyInputs = {
    usdPerGpuHour: rent.usdPerGpuHour,
    ftePerEightGpus: assumed(ftePerEightGpus),
    usdPerFteMonth: assumed(usdPerFteMonth),
  };
  const linesAt = filled(inputs, hours, gpusPerInstance, question, ({ usdPerGpuHour }, billed) => [
    { code: 'rent', usdPerMonth: usdPerGpuHour * gpusPerInstance * billed },
  ]);
  return {
    id: rent.id,
    purchase,
    gpusPerInstance,
    lines: linesAt({}),
    usdPerInstanceMonth: sampledCost(
      { inputs, linesAt },
      question.lens,
      counts('staff', question.lens) && ftePerEightGpus.value > 0 ? weakest(rent.usdPerGpuHour.basis, 'assumed') : rent.usdPerGpuHour.basis,
    ),
    inputs,
    linesAt,
    modelled: rent.offers.length > 0 && rent.offers.every(({ pricing }) => pricing === 'ownership-model'),
    rent,
    owned: null,
    billedHours: hours,
    method: rent.method,
    source: rent.source,
    warning: rent.warning,
    dates: rent.offers.map(({ date }) => date),
  };
}

/**
 * A machine of one's own: depreciation, capital, maintenance, energy, colocation, network, and people.
 *
 * @param server what is bought
 */
export function ownedSupply(gpu: Gpu, server: OwnedServer, question: HostingQuestion): Supply {
  const { inputs: facts, staffing, preset } = question.ownership;
  const { hoursPerMonth } = question.volume;
  const inputs: SupplyInputs = {
    ...Object.fromEntries(
      OWNERSHIP_INPUTS.map((name) => (name === 'residualShare' ? ['lostShare', complement(facts[name])] : [name, assumed(facts[name])])),
    ),
    capexUsd: assumed(server.capexUsd),
    kilowatts: assumed(server.kilowatts),
    ftePerEightGpus: assumed(staffing.ftePerEightGpus),
    usdPerFteMonth: assumed(staffing.usdPerFteMonth),
  };
  const linesAt = filled(inputs, hoursPerMonth, server.gpus, question, ({ lostShare, ...at }) =>
    ownershipLines({ ...at, residualShare: 1 - lostShare }, hoursPerMonth),
  );
  return {
    id: `${gpu.id}/owned`,
    purchase: 'owned',
    gpusPerInstance: server.gpus,
    lines: linesAt({}),
    usdPerInstanceMonth: sampledCost({ inputs, linesAt }, question.lens, 'assumed'),
    inputs,
    linesAt,
    modelled: false,
    rent: null,
    owned: server,
    billedHours: hoursPerMonth,
    method: `${server.name} at ${formatUsd(server.capexUsd.value)}, drawing ${server.kilowatts.value} kW, bought; ${preset.name}; ${server.note.replace(/\.$/, '')}`,
    source: server.capexUsd.source,
    warning: null,
    dates: server.date === null ? [] : [server.date],
  };
}
