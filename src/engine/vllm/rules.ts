import { stageRanks } from '../../layout/layout.ts';
import { formatGiB, GIB } from '../../units/bytes.ts';
import { attentionBackend, vllmAiterTakes } from '../attentionBackend.ts';
import {
  brokenGroups,
  DCP_DIVIDES_TP,
  DCP_FOR_GQA,
  dcpSince,
  emptyStages,
  filesOf,
  GPU_VENDOR,
  HEADS_DIVIDE,
  hasInt4Experts,
  isBelow,
  MXFP4_ON_GFX950,
  NVFP4_ON_BLACKWELL,
} from '../commonRules.ts';
import { headsPerRank, usesMla } from '../deployment.ts';
import { expertShard, expertTile } from '../expertKernel.ts';
import { fail, note, type Rule, warn } from '../rule.ts';

const code = filesOf('neuralmagic/vllm@017e9f4448 (mirror of vllm-project/vllm main) ', '2026-08-17');

/** Above this share little is left for the driver and the process itself, and a start fails. */
const SHARE_FREE_AT_START = 0.97;

/** What vLLM accepts for these models, one rule a line of its own. */
export const VLLM_RULES: readonly Rule[] = [
  { id: 'vllm.gpu-vendor', engine: 'vllm', source: code('vllm/platforms/cuda.py, rocm.py'), ...GPU_VENDOR },
  { id: 'vllm.tp-heads', engine: 'vllm', source: code('vllm/config/model.py verify_with_parallel_config'), ...HEADS_DIVIDE },
  {
    id: 'vllm.vocabulary',
    engine: 'vllm',
    title: 'the vocabulary, padded to 64s, divides by TP',
    source: code('vllm/model_executor/layers/vocab_parallel_embedding.py'),
    check: ({ model, layout }) => {
      const padded = Math.ceil(model.architecture.vocabularySize / 64) * 64;
      return padded % layout.tp === 0 ? null : fail(`the vocabulary of ${padded} does not divide by TP ${layout.tp}`);
    },
  },
  {
    id: 'vllm.ep-size',
    engine: 'vllm',
    title: 'EP spans all ranks of a stage (TP × DP) or is off',
    source: code('docs/serving/expert_parallel_deployment.md, expert_map_manager.py'),
    check: ({ layout }) => {
      const ranks = stageRanks(layout);
      return layout.ep === 1 || layout.ep === ranks
        ? null
        : fail(`EP is ${ranks} (TP × DP) or off, not ${layout.ep}`, { nearest: [{ ep: ranks }, { ep: 1 }] });
    },
  },
  {
    id: 'vllm.ep-experts',
    engine: 'vllm',
    title: 'every EP rank has an expert',
    source: code(
      'expert_map_manager.py determine_expert_map',
      'the remainder goes to the first ranks; a rank without any expert is not provided for',
    ),
    check: ({ model, layout }) => {
      const { experts = layout.ep } = model.architecture.experts ?? {};
      return layout.ep <= experts ? null : fail(`${experts} experts leave ranks without one at EP ${layout.ep}`);
    },
  },
  {
    id: 'vllm.expert-shard',
    engine: 'vllm',
    title: 'the split of an expert keeps whole quantisation groups',
    source: code('vllm/model_executor/layers/quantization/compressed_tensors/compressed_tensors_moe_wna16.py; marlin_utils.py'),
    check: brokenGroups,
  },
  {
    id: 'vllm.marlin-tile-pad',
    engine: 'vllm',
    title: 'Marlin pads an expert shard to 64 columns',
    source: code('marlin_utils.py marlin_moe_padded_intermediate'),
    check: (deployment) => {
      const { ffn } = expertTile(deployment);
      const shard = expertShard(deployment);
      return hasInt4Experts(deployment) && Number.isInteger(shard) && shard % ffn !== 0
        ? warn(`expert shards of ${shard} columns are padded to ${Math.ceil(shard / ffn) * ffn}: more memory, less speed`)
        : null;
    },
  },
  {
    id: 'vllm.int4-kernel',
    engine: 'vllm',
    title: 'an INT4 expert kernel exists for the GPU',
    source: code('fused_moe/oracle/int_wna16.py, experts/marlin_moe.py'),
    check: (deployment) =>
      hasInt4Experts(deployment) && deployment.gpu.vendor === 'amd'
        ? note('Marlin does not exist on ROCm: INT4 experts run on Triton WNA16 (gfx950 may use --moe-backend flydsl)')
        : null,
  },
  {
    id: 'vllm.nvfp4-blackwell',
    engine: 'vllm',
    source: { ref: 'vllm-project/recipes@8959cf6', date: '2026-08-21', kind: 'spec' },
    ...NVFP4_ON_BLACKWELL,
  },
  { id: 'vllm.mxfp4-gfx950', engine: 'vllm', ...MXFP4_ON_GFX950 },
  { id: 'vllm.dcp-divides-tp', engine: 'vllm', source: code('vllm/config/parallel.py'), ...DCP_DIVIDES_TP },
  {
    id: 'vllm.dcp-version',
    engine: 'vllm',
    source: {
      ref: 'neuralmagic/vllm@75648b16dd vllm/engine/arg_utils.py',
      date: '2025-11-21',
      kind: 'spec',
      note: 'on main since 2025-09-06; absent in 0.10.0, present in the 0.11 state',
    },
    ...dcpSince('0.11.0'),
  },
  { id: 'vllm.dcp-gqa', engine: 'vllm', source: code('vllm/config/model.py'), ...DCP_FOR_GQA },
  {
    id: 'vllm.dcp-backend',
    engine: 'vllm',
    title: 'the decode kernel supports DCP',
    source: code('v1/attention/backends/mla/*, v1/worker/cp_utils.py'),
    check: (deployment) =>
      deployment.layout.dcp > 1 && deployment.gpu.vendor === 'amd' && usesMla(deployment)
        ? warn('DCP does not work with ROCM_AITER_MLA: keep VLLM_ROCM_USE_AITER_MLA=0 so that Triton is used')
        : null,
  },
  {
    id: 'vllm.pp-split',
    engine: 'vllm',
    title: 'every pipeline stage has a layer',
    source: code('vllm/distributed/utils.py get_pp_indices; models/kimi_k25.py'),
    check: emptyStages,
  },
  {
    id: 'vllm.fp8-kv-sm80',
    engine: 'vllm',
    title: 'FP8 KV cache with MLA needs SM 8.9',
    source: {
      ref: 'vllm-project/vllm PR 47060',
      date: '2026-07-16',
      kind: 'spec',
      note: 'explicit check since then; no other MLA kernel runs on SM 8.0',
    },
    check: (deployment) => {
      const { gpu, kvCacheDtype } = deployment;
      return kvCacheDtype !== 'bf16' && usesMla(deployment) && isBelow(deployment, 8.9)
        ? fail(
            `FP8 KV cache with MLA needs compute capability 8.9; ${gpu.name} has ${gpu.computeCapability?.toFixed(1)}: use --kv-cache-dtype bf16`,
            { settings: { kvCacheDtype: 'bf16' } },
          )
        : null;
    },
  },
  {
    id: 'vllm.fp8-kv-sm120',
    engine: 'vllm',
    title: 'FP8 KV cache on SM 12.0 fails in some builds',
    source: { ref: 'vllm-project/vllm issue 46721', date: '2026-06', kind: 'quoted' },
    check: (deployment) =>
      deployment.kvCacheDtype === 'fp8' && usesMla(deployment) && (deployment.gpu.computeCapability ?? 0) >= 12
        ? warn('a shared-memory failure with FP8 KV cache is reported on SM 12.0 in some builds')
        : null,
  },
  {
    id: 'vllm.start-memory',
    engine: 'vllm',
    title: 'a card has the requested share free at start',
    source: code('vllm/v1/worker/utils.py'),
    check: ({ utilization, gpu: { torchTotalGiB } }) =>
      utilization !== undefined && utilization > SHARE_FREE_AT_START && torchTotalGiB
        ? warn(
            `vLLM starts only where ${utilization} of the memory is free: ${formatGiB((1 - utilization) * torchTotalGiB.value * GIB)} are left for the driver and all other processes`,
          )
        : null,
  },
  {
    id: 'vllm.graph-estimate',
    engine: 'vllm',
    before: '0.19.1',
    title: 'the engine version can estimate graph memory',
    source: {
      ref: 'neuralmagic/vllm vllm/envs.py, VLLM_MEMORY_PROFILER_ESTIMATE_CUDAGRAPHS',
      date: '2026-03-07',
      kind: 'spec',
      note: 'on main since then; the first release after it that was read is 0.19.1',
    },
    check: ({ graphEstimate, release }) =>
      graphEstimate === true
        ? fail(`vLLM ${release.version} has no estimate of graph memory`, { settings: { engineVersion: '0.19.1' } })
        : null,
  },
  {
    id: 'vllm.aiter-heads',
    engine: 'vllm',
    title: 'heads per rank suit ROCM_AITER_MLA',
    source: {
      ref: 'vllm-project/vllm issue 35641',
      date: '2026-03',
      kind: 'quoted',
      note: 'padding of 1 to 15 heads in main of 2026-08-17',
    },
    check: (deployment) => {
      if (deployment.gpu.vendor !== 'amd' || !usesMla(deployment)) return null;
      const heads = headsPerRank(deployment);
      return vllmAiterTakes(heads, deployment.release.version)
        ? null
        : note(
            `${heads} heads per rank do not suit AITER in vLLM ${deployment.release.version}: ${attentionBackend(deployment).name} is used; a newer vLLM takes them`,
          );
    },
  },
];
