import { through, widened } from '../../evidence/estimate.ts';
import { layoutName } from '../../layout/layout.ts';
import type { FitAnswer } from '../fit/fitAnswer.ts';
import type { ReuseAnswer } from '../reuse/reuseAnswer.ts';
import type { SizeAnswer, SizedFleet } from '../size/sizeAnswer.ts';
import type { SpeedAnswer } from '../speed/speedAnswer.ts';
import { type Figure, figure, loadSubject } from './figure.ts';

/** How figures name a result of `fit`. */
export function fitSubject({
  gpus,
  gpuName,
  format,
  layout,
}: Pick<FitAnswer['results'][number], 'gpus' | 'gpuName' | 'format' | 'layout'>): string {
  return `${gpus}×${gpuName} ${layoutName(layout)} ${format}`;
}

/** How figures name a replica of `speed`. */
export function speedSubject({ gpus, gpuName, layout }: Pick<SpeedAnswer['replicas'][number], 'gpus' | 'gpuName' | 'layout'>): string {
  return `${gpus}×${gpuName} ${layoutName(layout)}`;
}

/** How figures name a way of `reuse`. */
export function reuseSubject({
  fleet,
  layout,
  kvCacheDtype,
}: Pick<ReuseAnswer['ways'][number], 'fleet' | 'layout' | 'kvCacheDtype'>): string {
  return `${fleet} ${layoutName(layout)} ${kvCacheDtype}`;
}

/** Whether it fits: what one GPU holds, and what its KV cache does. */
export function fitFigures({ results }: Pick<FitAnswer, 'results'>): Figure[] {
  return results.flatMap((result) => {
    const { weightBytesPerGpu, overheadBytesPerGpu, kvMemoryBytesPerGpu, kvTokens, sequences } = result;
    const subject = fitSubject(result);
    return [
      figure('weights', subject, 'weights per GPU', 'bytes', weightBytesPerGpu),
      figure('overhead', subject, 'overhead per GPU', 'bytes', overheadBytesPerGpu),
      figure('kv-memory', subject, 'KV memory per GPU', 'bytes', kvMemoryBytesPerGpu),
      figure('kv-tokens', subject, 'KV tokens', 'tokens', kvTokens),
      figure('sequences', subject, 'sequences of the context', 'count', sequences),
    ];
  });
}

/** How fast each replica is at each concurrency that was asked. */
export function speedFigures({ replicas }: Pick<SpeedAnswer, 'replicas'>): Figure[] {
  return replicas.flatMap((each) => {
    const { points, kvTokens } = each;
    const replica = speedSubject(each);
    return [
      ...points.flatMap(({ concurrency, ttftMs, tpotMs, outputTokensPerSecond }) => {
        const subject = loadSubject(replica, concurrency);
        return [
          figure('ttft', subject, 'TTFT', 'ms', ttftMs),
          figure('tpot', subject, 'TPOT', 'ms', tpotMs),
          figure('output', subject, 'output', 'tokens/s', outputTokensPerSecond),
        ];
      }),
      figure('kv-tokens', replica, 'KV tokens', 'tokens', kvTokens),
    ];
  });
}

/** What the KV cache of each fleet finds, and what a token costs on it. */
export function reuseFigures({ ways }: Pick<ReuseAnswer, 'ways'>): Figure[] {
  return ways.flatMap((way) => {
    const { reuse, kvTokens, usdPerMtok, tokensPerMonthPerReplica } = way;
    const subject = reuseSubject(way);
    return [
      figure('unit-cost', subject, 'a token on them', 'USD/Mtok', usdPerMtok),
      figure('reuse', subject, 'found in the KV cache', 'share', reuse),
      figure('capacity', subject, 'planned of a replica', 'tokens/month', tokensPerMonthPerReplica),
      figure('kv-tokens', subject, 'KV tokens', 'tokens', kvTokens),
    ];
  });
}

/** How long requests wait on the replicas that carry the busiest hour, and how many users each of these has. */
function waitFigures({ id, ttftMs, tpotMs, activeUsersPerReplica }: SizedFleet): Figure[] {
  return [
    figure('ttft', id, 'mean TTFT', 'ms', ttftMs),
    figure('tpot', id, 'mean TPOT', 'ms', tpotMs),
    figure('users', id, 'active users per replica', 'count', activeUsersPerReplica),
  ];
}

/** What a fleet without spare replicas takes and costs. */
export function carryingFigures(sized: SizedFleet): Figure[] {
  const { id, replicas, rows } = sized;
  return [
    figure('replicas', id, 'replicas', 'count', replicas),
    figure('cost', id, 'own GPUs', 'USD/month', rows[0]?.usdPerMonth ?? null),
    ...waitFigures(sized),
  ];
}

/** Whether no number of replicas keeps what is promised, so that there is none to tell. */
function hasBroken({ simulation }: SizedFleet): boolean {
  return simulation !== null && simulation.broken.length > 0;
}

/** How many replicas each fleet takes, with the spare ones where these were asked, what they cost, and how long requests wait. */
export function sizeFigures({ fleets, query, levels }: SizeAnswer): Figure[] {
  const code = query['spareReplicas'] === undefined ? 'load' : 'spare';
  return fleets.flatMap((sized) => {
    const { id, replicas, rows, simulation } = sized;
    const row = rows.find((each) => each.code === code);
    const spare = (row?.replicas ?? replicas.value) - replicas.value;
    const band = through(replicas, (count) => count + spare);
    const none = hasBroken(sized);
    const cost = row ? widened(row.usdPerMonth, [band.low / band.value, band.high / band.value]) : null;
    const promised = levels.map(({ metric, percentile }) => {
      const value = simulation?.percentiles[metric][`p${percentile}`] ?? null;
      return figure(`${metric}-p${percentile}`, id, `${metric.toUpperCase()} that ${percentile} % keep`, 'ms', value);
    });
    return [
      figure('replicas', id, 'replicas', 'count', none ? null : band),
      figure('cost', id, 'own GPUs', 'USD/month', none ? null : cost),
      ...promised,
      ...waitFigures(sized),
    ];
  });
}
