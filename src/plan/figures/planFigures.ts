import { layoutName } from '../../layout/layout.ts';
import type { FitAnswer } from '../fit/fitAnswer.ts';
import type { ReuseAnswer } from '../reuse/reuseAnswer.ts';
import type { SizeAnswer } from '../size/sizeAnswer.ts';
import type { SpeedAnswer } from '../speed/speedAnswer.ts';
import { type Figure, figure } from './figure.ts';

/** Whether it fits: what one GPU holds, and what its KV cache does. */
export function fitFigures({ results }: Pick<FitAnswer, 'results'>): Figure[] {
  return results.flatMap(({ gpuName, gpus, format, weightBytesPerGpu, overheadBytesPerGpu, kvMemoryBytesPerGpu, kvTokens, sequences }) => {
    const subject = `${gpus}×${gpuName} ${format}`;
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
  return replicas.flatMap(({ gpuName, gpus, layout, points, kvTokens }) => {
    const replica = `${gpus}×${gpuName} ${layoutName(layout)}`;
    return [
      ...points.flatMap(({ concurrency, ttftMs, tpotMs, outputTokensPerSecond }) => {
        const subject = `${replica} at ${concurrency} in flight`;
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
  return ways.flatMap(({ fleet, layout, kvCacheDtype, reuse, kvTokens, usdPerMtok, tokensPerMonthPerReplica }) => {
    const subject = `${fleet} ${layoutName(layout)} ${kvCacheDtype}`;
    return [
      figure('unit-cost', subject, 'a token on them', 'USD/Mtok', usdPerMtok),
      figure('reuse', subject, 'found in the KV cache', 'share', reuse),
      figure('capacity', subject, 'planned of a replica', 'tokens/month', tokensPerMonthPerReplica),
      figure('kv-tokens', subject, 'KV tokens', 'tokens', kvTokens),
    ];
  });
}

/** How many replicas and instances each fleet takes, what they cost, and how long requests wait. */
export function sizeFigures({ fleets }: Pick<SizeAnswer, 'fleets'>): Figure[] {
  return fleets.flatMap(({ id, replicas, rows, ttftMs, tpotMs, activeUsersPerReplica }) => [
    figure('replicas', id, 'replicas', 'count', replicas),
    figure('cost', id, 'own GPUs', 'USD/month', rows[0]?.usdPerMonth ?? null),
    figure('ttft', id, 'mean TTFT', 'ms', ttftMs),
    figure('tpot', id, 'mean TPOT', 'ms', tpotMs),
    figure('users', id, 'active users per replica', 'count', activeUsersPerReplica),
  ]);
}
