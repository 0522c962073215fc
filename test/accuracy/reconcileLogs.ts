import { loadCatalog } from '../../src/catalog/index.ts';
import type { Deployment } from '../../src/engine/deployment.ts';
import { readStartupLog } from '../../src/importers/startupLog/readStartupLog.ts';
import type { StartupLog } from '../../src/importers/startupLog/startupLog.ts';
import { planMemory } from '../../src/memory/plan.ts';
import { judge } from '../../src/plan/judge.ts';
import { GIB } from '../../src/units/bytes.ts';

const catalog = loadCatalog();

function byId<T extends { readonly id: string }>(entries: readonly T[], id: string): T {
  const found = entries.find((entry) => entry.id === id);
  if (!found) throw new Error(`no ${id}`);
  return found;
}

/** Llama 3.1 8B on one H100 with vLLM 0.12. */
export function llamaOnH100(change: Partial<Deployment> = {}): Deployment {
  const model = byId(catalog.models, 'llama-3.1-8b');
  const [checkpoint] = model.checkpoints;
  if (!checkpoint) throw new Error('no checkpoint');
  return {
    model,
    checkpoint,
    gpu: byId(catalog.gpus, 'h100-sxm'),
    release: { engine: byId(catalog.engines, 'vllm'), version: '0.12.0' },
    layout: { tp: 1, pp: 1, dp: 1, ep: 1, dcp: 1, attentionDp: 1 },
    kvCacheDtype: 'bf16',
    contextTokens: 8192,
    sequences: 1,
    encoderMode: 'weights',
    utilization: 0.9,
    maxNumSeqs: 256,
    batchTokens: 8192,
    ...change,
  };
}

/** By how much the figures of a log differ from what kplan says, GiB. */
export interface Differences {
  readonly weights?: number;
  readonly overhead?: number;
}

/** The log that vLLM would print if kplan were right but for the differences. */
export function vllmLogOf(deployment: Deployment, { weights = 0, overhead = 0 }: Differences = {}): string {
  const plan = planMemory(deployment);
  const { checkpoint, gpu, release, contextTokens, utilization, maxNumSeqs, batchTokens, layout } = deployment;
  const loaded = plan.weightBytesPerGpu / GIB + weights;
  const kv = plan.budgetBytesPerGpu / GIB - loaded - plan.overheadBytesPerGpu.value / GIB - overhead;
  const tokens = Math.floor((kv * GIB) / plan.kvBytesPerToken / 16) * 16;
  const args = `{'model': '${checkpoint.repository}', 'max_model_len': ${contextTokens}, 'gpu_memory_utilization': ${utilization}, 'max_num_seqs': ${maxNumSeqs}, 'tensor_parallel_size': ${layout.tp}}`;
  return [
    `(APIServer pid=1) INFO 03-01 10:00:00 [api_server.py:1] vLLM API server version ${release.version}`,
    `(APIServer pid=1) INFO 03-01 10:00:00 [utils.py:1] non-default args: ${args}`,
    `(APIServer pid=1) INFO 03-01 10:00:00 [scheduler.py:1] Chunked prefill is enabled with max_num_batched_tokens=${batchTokens}.`,
    `(EngineCore_DP0 pid=2) INFO 03-01 10:00:09 [gpu_model_runner.py:1] Model loading took ${loaded.toFixed(4)} GiB memory and 3.5 seconds`,
    `(EngineCore_DP0 pid=2) INFO 03-01 10:00:19 [gpu_worker.py:1] Available KV cache memory: ${kv.toFixed(2)} GiB`,
    `(EngineCore_DP0 pid=2) INFO 03-01 10:00:19 [kv_cache_utils.py:1] GPU KV cache size: ${tokens.toLocaleString('en-US')} tokens`,
    `(EngineCore_DP0 pid=2) INFO 03-01 10:00:19 [kv_cache_utils.py:1] Maximum concurrency for ${contextTokens.toLocaleString('en-US')} tokens per request: ${(tokens / contextTokens).toFixed(2)}x`,
    `(EngineCore_DP0 pid=2) WARNING 03-01 10:00:20 [fused.py:1] Config file not found at ['/x/device_name=NVIDIA_${gpu.id === 'h100-sxm' ? 'H100_80GB_HBM3' : 'H200'}.json']`,
    '(APIServer pid=1) INFO:     Application startup complete.',
    '',
  ].join('\n');
}

/** Reads a log that a test writes. */
export function readLog(text: string, name = 'serve.log'): Promise<StartupLog> {
  return readStartupLog([new TextEncoder().encode(text)], name);
}

/** Whether kplan takes a deployment to start. */
export function works(deployment: Deployment): boolean {
  const { verdict } = judge(deployment);
  return verdict === 'fits' || verdict === 'marginal';
}

export { catalog };
