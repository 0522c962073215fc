import { type Deployment, headsPerRank, isSparse, usesMla } from './deployment.ts';
import { compareVersions } from './version.ts';

/** The attention kernel that an engine picks for decoding, and the tokens in one block of its KV cache. */
export interface AttentionBackend {
  readonly name: string;
  readonly blockTokens: number;
}

const TRITON_MLA: AttentionBackend = { name: 'TRITON_MLA', blockTokens: 16 };
const FLASH_ATTN_MLA: AttentionBackend = { name: 'FLASH_ATTN_MLA', blockTokens: 16 };
const FLASH_MLA: AttentionBackend = { name: 'FLASHMLA', blockTokens: 64 };
const FLASH_INFER_MLA: AttentionBackend = { name: 'FLASHINFER_MLA', blockTokens: 64 };
const AITER_MLA: AttentionBackend = { name: 'ROCM_AITER_MLA', blockTokens: 16 };

/** GPUs of compute capability 10.x: data-centre Blackwell. */
export function isDatacentreBlackwell({ gpu }: Deployment): boolean {
  const capability = gpu.computeCapability ?? 0;
  return capability >= 10 && capability < 12;
}

function isHopper({ gpu }: Deployment): boolean {
  const capability = gpu.computeCapability ?? 0;
  return capability >= 9 && capability < 10;
}

function vllmMla(deployment: Deployment): AttentionBackend {
  const { gpu, release, layout, kvCacheDtype } = deployment;
  if (gpu.vendor === 'amd') return layout.dcp === 1 && vllmAiterTakes(headsPerRank(deployment), release.version) ? AITER_MLA : TRITON_MLA;
  if (isDatacentreBlackwell(deployment)) return FLASH_INFER_MLA;
  if (isHopper(deployment)) return kvCacheDtype === 'fp8' ? FLASH_MLA : FLASH_ATTN_MLA;
  return TRITON_MLA;
}

/** Sparse MLA: the block is the indexer's, 64 on CUDA and 16 on ROCm. */
function vllmSparse(deployment: Deployment): AttentionBackend {
  if (deployment.gpu.vendor === 'amd') return { name: 'ROCM_AITER_MLA_SPARSE', blockTokens: 16 };
  return { name: isDatacentreBlackwell(deployment) ? 'FLASHINFER_MLA_SPARSE' : 'FLASHMLA_SPARSE', blockTokens: 64 };
}

function vllmGqa(deployment: Deployment): AttentionBackend {
  if (deployment.gpu.vendor === 'amd') return { name: 'TRITON_ATTN', blockTokens: 16 };
  return { name: isDatacentreBlackwell(deployment) ? 'FLASHINFER' : 'FLASH_ATTN', blockTokens: 16 };
}

function vllmBackend(deployment: Deployment): AttentionBackend {
  if (!usesMla(deployment)) return vllmGqa(deployment);
  return isSparse(deployment) ? vllmSparse(deployment) : vllmMla(deployment);
}

/** vLLM's AITER MLA takes 16 or 128 heads per rank up to 0.16; later 1 to 15 (padded to 16) or a multiple of 16. */
export function vllmAiterTakes(heads: number, version: string): boolean {
  if (compareVersions(version, '0.17.0') < 0) return heads === 16 || heads === 128;
  return heads < 16 || heads % 16 === 0;
}

/** SGLang picks AITER by itself for MLA only where a rank has 16 or 128 heads, and Triton otherwise; its page is one token. */
function sglangBackend(deployment: Deployment): AttentionBackend {
  const page = (name: string) => ({ name, blockTokens: 1 });
  if (deployment.gpu.vendor === 'amd') {
    const heads = headsPerRank(deployment);
    return page(!usesMla(deployment) || heads === 16 || heads === 128 ? 'aiter' : 'triton');
  }
  if (isDatacentreBlackwell(deployment)) return page(usesMla(deployment) ? 'flashinfer' : 'trtllm_mha');
  return page(isHopper(deployment) ? 'fa3' : usesMla(deployment) ? 'triton' : 'flashinfer');
}

/**
 * The decode kernel of a deployment, by engine, version, GPU, kind of attention, heads per rank and KV cache dtype.
 *
 * @returns its name and block size; on SGLang the default page of one token
 */
export function attentionBackend(deployment: Deployment): AttentionBackend {
  return deployment.release.engine.id === 'vllm' ? vllmBackend(deployment) : sglangBackend(deployment);
}
