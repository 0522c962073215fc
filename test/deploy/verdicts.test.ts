import { describe, expect, it } from 'vitest';
import type { DeployAnswer } from '../../src/report/schema/deploy.ts';
import { cliRun } from '../support/cliRun.ts';

interface Row {
  readonly name: string;
  readonly ask: string;
  /** Exit code: 0 where it is written, 3 where it is refused. */
  readonly code: 0 | 3;
  /** A part of the command, or of what stands against it. */
  readonly says: string;
}

/** The table of published deployments, one row each. */
const ROWS: readonly Row[] = [
  { name: '8xH200 TP8', ask: '--gpu h200:8 --tp 8', code: 0, says: '--tensor-parallel-size 8' },
  { name: '8xH200 TP8, SGLang', ask: '--engine sglang --gpu h200:8 --tp 8', code: 0, says: '--tp-size 8' },
  { name: '4xH200 TP4', ask: '--gpu h200:4 --tp 4', code: 3, says: 'weights of 140.24 GiB exceed the budget' },
  {
    name: '8xH20-96 TP8 at 128k',
    ask: '--model kimi-k2-thinking --gpu h20-96:8 --tp 8 --ctx 128k',
    code: 0,
    says: '--max-model-len 131072',
  },
  { name: '8xB200 TP8', ask: '--gpu b200:8 --tp 8', code: 0, says: 'VLLM_USE_FLASHINFER_MOE_INT4=1' },
  { name: '4xB200 TP4', ask: '--gpu b200:4 --tp 4', code: 0, says: '--tensor-parallel-size 4' },
  { name: '8xB300 TP8', ask: '--engine sglang --gpu b300:8 --tp 8', code: 0, says: '--tp-size 8' },
  { name: '4xB300 TP4', ask: '--gpu b300:4 --tp 4', code: 0, says: '--tensor-parallel-size 4' },
  { name: '4xGB300 TP4', ask: '--engine sglang --gpu gb300:4 --tp 4', code: 0, says: '--tp-size 4' },
  { name: '4xGB200 TP4', ask: '--gpu gb200:4 --tp 4', code: 0, says: '--tensor-parallel-size 4' },
  {
    name: '4xMI300X TP4 at 0.8 with FP8 KV cache',
    ask: '--engine sglang@0.5.9 --gpu mi300x:4 --tp 4 --utilization 0.8 --kv-cache-dtype fp8',
    code: 3,
    says: 'weights of 142.37 GiB exceed the budget of 130.55 GiB',
  },
  { name: '8xMI300X TP8', ask: '--gpu mi300x:8 --tp 8', code: 0, says: 'VLLM_ROCM_USE_AITER=1' },
  { name: '4xMI325X TP4', ask: '--gpu mi325x:4 --tp 4', code: 0, says: '--tensor-parallel-size 4' },
  { name: '8xMI355X TP8', ask: '--gpu mi355x:8 --tp 8', code: 0, says: '--moe-backend flydsl' },
  {
    name: '8xRTX PRO 6000 TP8',
    ask: '--gpu rtx-pro-6000:8 --tp 8 --utilization 0.94 --ctx 128k --accept-marginal',
    code: 0,
    says: '--gpu-memory-utilization 0.94',
  },
  { name: '8xH100 TP8 at 256k', ask: '--gpu h100:8 --tp 8 --utilization 0.95 --kv-cache-dtype fp8', code: 3, says: 'less than the engine' },
  {
    name: '8xH100 TP8 at 8k',
    ask: '--gpu h100:8 --tp 8 --utilization 0.95 --max-num-seqs 32 --kv-cache-dtype fp8 --ctx 8k',
    code: 3,
    says: 'marginal',
  },
  {
    name: '8xH100 TP8 at 8k, accepted',
    ask: '--gpu h100:8 --tp 8 --utilization 0.95 --max-num-seqs 32 --kv-cache-dtype fp8 --ctx 8k --accept-marginal',
    code: 0,
    says: '--kv-cache-dtype fp8',
  },
  { name: '4xH100 TP4', ask: '--gpu h100:4 --tp 4', code: 3, says: 'exceed the budget' },
  { name: '8xA100-80 TP8 at 128k', ask: '--gpu a100-80:8 --tp 8 --ctx 128k', code: 3, says: 'overhead' },
  { name: '16xA100-80 TP16', ask: '--gpu a100-80:16 --tp 16', code: 0, says: '--nnodes 2' },
  { name: '16xH100 TP16', ask: '--gpu h100:16 --tp 16', code: 0, says: '--master-addr "$HEAD_IP"' },
  { name: '16xH100 TP8xPP2', ask: '--gpu h100:16 --tp 8 --pp 2', code: 0, says: '--pipeline-parallel-size 2' },
  { name: '16xA100-40 TP16', ask: '--gpu a100-40:16 --tp 16', code: 3, says: 'exceed' },
  { name: '32xA100-40 TP32 at 128k', ask: '--gpu a100-40:32 --tp 32 --ctx 128k', code: 0, says: '--nnodes 4' },
  {
    name: 'GB300 NVFP4 DP24+EP24',
    ask: '--format nvfp4 --gpu gb300:24 --tp 1 --attention-dp 24 --ep 24',
    code: 0,
    says: '--data-parallel-size-local 4',
  },
  {
    name: '4xB300 NVFP4 TP4 with Eagle 3',
    ask: '--model kimi-k2.6 --format nvfp4 --gpu b300:4 --tp 4 --utilization 0.9 --kv-cache-dtype fp8 --draft eagle3 --draft-tokens 4',
    code: 0,
    says: 'lightseekorg/kimi-k2.6-eagle3-mla',
  },
  { name: '8xMI355X MXFP4', ask: '--model kimi-k2.5 --format mxfp4 --gpu mi355x:8 --tp 8', code: 0, says: 'AITER_MXFP4_INTERMEDIATE=1' },
  { name: '4xMI355X MXFP4', ask: '--model kimi-k2.5 --format mxfp4 --gpu mi355x:4 --tp 4', code: 0, says: '--tensor-parallel-size 4' },
  { name: 'K2 FP8, 16xH200 TP16', ask: '--model kimi-k2-instruct --gpu h200:16 --tp 16', code: 0, says: '--nnodes 2' },
  {
    name: 'K2 FP8, 16xH200 DP16+EP',
    ask: '--model kimi-k2-instruct --gpu h200:16 --tp 1 --attention-dp 16 --ep 16',
    code: 0,
    says: '--data-parallel-start-rank "$((NODE_RANK * 8))"',
  },
];

describe('the table of published deployments', () => {
  it.each(ROWS)('$name', async ({ ask, code, says }) => {
    const run = await cliRun(['deploy', ...ask.split(' '), '--json']);
    const answer = JSON.parse(run.stdout) as DeployAnswer;
    expect({ code: run.code, against: answer.constraints.map(({ message }) => message) }).toMatchObject({ code });
    const variables = answer.environment.map(({ name, value }) => `${name}=${value}`);
    const text = [...variables, ...answer.commands.map((one) => one.text), ...answer.constraints.map(({ message }) => message)].join('\n');
    expect(text).toContain(says);
    expect(answer.files.map(({ name }) => name)).toEqual(code === 0 ? expect.arrayContaining(['launch.sh', 'clients.sh']) : []);
  });
});
