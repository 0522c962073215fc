import { type Deployment, headsPerRank } from './deployment.ts';
import { compareVersions } from './version.ts';

/** The attention kernel that an engine picks for MLA decode, and the tokens in one block of its KV cache. */
export interface MlaBackend {
  readonly name:
    | 'TRITON_MLA'
    | 'FLASH_ATTN_MLA'
    | 'FLASHMLA'
    | 'FLASHINFER_MLA'
    | 'ROCM_AITER_MLA'
    | 'fa3'
    | 'flashinfer'
    | 'triton'
    | 'aiter';
  readonly blockTokens: number;
}

const TRITON: MlaBackend = { name: 'TRITON_MLA', blockTokens: 16 };
const FLASH_ATTENTION: MlaBackend = { name: 'FLASH_ATTN_MLA', blockTokens: 16 };
const FLASH_MLA: MlaBackend = { name: 'FLASHMLA', blockTokens: 64 };
const FLASH_INFER: MlaBackend = { name: 'FLASHINFER_MLA', blockTokens: 64 };
const AITER: MlaBackend = { name: 'ROCM_AITER_MLA', blockTokens: 16 };

function vllmBackend(deployment: Deployment): MlaBackend {
  const { gpu, release, layout, kvCacheDtype } = deployment;
  if (gpu.vendor === 'amd') return layout.dcp === 1 && vllmAiterTakes(headsPerRank(deployment), release.version) ? AITER : TRITON;
  const capability = gpu.computeCapability ?? 0;
  if (capability >= 10 && capability < 12) return FLASH_INFER;
  if (capability >= 9 && capability < 10) return kvCacheDtype === 'fp8' ? FLASH_MLA : FLASH_ATTENTION;
  return TRITON;
}

/** vLLM's AITER MLA takes 16 or 128 heads per rank up to 0.16; later 1 to 15 (padded to 16) or a multiple of 16. */
export function vllmAiterTakes(heads: number, version: string): boolean {
  if (compareVersions(version, '0.17.0') < 0) return heads === 16 || heads === 128;
  return heads < 16 || heads % 16 === 0;
}

/** SGLang picks AITER by itself only for 16 or 128 heads per rank, and Triton otherwise. */
function sglangBackend(deployment: Deployment): MlaBackend {
  const { gpu } = deployment;
  const heads = headsPerRank(deployment);
  if (gpu.vendor === 'amd') return { name: heads === 16 || heads === 128 ? 'aiter' : 'triton', blockTokens: 1 };
  const capability = gpu.computeCapability ?? 0;
  if (capability >= 10 && capability < 12) return { name: 'flashinfer', blockTokens: 1 };
  return { name: capability >= 9 && capability < 10 ? 'fa3' : 'triton', blockTokens: 1 };
}

/**
 * The MLA decode kernel of a deployment, by engine, version, GPU, heads per rank and KV cache dtype.
 *
 * @returns its name and block size; on SGLang the default page of one token
 */
export function mlaBackend(deployment: Deployment): MlaBackend {
  return deployment.release.engine.id === 'vllm' ? vllmBackend(deployment) : sglangBackend(deployment);
}
