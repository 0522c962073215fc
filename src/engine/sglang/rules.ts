import type { Source } from '../../evidence/source.ts';
import { type Deployment, expertTensorWays, headsPerRank } from '../deployment.ts';
import { fail, nearestDivisors, note, type Rule, warn } from '../rule.ts';

const MAIN = 'bytedance-iaas/sglang@6ed5780c4f (fork of sgl-project/sglang)';

function code(path: string): Source {
  return { ref: `${MAIN} python/sglang/srt/${path}`, date: '2026-08-22', kind: 'spec' };
}

const int4 = ({ checkpoint }: Deployment) => checkpoint.encoding === 'int4-g32';

/** What SGLang accepts for these models, one rule a line of its own. */
export const SGLANG_RULES: readonly Rule[] = [
  {
    id: 'sglang.gpu-vendor',
    engine: 'sglang',
    title: 'the GPU has a kernel path for this model',
    source: code('layers/quantization/compressed_tensors'),
    check: ({ gpu }) =>
      gpu.vendor === 'nvidia' || gpu.vendor === 'amd'
        ? null
        : fail(`no known path for this model on ${gpu.name}; SGLang serves it on NVIDIA and AMD GPUs`),
  },
  {
    id: 'sglang.attn-heads',
    engine: 'sglang',
    title: 'attention heads divide by attention TP',
    source: code('models/deepseek_v2.py, layers/dp_attention.py'),
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
    id: 'sglang.moe-shard',
    engine: 'sglang',
    title: 'experts divide over EP ranks and their FFN over the rest',
    source: code('layers/moe/fused_moe_triton/layer.py'),
    check: (deployment) => {
      const { experts, expertFfnSize } = deployment.model.architecture.experts;
      const { ep } = deployment.layout;
      const ways = expertTensorWays(deployment);
      if (experts % ep !== 0) {
        const nearest = nearestDivisors(experts, ep);
        return fail(
          `${experts} experts do not divide by EP ${ep}; nearest valid EP: ${nearest.join(' or ')}`,
          nearest.map((n) => ({ ep: n })),
        );
      }
      if (!Number.isInteger(ways))
        return fail(`EP ${ep} must divide the ${deployment.layout.tp * deployment.layout.attentionDp} ranks of a stage`);
      const group = int4(deployment) ? 32 : 1;
      return expertFfnSize % (ways * group) === 0
        ? null
        : fail(`an expert FFN of ${expertFfnSize} split ${ways} ways breaks groups of ${group}`);
    },
  },
  {
    id: 'sglang.pp',
    engine: 'sglang',
    title: 'pipeline parallelism is confirmed for the model',
    source: code('server_args.py check_server_args'),
    check: ({ layout, model }) => {
      if (layout.pp === 1) return null;
      if (layout.pp > model.architecture.layers) return fail(`${model.architecture.layers} layers do not fill ${layout.pp} stages`);
      return model.architecture.vision
        ? warn('the vision wrapper exposes only the start layer: pipeline parallelism is not confirmed for it')
        : null;
    },
  },
  {
    id: 'sglang.dcp',
    engine: 'sglang',
    title: 'DCP takes contiguous parts of the TP group',
    source: code('distributed/parallel_state.py, layers/dcp/comm.py'),
    check: ({ layout }) => {
      if (layout.tp % layout.dcp === 0) return null;
      const nearest = nearestDivisors(layout.tp, layout.dcp);
      return fail(
        `TP ${layout.tp} has no whole parts of ${layout.dcp} ranks; nearest valid DCP: ${nearest.join(' or ')}`,
        nearest.map((dcp) => ({ dcp })),
      );
    },
  },
  {
    id: 'sglang.int4-kernel',
    engine: 'sglang',
    title: 'an INT4 expert kernel exists for the GPU',
    source: code('layers/quantization/compressed_tensors'),
    check: (deployment) =>
      int4(deployment) && deployment.gpu.vendor === 'amd'
        ? note('INT4 experts run on Triton on ROCm, which keeps index placeholders in memory')
        : null,
  },
  {
    id: 'sglang.nvfp4-blackwell',
    engine: 'sglang',
    title: 'NVFP4 runs on Blackwell',
    source: { ref: 'sgl-project/sglang docs/cookbook (K2.6 generator)', date: '2026-08-22', kind: 'spec' },
    check: ({ checkpoint, gpu }) =>
      checkpoint.encoding === 'nvfp4' && (gpu.computeCapability ?? 0) < 10
        ? fail(`NVFP4 needs a Blackwell GPU; ${gpu.name} is ${gpu.microarchitecture}`)
        : null,
  },
  {
    id: 'sglang.mxfp4-gfx950',
    engine: 'sglang',
    title: 'the MXFP4 checkpoint is published for gfx950',
    source: { ref: 'vllm-project/recipes@8959cf6 models/moonshotai', date: '2026-08-21', kind: 'spec' },
    check: ({ checkpoint, gpu }) =>
      checkpoint.encoding === 'mxfp4' && gpu.gfxTarget !== 'gfx950'
        ? fail(`the MXFP4 checkpoint runs on MI350X and MI355X only, not on ${gpu.name}`)
        : null,
  },
  {
    id: 'sglang.fp8-kv-a100',
    engine: 'sglang',
    title: 'FP8 KV cache on SM 8.0 is tested',
    source: code('layers/attention'),
    check: ({ gpu, kvCacheDtype }) =>
      kvCacheDtype === 'fp8' && gpu.vendor === 'nvidia' && (gpu.computeCapability ?? 0) < 8.9
        ? warn(`no guard and no report of FP8 KV cache with MLA on ${gpu.name} is known: unverified`)
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
      return deployment.gpu.vendor === 'amd' && heads !== 16 && heads !== 128
        ? note(`${heads} heads per rank do not suit AITER before 0.5.10: Triton attention is used`)
        : null;
    },
  },
];
