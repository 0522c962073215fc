import { OWNERSHIP_INPUTS, type OwnershipInput, type OwnershipPreset, type Server, type Staffing } from '../../cost/ownership.ts';
import type { BandFact } from '../../evidence/source.ts';
import type { Gpu } from '../../hardware/gpu.ts';
import { checkNumber, type NumberRange } from '../../units/number.ts';
import { knownBy } from '../../units/time.ts';
import type { Catalog } from '../catalog.ts';
import { findNamed } from '../lookup.ts';

/** What owning machines and running a fleet costs, as far as the user says it. */
export interface OwnershipQuery extends Readonly<Partial<Record<OwnershipInput, number>>> {
  /** Id of a set of ownership inputs. */
  readonly ownership?: string;
  /** Price of one machine with a whole node of GPUs, USD. */
  readonly capexUsd?: number;
  /** What it draws at full load, kW. */
  readonly kilowatts?: number;
  readonly ftePerEightGpus?: number;
  readonly usdPerFteMonth?: number;
  /** Months in which instances are paid before traffic moves to them. */
  readonly rampMonths?: number;
  /** What moving costs once, USD. */
  readonly oneOffUsd?: number;
}

/** The rules of owning and running that an answer goes by. */
export interface OwnershipRules {
  readonly preset: OwnershipPreset;
  readonly inputs: Readonly<Record<OwnershipInput, BandFact>>;
  readonly capexUsd: BandFact | null;
  readonly kilowatts: BandFact | null;
  readonly staffing: Staffing;
  readonly rampMonths: number;
  readonly oneOffUsd: number;
  readonly spreadMonths: number;
}

const PRESET = 'default';

/** Range and flag of each input. */
const RANGES: Readonly<Record<OwnershipInput | 'capexUsd' | 'kilowatts' | 'ftePerEightGpus' | 'usdPerFteMonth', [string, NumberRange]>> = {
  lifeYears: ['--life-years', { above: 0, max: 50 }],
  residualShare: ['--residual', { min: 0, max: 1 }],
  costOfCapital: ['--cost-of-capital', { min: 0, max: 1 }],
  maintenanceShare: ['--maintenance', { min: 0, max: 1 }],
  pue: ['--pue', { min: 1, max: 5 }],
  usdPerKwh: ['--usd-per-kwh', { min: 0, max: 10 }],
  colocationUsdPerMonth: ['--colocation', { min: 0, max: 1e9 }],
  networkUsdPerMonth: ['--network', { min: 0, max: 1e9 }],
  capexUsd: ['--capex', { above: 0, max: 1e12 }],
  kilowatts: ['--kilowatts', { above: 0, max: 1e6 }],
  ftePerEightGpus: ['--fte', { min: 0, max: 1e4 }],
  usdPerFteMonth: ['--usd-per-fte', { min: 0, max: 1e7 }],
};

function stated(query: OwnershipQuery, name: keyof typeof RANGES): BandFact | null {
  const asked = query[name];
  if (asked === undefined) return null;
  const [flag, range] = RANGES[name];
  const value = checkNumber(asked, flag, range);
  return { low: value, value, high: value, source: 'user' };
}

/**
 * The inputs of a set of ownership inputs, those replaced that the user states.
 *
 * @throws Fault `unknown` for a set that does not exist, `invalid` for a number outside its range
 */
export function resolveOwnership(query: OwnershipQuery, catalog: Catalog): OwnershipRules {
  const preset = findNamed(catalog.ownership, query.ownership ?? PRESET, '--ownership', 'kplan data ownership');
  const { staffing, spreadMonths } = catalog.planning;
  const inputs = Object.fromEntries(OWNERSHIP_INPUTS.map((name) => [name, stated(query, name) ?? preset[name]]));
  return {
    preset,
    inputs: inputs as OwnershipRules['inputs'],
    capexUsd: stated(query, 'capexUsd'),
    kilowatts: stated(query, 'kilowatts'),
    staffing: {
      ftePerEightGpus: stated(query, 'ftePerEightGpus') ?? staffing.ftePerEightGpus,
      usdPerFteMonth: stated(query, 'usdPerFteMonth') ?? staffing.usdPerFteMonth,
    },
    rampMonths: checkNumber(query.rampMonths ?? 0, '--ramp-months', { min: 0, max: 120 }),
    oneOffUsd: checkNumber(query.oneOffUsd ?? 0, '--one-off', { min: 0, max: 1e12 }),
    spreadMonths: spreadMonths.value,
  };
}

/** A machine to buy, with its price and draw as the user states them or the catalog knows them. */
export interface OwnedServer {
  readonly name: string;
  readonly gpus: number;
  readonly capexUsd: BandFact;
  readonly kilowatts: BandFact;
  readonly date: string | null;
  readonly note: string;
}

/** The machine that holds a GPU, or null where neither the catalog nor the user has a price and a draw. */
export function ownedServer(
  gpu: Gpu,
  { capexUsd, kilowatts }: OwnershipRules,
  servers: readonly Server[],
  asOf: string,
): OwnedServer | null {
  const known = servers
    .filter((server) => server.gpu === gpu.id && knownBy(server.date, asOf))
    .sort((a, b) => (a.date < b.date ? 1 : -1))[0];
  const price = capexUsd ?? known?.capexUsd;
  const draw = kilowatts ?? known?.kilowatts;
  if (!price || !draw) return null;
  return {
    name: known?.name ?? `${gpu.gpusPerNode}× ${gpu.name}`,
    gpus: known?.gpus ?? gpu.gpusPerNode,
    capexUsd: price,
    kilowatts: draw,
    date: capexUsd ? null : (known?.date ?? null),
    note: capexUsd ? 'Price as stated.' : (known?.note ?? ''),
  };
}
