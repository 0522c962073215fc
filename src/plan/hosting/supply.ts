import type { OfferChoice } from '../../cost/offerChoice.ts';
import { OWNERSHIP_INPUTS, ownershipLines, rampUpUsdPerMonth, staffUsdPerMonth } from '../../cost/ownership.ts';
import { type CostLine, counts, instanceCost, type Purchase } from '../../cost/purchase.ts';
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

/** What varies in the cost of an instance; all independent. */
interface Inputs {
  readonly [name: string]: Estimate;
}

function assumed({ low, value, high }: BandFact): Estimate {
  return { low, value, high, basis: 'assumed' };
}

/** A band of shares that may end at 0 is sampled as what is left of 1. */
function complement({ low, value, high }: BandFact): Estimate {
  return { low: 1 - high, value: 1 - value, high: 1 - low, basis: 'assumed' };
}

/** 10th to 90th percentile of a cost over its uncertain inputs; those without a band stay at their value. */
function sampledCost(inputs: Inputs, cost: (values: Readonly<Record<string, number>>) => number, basis: Basis): Estimate {
  const middle = Object.fromEntries(Object.entries(inputs).map(([name, { value }]) => [name, value]));
  const wide = Object.entries(inputs).filter(([, { low, high }]) => low < high);
  const value = cost(middle);
  if (wide.length === 0) return { low: value, value, high: value, basis };
  const samples = sample(
    wide.map(([, input]) => input),
    (drawn) => cost({ ...middle, ...Object.fromEntries(wide.map(([name], index) => [name, drawn[index] ?? 0])) }),
    SAMPLES,
  );
  return sampledBand(basis, samples, value);
}

/** The lines of people and ramp-up beside those of the machine. */
function runLines(lines: readonly CostLine[], gpus: number, fte: number, usdPerFte: number, { ownership }: HostingQuestion): CostLine[] {
  const staffed: CostLine[] = [...lines, { code: 'staff', usdPerMonth: staffUsdPerMonth(gpus, fte, usdPerFte) }];
  const { rampMonths, spreadMonths } = ownership;
  if (rampMonths === 0) return staffed;
  return [...staffed, { code: 'ramp-up', usdPerMonth: rampUpUsdPerMonth(instanceCost(staffed, 'fully-loaded'), rampMonths, spreadMonths) }];
}

/** Hours of the month that a rented instance bills: all, unless those without traffic are given back. */
function billedHours(purchase: Purchase, { volume, stopIdle }: HostingQuestion): number {
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
  const linesAt = (usd: number, fte: number, usdPerFte: number) =>
    runLines([{ code: 'rent', usdPerMonth: usd * gpusPerInstance * hours }], gpusPerInstance, fte, usdPerFte, question);
  const inputs = { rent: rent.usdPerGpuHour, fte: assumed(ftePerEightGpus), usdPerFte: assumed(usdPerFteMonth) };
  const cost = ({ rent: usd = 0, fte = 0, usdPerFte = 0 }: Readonly<Record<string, number>>) =>
    instanceCost(linesAt(usd, fte, usdPerFte), question.lens);
  return {
    id: rent.id,
    purchase,
    gpusPerInstance,
    lines: linesAt(rent.usdPerGpuHour.value, ftePerEightGpus.value, usdPerFteMonth.value),
    usdPerInstanceMonth: sampledCost(
      inputs,
      cost,
      counts('staff', question.lens) && ftePerEightGpus.value > 0 ? weakest(rent.usdPerGpuHour.basis, 'assumed') : rent.usdPerGpuHour.basis,
    ),
    modelled: rent.offers.every(({ pricing }) => pricing === 'ownership-model'),
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
  const named = Object.fromEntries(
    OWNERSHIP_INPUTS.map((name) => [name, name === 'residualShare' ? complement(facts[name]) : assumed(facts[name])]),
  );
  const inputs: Inputs = {
    ...named,
    capexUsd: assumed(server.capexUsd),
    kilowatts: assumed(server.kilowatts),
    fte: assumed(staffing.ftePerEightGpus),
    usdPerFte: assumed(staffing.usdPerFteMonth),
  };
  const linesAt = (at: Readonly<Record<string, number>>) => {
    const get = (name: string) => at[name] ?? 0;
    const values = Object.fromEntries(OWNERSHIP_INPUTS.map((name) => [name, get(name)])) as Record<
      (typeof OWNERSHIP_INPUTS)[number],
      number
    >;
    const machine = { ...values, residualShare: 1 - get('residualShare'), capexUsd: get('capexUsd'), kilowatts: get('kilowatts') };
    return runLines(ownershipLines(machine, hoursPerMonth), server.gpus, get('fte'), get('usdPerFte'), question);
  };
  const middle = Object.fromEntries(Object.entries(inputs).map(([name, { value }]) => [name, value]));
  const usdPerInstanceMonth = sampledCost(inputs, (at) => instanceCost(linesAt(at), question.lens), 'assumed');
  return {
    id: `${gpu.id}/owned`,
    purchase: 'owned',
    gpusPerInstance: server.gpus,
    lines: linesAt(middle),
    usdPerInstanceMonth,
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
