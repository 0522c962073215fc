import type { Command } from 'commander';
import { type DeploymentWords, deploymentOptions, gpuOption } from './deploymentOptions.ts';
import { catalogOption, valueOption } from './options.ts';

/** The words that say what is hosted, for whom, and how it is paid for. */
export interface HostingWords extends Omit<DeploymentWords, 'dp'> {
  readonly ctx?: string;
  readonly workload?: string;
  readonly inputTokens?: string;
  readonly outputTokens?: string;
  readonly reuse?: string;
  readonly thinking?: string;
  readonly thinkingRatio?: string;
  readonly tokensPerMonth?: string;
  readonly requestsPerMonth?: string;
  readonly users?: string;
  readonly requestsPerUserHour?: string;
  readonly activeHours?: string;
  readonly hoursPerDay?: string;
  readonly hoursPerMonth?: string;
  readonly trafficUtc?: string;
  readonly cacheWriteShare?: string;
  readonly tokensPerSecond?: string;
  readonly maxTpot?: string;
  readonly maxLoad?: string;
  readonly spare?: string;
  readonly stopIdle?: boolean;
  readonly purchase?: string;
  readonly offer?: string;
  readonly rent?: string;
  readonly provider?: string;
  readonly region?: string;
  readonly tariff?: string;
  readonly lens?: string;
  readonly ownership?: string;
  readonly capex?: string;
  readonly kilowatts?: string;
  readonly lifeYears?: string;
  readonly residual?: string;
  readonly costOfCapital?: string;
  readonly maintenance?: string;
  readonly pue?: string;
  readonly usdPerKwh?: string;
  readonly colocation?: string;
  readonly network?: string;
  readonly fte?: string;
  readonly usdPerFte?: string;
  readonly rampMonths?: string;
  readonly oneOff?: string;
  readonly asOf?: string;
  readonly catalog?: string;
}

type Flags = readonly (readonly [flags: string, description: string])[];

const REQUEST: Flags = [
  ['--workload <name>', 'workload preset, see `kplan data workloads`, or FILE.json of `kplan import workload`'],
  ['--input-tokens <n>', 'input tokens per request, reused or not'],
  ['--output-tokens <n>', 'output tokens per request'],
  ['--reuse <share>', 'share of input tokens found in the KV cache, 0 to 1'],
  ['--thinking <share>', 'share of the output that is thinking (default: of the workload)'],
  ['--thinking-ratio <x>', 'thinking tokens of this model for each one of the traffic (default: as published, else 1)'],
  ['--cache-write-share <share>', "share of the other input that is written to the API's cache (default: 1 where it is read)"],
  ['--ctx <tokens>', 'context of which one sequence must fit (default: from the workload)'],
];

const VOLUME: Flags = [
  ['--tokens-per-month <n>', 'volume: input, reused or not, plus output'],
  ['--requests-per-month <n>', 'volume, in requests'],
  ['--users <n>', 'volume, as people of whom the workload knows how much each asks'],
  ['--requests-per-user-hour <n>', 'requests of one user in an active hour (default: of the workload)'],
  ['--active-hours <n>', 'active hours of a user in a month (default: 88)'],
  ['--hours-per-day <n>', 'hours of each day in which the traffic comes (default: all); with --users of each working day (default: 8)'],
  ['--hours-per-month <n>', 'hours of a month that instances are paid for (default: 730)'],
  ['--traffic-utc <hours>', 'the same as hours, such as 08:00-18:00: tariffs by the hour go by them'],
];

const FLEET: Flags = [
  ['--purchase <ways>', 'how instances are paid for: on-demand, spot, reserved-1y, reserved-3y, reserved, owned; a list with commas'],
  ['--offer <ids>', 'price of the instances, see `kplan data offers` (default: median on demand, last 90 days)'],
  ['--rent <usd>', 'rent of a GPU an hour, instead of offers'],
  ['--provider <name>', 'provider of rented instances'],
  ['--region <name>', 'region of rented instances'],
  ['--max-load <share>', 'share of the capacity that is planned to be used (default: 1)'],
  ['--spare <n>', 'replicas kept beside those that carry the load; 1 is N+1 (default: 0)'],
  ['--max-tpot <ms>', 'milliseconds between two tokens of a sequence that replicas may take at most'],
  ['--tokens-per-second <n>', 'tokens per second that one replica processes, instead of measurements'],
  ['--lens <lens>', 'fully-loaded, or incremental: without capital, staff and ramp-up (default: fully-loaded)'],
];

const OWNERSHIP: Flags = [
  ['--ownership <name>', 'set of ownership inputs, see `kplan data ownership` (default: default)'],
  ['--capex <usd>', 'price of one machine'],
  ['--kilowatts <kw>', 'what it draws at full load'],
  ['--life-years <n>', 'years of use'],
  ['--residual <share>', 'share of the price that is left then'],
  ['--cost-of-capital <share>', 'a year, such as 0.08'],
  ['--maintenance <share>', 'of the price, a year'],
  ['--pue <x>', 'power usage effectiveness'],
  ['--usd-per-kwh <usd>', 'price of electricity'],
  ['--colocation <usd>', 'a month and machine'],
  ['--network <usd>', 'a month and machine'],
  ['--fte <n>', 'people for eight GPUs, rented or owned'],
  ['--usd-per-fte <usd>', 'cost of one of them a month'],
  ['--ramp-months <n>', 'months that are paid before traffic moves, spread over 36'],
  ['--one-off <usd>', 'paid once for moving, spread over 36 months'],
];

function group(command: Command, title: string, flags: Flags): void {
  command.optionsGroup(title);
  for (const [flag, description] of flags) valueOption(command, flag, description);
}

/** Declares the options that say what is hosted, for whom, and how it is paid for. */
export function hostingOptions(command: Command, gpus: string): Command {
  gpuOption(command);
  group(command, 'Request:', REQUEST);
  group(command, 'Volume:', VOLUME);
  group(command, 'Own GPUs:', FLEET);
  command.option('--stop-idle', 'give instances on demand or spot back in the hours without traffic');
  group(command, 'Owning and running:', OWNERSHIP);
  group(command, 'API and facts:', [
    ['--tariff <ids>', 'API prices, see `kplan data tariffs` (default: list price and cheapest host)'],
    ['--as-of <date>', 'use facts up to this day (YYYY-MM-DD)'],
  ]);
  catalogOption(command);
  return deploymentOptions(command, gpus);
}
