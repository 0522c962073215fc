import { hoursText } from '../cost/hoursText.ts';
import { OWNERSHIP_INPUTS, type OwnershipPreset } from '../cost/ownership.ts';
import type { ConditionalPrices } from '../cost/tariff.ts';
import type { Catalog } from '../plan/catalog.ts';
import { formatNumber } from '../report/format.ts';
import type { Cell } from '../report/table.ts';
import type { LengthCell } from '../workload/traffic.ts';

/** `above 272000: 10/1/45`: input, cache read and output. */
function conditionInWords({
  aboveInputTokens,
  hoursUtc,
  inputUsdPerMtok,
  cacheReadUsdPerMtok,
  outputUsdPerMtok,
}: ConditionalPrices): string {
  const when = [
    ...(aboveInputTokens === null ? [] : [`above ${aboveInputTokens}`]),
    ...(hoursUtc.length === 0 ? [] : [hoursText(hoursUtc)]),
  ];
  return `${when.join(' ')}: ${inputUsdPerMtok}/${cacheReadUsdPerMtok ?? inputUsdPerMtok}/${outputUsdPerMtok}`;
}

/** `60 cells of lengths, input 911 to 102,204 and output 23 to 1,119 tokens.` */
function lengthsInWords(cells: readonly LengthCell[]): string {
  if (cells.length === 1) return 'Lengths: means alone.';
  const range = (lengths: readonly number[]) => `${formatNumber(Math.min(...lengths))} to ${formatNumber(Math.max(...lengths))}`;
  const input = range(cells.map(({ inputTokens }) => Math.round(inputTokens)));
  const output = range(cells.map(({ outputTokens }) => Math.round(outputTokens)));
  return `Lengths: ${cells.length} cells of ${input} input and ${output} output tokens on average.`;
}

/** `Day: hour 12 has 0.45 of the mean rate, hour 22 has 2.19.` */
function dayInWords(hours: readonly number[]): string {
  const [least, most] = [Math.min(...hours), Math.max(...hours)];
  const words = (rate: number) => `hour ${hours.indexOf(rate)} has ${Number(rate.toFixed(2))}`;
  return `Day: ${words(least)} of the mean rate, ${words(most)}.`;
}

/** The parts of the catalog that are listed as they are. */
export type Kind =
  | 'gpus'
  | 'models'
  | 'workloads'
  | 'tariffs'
  | 'offers'
  | 'servers'
  | 'ownership'
  | 'accounts'
  | 'trends'
  | 'depreciation'
  | 'constraints';

/** How one kind of entry is listed. */
export interface Columns<T> {
  /** What the entries are, as words. */
  readonly words: string;
  /** How many of the last columns stand below their row as a sentence where a person reads. */
  readonly noteColumns?: number;
  /** Columns whose cells are bands, three each in CSV. */
  readonly banded?: readonly string[];
  readonly columns: Readonly<Record<string, (entry: T) => Cell>>;
}

