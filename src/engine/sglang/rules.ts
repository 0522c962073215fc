import { replicaGpus, stageRanks } from '../../layout/layout.ts';
import { formatGiB, MIB } from '../../units/bytes.ts';
import {
  brokenGroups,
  DCP_DIVIDES_TP,
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
import { type Deployment, headsPerRank, usesMla } from '../deployment.ts';
import { fail, nearestAccepted, nearestDivisors, note, type Rule, warn } from '../rule.ts';
import { sglangDefault, sglangFraction } from './memoryFraction.ts';

const code = filesOf('bytedance-iaas/sglang@6ed5780c4f (fork of sgl-project/sglang) python/sglang/srt/', '2026-08-22');

function nodesOf({ gpu, layout }: Deployment): number {
  return Math.ceil(replicaGpus(layout) / gpu.gpusPerNode);
}

/** What SGLang accepts for these models, one rule a line of its own. */
export const SGLANG_RULES: readonly Rule[] = [
  { id: 'sglang.gpu-vendor', engine: 'sglang', source: code('layers/quantization/compressed_tensors'), ...GPU_VENDOR },
  { id: 'sglang.attn-heads', engine: 'sglang', source: code('models/deepseek_v2.py, layers/dp_attention.py'), ...HEADS_DIVIDE },
  {
    id: 'sglang.moe-shard',
    engine: 'sglang',
    title: 'experts divide over EP ranks and their FFN over the rest',
    source: code('layers/moe/fused_moe_triton/layer.py'),
    check: (deployment) => {
      const { ep } = deployment.layout;
      const { experts = ep } = deployment.model.architecture.experts ?? {};
      const ranks = stageRanks(deployment.layout);
      if (experts % ep !== 0) {
        const nearest = nearestDivisors(experts, ep);
        return fail(`${experts} experts do not divide by EP ${ep}; nearest valid EP: ${nearest.join(' or ')}`, {
          nearest: nearest.map((n) => ({ ep: n })),
        });
      }
      if (ranks % ep === 0) return brokenGroups(deployment);
      return fail(`EP ${ep} must divide the ${ranks} ranks of a stage`, { nearest: nearestDivisors(ranks, ep).map((n) => ({ ep: n })) });
    },
  },
  {
    id: 'sglang.pp',
    engine: 'sglang',
    title: 'pipeline parallelism is confirmed for the model',
    source: code('server_args.py check_server_args'),
    check: (deployment) => {
      const { layout, model } = deployment;
      if (layout.pp === 1 || !model.architecture.vision) return emptyStages(deployment);
      return (
        emptyStages(deployment) ?? warn('the vision wrapper exposes only the start layer: pipeline parallelism is not confirmed for it')
      );
    },
  },
  {
    id: 'sglang.nnodes',
    engine: 'sglang',
    title: 'every node has as many ranks',
    source: code('server_args.py check_server_args'),
    check: (deployment) => {
      const { gpu, layout } = deployment;
      const gpus = replicaGpus(layout);
      const nodes = nodesOf(deployment);
      if (gpus % nodes === 0) return null;
      const withStages = (pp: number) => ({ ...deployment, layout: { ...layout, pp } });
      const nearest = nearestAccepted(layout.pp, layout.pp + gpu.gpusPerNode, (pp) => {
        const other = withStages(pp);
        return replicaGpus(other.layout) % nodesOf(other) === 0;
      });
      return fail(`TP × PP of ${gpus} does not divide over ${nodes} nodes of ${gpu.gpusPerNode}`, {
        nearest: nearest.map((pp) => ({ pp })),
      });
    },
  },
  { id: 'sglang.dcp', engine: 'sglang', source: code('distributed/parallel_state.py, layers/dcp/comm.py'), ...DCP_DIVIDES_TP },
  { id: 'sglang.dcp-version', engine: 'sglang', source: code('server_args.py, at its tags'), ...dcpSince('0.5.15') },
  {
    id: 'sglang.int4-kernel',
    engine: 'sglang',
    title: 'an INT4 expert kernel exists for the GPU',
    source: code('layers/quantization/compressed_tensors'),
    check: (deployment) =>
      hasInt4Experts(deployment) && deployment.gpu.vendor === 'amd'
        ? note('INT4 experts run on Triton on ROCm, which keeps index placeholders in memory')
        : null,
  },
  {
    id: 'sglang.nvfp4-blackwell',
    engine: 'sglang',
    source: { ref: 'sgl-project/sglang docs/cookbook (K2.6 generator)', date: '2026-08-22', kind: 'spec' },
    ...NVFP4_ON_BLACKWELL,
  },
  { id: 'sglang.mxfp4-gfx950', engine: 'sglang', ...MXFP4_ON_GFX950 },
  {
    id: 'sglang.reserve',
    engine: 'sglang',
    title: 'the memory fraction leaves activations and graphs what SGLang reserves for them',
    source: code('server_args.py _handle_gpu_memory_settings'),
    check: (deployment) => {
      if (deployment.utilization === undefined) return null;
      const { totalMiB, reserveMiB, plain, fraction } = sglangDefault(deployment);
      const { value } = sglangFraction(deployment);
      if (value <= plain || totalMiB === 0) return null;
      const keeps = (share: number) => formatGiB((1 - share) * totalMiB * MIB);
      return {
        ...warn(
          `a memory fraction of ${Number(value.toFixed(4))} keeps ${keeps(value)} per GPU for activations and graphs; SGLang reserves ${formatGiB(reserveMiB * MIB)} for them and by its own default keeps ${keeps(fraction)}`,
        ),
        atMost: 'marginal',
        ...(fraction > 0 ? { settings: { utilization: fraction } } : {}),
      };
    },
  },
  {
    id: 'sglang.fp8-kv-a100',
    engine: 'sglang',
    title: 'FP8 KV cache on SM 8.0 is tested',
    source: code('layers/attention'),
    check: (deployment) =>
      deployment.kvCacheDtype !== 'bf16' && usesMla(deployment) && isBelow(deployment, 8.9)
        ? warn(`no guard and no report of FP8 KV cache with MLA on ${deployment.gpu.name} is known: unverified`)
        : null,
  },
  {
    id: 'sglang.aiter-heads',
    engine: 'sglang',
    before: '0.5.10',
    title: 'heads per rank suit AITER',
    source: {
      ref: 'sgl-project/sglang PR 21213',
      date: '2026-04-04',
      kind: 'spec',
      note: 'before it 16 or 128 heads per rank; after it 4, 8 or a multiple of 16 up to 128',
    },
    check: (deployment) => {
      const heads = headsPerRank(deployment);
      return deployment.gpu.vendor === 'amd' && usesMla(deployment) && heads !== 16 && heads !== 128
        ? note(`${heads} heads per rank do not suit AITER before 0.5.10: Triton attention is used`)
        : null;
    },
  },
];
