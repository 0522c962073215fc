import type { Deployment, KvCacheDtype } from '../../engine/deployment.ts';
import type { StartupLog } from '../../importers/startupLog/startupLog.ts';
import { kvCaches } from '../../layout/layout.ts';
import { type KvPool, kvCapacity, kvPool, poolBytesPerToken } from '../../memory/kvCache.ts';
import { stagesOf } from '../../memory/stage.ts';
import { GIB } from '../../units/bytes.ts';

/** Pool of the stage whose sequences take most memory: it runs out first. */
export function tightestPool(deployment: Deployment): KvPool {
  const pools = stagesOf(deployment.model.architecture, deployment.layout.pp).map((stage) => kvPool(deployment, stage));
  const size = ({ blockBytes, blocksPerSequence }: KvPool) => blockBytes * blocksPerSequence;
  return pools.reduce((most, pool) => (size(pool) > size(most) ? pool : most));
}

/** Tokens of one KV cache, as engines print them, that so much memory per GPU holds. */
export function tokensIn(deployment: Deployment, pool: KvPool, gib: number): number {
  return kvCapacity(deployment, pool, gib * GIB).tokens / kvCaches(deployment.layout);
}

/** The dtype of the KV cache whose bytes per token come nearest to what memory and tokens of a log imply; null where it lacks one. */
export function impliedDtype({ figures: { kvMemory, kvTokens } }: StartupLog, deployment: Deployment): KvCacheDtype | null {
  if (!kvMemory || !kvTokens) return null;
  const implied = (kvMemory.value * GIB) / kvTokens.value;
  const distance = (kvCacheDtype: KvCacheDtype) => {
    const other = { ...deployment, kvCacheDtype };
    return Math.abs(Math.log(poolBytesPerToken(tightestPool(other), other) / implied));
  };
  return distance('fp8') < distance('bf16') ? 'fp8' : 'bf16';
}
