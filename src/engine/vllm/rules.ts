import type { Source } from '../../evidence/source.ts';
import { type Deployment, expertTensorWays, headsPerRank } from '../deployment.ts';
import { mlaBackend, vllmAiterTakes } from '../mlaBackend.ts';
import { fail, nearestDivisors, note, type Rule, warn } from '../rule.ts';

const MAIN = 'neuralmagic/vllm@017e9f4448 (mirror of vllm-project/vllm main)';

function code(path: string, note?: string): Source {
  return { ref: `${MAIN} ${path}`, date: '2026-08-17', kind: 'spec', ...(note ? { note } : {}) };
}

const int4 = ({ checkpoint }: Deployment) => checkpoint.encoding === 'int4-g32';

/** What vLLM accepts for these models, one rule a line of its own. */
export const VLLM_RULES: readonly Rule[] = [
  {
    id: 'vllm.gpu-vendor',
    engine: 'vllm',
    title: 'the GPU has a kernel path for this model',
    source: code('vllm/platforms/cuda.py, rocm.py'),
    check: ({ gpu }) =>
      gpu.vendor === 'nvidia' || gpu.vendor === 'amd'
        ? null
        : fail(`no known path for this model on ${gpu.name}; vLLM serves it on NVIDIA and AMD GPUs`),
  },
  {
    id: 'vllm.tp-heads',
    engine: 'vllm',
    title: 'attention heads divide by TP',
    source: code('vllm/config/model.py verify_with_parallel_config'),
    check: ({ model, layout }) => {
      const { heads } = model.architecture.attention;
      if (heads % layout.tp === 0) return null;
      const nearest = nearestDivisors(heads, layout.tp);
      return fail(
        `${heads} attention heads do not divide by TP ${layout.tp}; nearest valid TP: ${nearest.join(' or ')}`,
        nearest.map((tp) => ({ tp })),
      );
    },
  },
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
      const ranks = layout.tp * layout.attentionDp;
      return layout.ep === 1 || layout.ep === ranks
        ? null
        : fail(`EP is ${ranks} (TP × DP) or off, not ${layout.ep}`, [{ ep: ranks }, { ep: 1 }]);
    },
  },
  {
    id: 'vllm.expert-shard',
    engine: 'vllm',
    title: 'the split of an expert keeps whole quantisation groups',
    source: code('vllm/model_executor/layers/quantization/compressed_tensors/compressed_tensors_moe_wna16.py; marlin_utils.py'),
    check: (deployment) => {
      const { expertFfnSize } = deployment.model.architecture.experts;
      const ways = expertTensorWays(deployment);
      const group = int4(deployment) ? 32 : 1;
      return expertFfnSize % (ways * group) === 0
        ? null
        : fail(`an expert FFN of ${expertFfnSize} split ${ways} ways breaks groups of ${group}; use fewer ways or EP`);
    },
  },
  {
    id: 'vllm.marlin-tile-pad',
    engine: 'vllm',
    title: 'Marlin pads an expert shard to 64 columns',
    source: code('marlin_utils.py marlin_moe_padded_intermediate'),
    check: (deployment) => {
      const shard = deployment.model.architecture.experts.expertFfnSize / expertTensorWays(deployment);
      return int4(deployment) && deployment.gpu.vendor === 'nvidia' && Number.isInteger(shard) && shard % 64 !== 0
        ? warn(`expert shards of ${shard} columns are padded to ${Math.ceil(shard / 64) * 64}: more memory, less speed`)
        : null;
    },
  },
  {
    id: 'vllm.int4-kernel',
    engine: 'vllm',
    title: 'an INT4 expert kernel exists for the GPU',
    source: code('fused_moe/oracle/int_wna16.py, experts/marlin_moe.py'),
    check: (deployment) =>
      int4(deployment) && deployment.gpu.vendor === 'amd'
        ? note('Marlin does not exist on ROCm: INT4 experts run on Triton WNA16 (gfx950 may use --moe-backend flydsl)')
        : null,
  },
  {
    id: 'vllm.nvfp4-blackwell',
    engine: 'vllm',
    title: 'NVFP4 runs on Blackwell',
    source: { ref: 'vllm-project/recipes@8959cf6', date: '2026-08-21', kind: 'spec' },
    check: ({ checkpoint, gpu }) =>
      checkpoint.encoding === 'nvfp4' && (gpu.computeCapability ?? 0) < 10
        ? fail(`NVFP4 needs a Blackwell GPU; ${gpu.name} is ${gpu.microarchitecture}`)
        : null,
  },
  {
    id: 'vllm.mxfp4-gfx950',
    engine: 'vllm',
    title: 'the MXFP4 checkpoint is published for gfx950',
    source: { ref: 'vllm-project/recipes@8959cf6 models/moonshotai', date: '2026-08-21', kind: 'spec' },
    check: ({ checkpoint, gpu }) =>
      checkpoint.encoding === 'mxfp4' && gpu.gfxTarget !== 'gfx950'
        ? fail(`the MXFP4 checkpoint runs on MI350X and MI355X only, not on ${gpu.name}`)
        : null,
  },
  {
    id: 'vllm.dcp-divides-tp',
    engine: 'vllm',
    title: 'DCP divides TP',
    source: code('vllm/config/parallel.py'),
    check: ({ layout }) => {
      if (layout.tp % layout.dcp === 0) return null;
      const nearest = nearestDivisors(layout.tp, layout.dcp);
      return fail(
        `TP ${layout.tp} must divide by DCP ${layout.dcp}; nearest valid DCP: ${nearest.join(' or ')}`,
        nearest.map((dcp) => ({ dcp })),
      );
    },
  },
  {
    id: 'vllm.dcp-backend',
    engine: 'vllm',
    title: 'the decode kernel supports DCP',
    source: code('v1/attention/backends/mla/*, v1/worker/cp_utils.py'),
    check: ({ layout, gpu }) =>
      layout.dcp > 1 && gpu.vendor === 'amd'
        ? warn('DCP does not work with ROCM_AITER_MLA: keep VLLM_ROCM_USE_AITER_MLA=0 so that Triton is used')
        : null,
  },
  {
    id: 'vllm.pp-split',
    engine: 'vllm',
    title: 'every pipeline stage has a layer',
    source: code('vllm/distributed/utils.py get_pp_indices; models/kimi_k25.py'),
    check: ({ model, layout }) =>
      layout.pp <= model.architecture.layers
        ? null
        : fail(`${model.architecture.layers} layers do not fill ${layout.pp} stages`, [{ pp: model.architecture.layers }]),
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
    check: ({ gpu, kvCacheDtype }) =>
      kvCacheDtype === 'fp8' && gpu.vendor === 'nvidia' && (gpu.computeCapability ?? 0) < 8.9
        ? fail(
            `FP8 KV cache with MLA needs compute capability 8.9; ${gpu.name} has ${gpu.computeCapability?.toFixed(1)}: use --kv-cache-dtype bf16`,
          )
        : null,
  },
  {
    id: 'vllm.fp8-kv-sm120',
    engine: 'vllm',
    title: 'FP8 KV cache on SM 12.0 fails in some builds',
    source: { ref: 'vllm-project/vllm issue 46721', date: '2026-06', kind: 'quoted' },
    check: ({ gpu, kvCacheDtype }) =>
      kvCacheDtype === 'fp8' && (gpu.computeCapability ?? 0) >= 12
        ? warn('a shared-memory failure with FP8 KV cache is reported on SM 12.0 in some builds')
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
      if (deployment.gpu.vendor !== 'amd') return null;
      const heads = headsPerRank(deployment);
      return vllmAiterTakes(heads, deployment.release.version)
        ? null
        : note(
            `${heads} heads per rank do not suit AITER in vLLM ${deployment.release.version}: ${mlaBackend(deployment).name} is used; a newer vLLM takes them`,
          );
    },
  },
];