/** The columns of each kind. */
export const COLUMNS: { readonly [K in Kind]: Columns<Catalog[K][number]> } = {
  gpus: {
    words: 'GPU profiles',
    columns: {
      id: ({ id }) => id,
      name: ({ name }) => name,
      aliases: ({ aliases }) => aliases.join(' '),
      'engine sees GiB': ({ torchTotalGiB }) => torchTotalGiB?.value ?? null,
      'GB/s': ({ memoryBandwidthGBPerSecond }) => memoryBandwidthGBPerSecond?.value ?? null,
      'GPUs per node': ({ gpusPerNode }) => gpusPerNode,
    },
  },
  models: {
    words: 'models',
    columns: {
      id: ({ id }) => id,
      name: ({ name }) => name,
      formats: ({ checkpoints }) => checkpoints.map(({ format }) => format).join(' '),
      aliases: ({ aliases }) => aliases.join(' '),
    },
  },
  workloads: {
    words: 'workload presets',
    noteColumns: 3,
    banded: ['CV of gaps'],
    columns: {
      id: ({ id }) => id,
      'input tokens': ({ inputTokens }) => inputTokens,
      'output tokens': ({ outputTokens }) => outputTokens,
      reuse: ({ reuse }) => reuse.value,
      'requests/s': ({ requestsPerSecond }) => requestsPerSecond,
      'CV of gaps': ({ gapCv }) => gapCv,
      'in flight per user': ({ concurrencyPerUser }) => concurrencyPerUser,
      lengths: ({ lengths }) => lengthsInWords(lengths),
      day: ({ hours }) => (hours ? dayInWords(hours) : null),
      note: ({ note }) => note,
    },
  },
  tariffs: {
    words: 'API prices',
    columns: {
      id: ({ id }) => id,
      provider: ({ provider }) => provider,
      tier: ({ tier }) => tier,
      'input $/Mtok': ({ inputUsdPerMtok }) => inputUsdPerMtok,
      'cache read $/Mtok': ({ cacheReadUsdPerMtok }) => cacheReadUsdPerMtok,
      'cache write $/Mtok': ({ cacheWriteUsdPerMtok }) => cacheWriteUsdPerMtok,
      'output $/Mtok': ({ outputUsdPerMtok }) => outputUsdPerMtok,
      conditions: ({ conditions }) => conditions.map(conditionInWords).join('; '),
      date: ({ from, date }) => from ?? date,
    },
  },
  offers: {
    words: 'prices of instances',
    columns: {
      id: ({ id }) => id,
      GPU: ({ gpu }) => gpu,
      pricing: ({ pricing }) => pricing,
      months: ({ termMonths }) => termMonths,
      '$/GPU-h': ({ usdPerGpuHour }) => usdPerGpuHour,
      date: ({ date }) => date,
    },
  },
  servers: {
    words: 'machines that can be bought',
    columns: {
      id: ({ id }) => id,
      name: ({ name }) => name,
      GPU: ({ gpu }) => gpu,
      GPUs: ({ gpus }) => gpus,
      USD: ({ capexUsd }) => capexUsd.value,
      kW: ({ kilowatts }) => kilowatts.value,
      date: ({ date }) => date,
      note: ({ note }) => note,
    },
  },
  ownership: {
    words: 'sets of ownership inputs',
    columns: {
      id: ({ id }) => id,
      name: ({ name }) => name,
      ...Object.fromEntries(
        OWNERSHIP_INPUTS.map(
          (input) =>
            [
              input,
              (preset: OwnershipPreset): Cell => {
                const { low, value, high } = preset[input];
                return { low, value, high };
              },
            ] as const,
        ),
      ),
    },
  },
  accounts: {
    words: 'providers whose limits are known',
    columns: {
      id: ({ id }) => id,
      tiers: ({ tiers }) => tiers.length,
      'highest at USD paid in': ({ tiers }) => tiers.at(-1)?.topUpUsd ?? null,
      'requests a minute': ({ tiers }) => tiers.at(-1)?.requestsPerMinute ?? null,
      'tokens a minute': ({ tiers }) => tiers.at(-1)?.tokensPerMinute ?? null,
      concurrency: ({ tiers }) => tiers.at(-1)?.concurrency ?? null,
    },
  },
  trends: {
    words: 'trends of prices',
    noteColumns: 1,
    banded: ['change a year'],
    columns: {
      id: ({ id }) => id,
      of: ({ of }) => of,
      name: ({ name }) => name,
      'change a year': ({ perYear: { low, value, high } }) => ({ low, value, high }),
      note: ({ note }) => note,
    },
  },
  depreciation: {
    words: 'tax schedules',
    noteColumns: 1,
    columns: {
      id: ({ id }) => id,
      country: ({ country }) => country,
      name: ({ name }) => name,
      'share of the cost by tax year': ({ shares }) => shares.join(' '),
      note: ({ note }) => note,
    },
  },
  constraints: {
    words: 'constraints beside money',
    columns: {
      id: ({ id }) => id,
      side: ({ side }) => side,
      models: ({ models }) => (models ?? ['all']).join(' '),
      providers: ({ providers }) => (providers ?? ['all']).join(' '),
      text: ({ text }) => text,
    },
  },
};
