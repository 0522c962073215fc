import { isDatacentreBlackwell } from './attentionBackend.ts';
import { type Deployment, isSparse, type KvCacheDtype } from './deployment.ts';

/**
 * The element layout that an engine keeps for a KV cache dtype: FP8 for sparse MLA is the mixed 656-byte layout, except in vLLM on
 * data-centre Blackwell, whose kernels take plain FP8.
 */
export function kvLayout(deployment: Deployment): KvCacheDtype {
  const { kvCacheDtype, release } = deployment;
  if (kvCacheDtype !== 'fp8' || !isSparse(deployment)) return kvCacheDtype;
  return release.engine.id === 'vllm' && isDatacentreBlackwell(deployment) ? 'fp8' : 'fp8_ds_mla';
}
