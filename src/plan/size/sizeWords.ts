import type { LimitCode } from '../../serving/replicaRate.ts';
import type { ServiceLevel } from '../../serving/serviceLevel.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import { formatDuration } from '../../units/duration.ts';
import { formatTokens } from '../../units/tokens.ts';
import type { RefusalLine } from '../hosting/fleets.ts';
import { counted, percent, usdInWords } from '../hosting/hostingWords.ts';
import { sequenceLimits } from '../speed/deployedReplica.ts';
import type { FleetSize } from './fleetSize.ts';
import type { SimulatedSize } from './simulatedSize.ts';
import type { SizedFleet } from './sizeAnswer.ts';
import type { SizeQuestion } from './sizeQuestion.ts';

/** What stops a replica from carrying more. */
function bindingInWords({ side, rate, reuse }: FleetSize, { hosting }: SizeQuestion): string {
  const { concurrency, speed } = rate;
  const { kvTokens, maxSequences } = sequenceLimits(side.judged);
  const words: Readonly<Record<LimitCode, () => string>> = {
    'kv-cache': () => `${formatTokens(kvTokens)} KV tokens of a replica hold ${counted(concurrency, 'sequence')} of the mean length`,
    'max-num-seqs': () => `the engine runs at most ${maxSequences} sequences`,
    prefill: () => `prompts take most of the time: ${percent(1 - reuse.value)} of the input is fresh`,
    decode: () => `at ${counted(concurrency, 'sequence')} in flight more of them bring no more tokens per second`,
    tpot: () =>
      `beyond ${counted(concurrency, 'sequence')} in flight (${formatDuration(speed.tpotMs.value)} per token) the mean time per token passes ${formatDuration(hosting.maxTpotMs ?? 0)}`,
  };
  return words[rate.binding]();
}

/** What binds: a promise where it takes more replicas than the mean does, else what stops a replica. */
export function bindingOf(size: FleetSize, simulated: SimulatedSize | null, question: SizeQuestion): SizedFleet['binding'] {
  const own = { code: size.rate.binding, message: bindingInWords(size, question) };
  const level = question.levels.at(-1);
  if (!simulated || !level || (simulated.replicas <= size.replicas.value && !simulated.most)) return own;
  const { fleet, replicas } = simulated.most ?? simulated;
  const reached = ({ metric, percentile }: ServiceLevel) => fleet.percentiles[metric][`p${percentile}`].value;
  const nearest = question.levels.reduce((most, one) => (reached(one) / one.limitMs > reached(most) / most.limitMs ? one : most), level);
  const promise = `${nearest.percentile} % of ${nearest.metric.toUpperCase()} under ${formatDuration(nearest.limitMs)}`;
  const seen = formatDuration(reached(nearest));
  const mean = `the mean alone takes ${size.replicas.value} (${own.message})`;
  return {
    code: nearest.metric,
    message: simulated.most
      ? `no number of replicas keeps ${promise}: with ${replicas} of them it is ${seen}, for long requests take so long alone; ${mean}`
      : `${promise} (simulated ${seen}); ${mean}`,
  };
}

/** Replicas that each law alone takes, with the law. */
export function lawsInWords({ laws }: FleetSize): SizedFleet['laws'] {
  return [
    { code: 'prefill', replicas: laws.prefill, message: 'requests per second × time of a replica for a prompt, fresh tokens alone' },
    { code: 'decode', replicas: laws.decode, message: 'requests per second × time of a replica for the tokens of an answer in its batch' },
    { code: 'kv-cache', replicas: laws.kvCache, message: 'requests in flight × mean tokens / KV tokens of a replica' },
  ];
}

function whoAsks({ users, hosting, requestsPerSecond }: SizeQuestion): string {
  const { workload, inputTokens, outputTokens } = hosting.demand;
  const what = workload ? ` on ${workload.id}` : ` of ${formatTokens(tokensPerRequest({ inputTokens, outputTokens }))} tokens`;
  const rate = `${Number(requestsPerSecond.toPrecision(3))} requests/s`;
  return users ? `${counted(users.count, 'user')}${what} (${rate} in the busiest hour)` : `${rate}${what}`;
}

/** The answer in one sentence: replicas of the cheapest fleet, what they cost, what binds, and whom one serves. */
export function sizeInWords(fleets: readonly SizedFleet[], refusals: readonly RefusalLine[], question: SizeQuestion): string {
  const [best] = fleets;
  const asked = whoAsks(question);
  if (!best) return `No fleet carries ${asked}: ${refusals[0]?.message ?? 'nothing was asked for'}.`;
  const { replicas, rows, binding, activeUsersPerReplica: users, fleet } = best;
  const [load] = rows;
  const { low, value, high } = replicas;
  const band = low === high ? '' : ` (${low} to ${high})`;
  const node = users
    ? ` One replica serves ${counted(Math.max(1, Math.round(users.value)), 'active user')}, ${Math.round(users.low)} to ${Math.round(users.high)}.`
    : '';
  const cost = load ? `, ${counted(load.instances, 'instance')} at ${usdInWords(load.usdPerMonth)} a month` : '';
  return `${asked} take ${value}${band} ${value === 1 ? 'replica' : 'replicas'} of ${fleet.gpusPerReplica}×${fleet.gpuName}${cost}, on average at ${percent(best.utilisation)} of what they carry; what binds: ${binding.message}.${node}`;
}
