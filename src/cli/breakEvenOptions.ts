import type { Command } from 'commander';
import type { Io } from './io.ts';
import { type SharedOptions, sharedOptions, valueOption } from './options.ts';

/** The words of `kplan breakeven` as commander hands them over. */
export interface BreakEvenOptions extends SharedOptions {
  readonly gpu?: string;
  readonly gpus?: string;
  readonly tp?: string;
  readonly pp?: string;
  readonly ep?: string;
  readonly dcp?: string;
  readonly attentionDp?: string;
  readonly model?: string;
  readonly format?: string;
  readonly engine?: string;
  readonly kvCacheDtype?: string;
  readonly utilization?: string;
  readonly maxNumSeqs?: string;
  readonly mmEncoder?: string;
  readonly ctx?: string;
  readonly workload?: string;
  readonly inputTokens?: string;
  readonly outputTokens?: string;
  readonly reuse?: string;
  readonly tokensPerMonth?: string;
  readonly tokensPerSecond?: string;
  readonly offer?: string;
  readonly tariff?: string;
  readonly hoursPerMonth?: string;
  readonly maxLoad?: string;
  readonly chart?: string;
}

/** Declares `kplan breakeven`; its work is loaded when it runs. */
export function declareBreakEven(program: Command, io: Io, done: (code: number) => void): void {
  const command = program.command('breakeven').description('When is self-hosting cheaper than the API?');
  valueOption(command, '--gpu <names>', 'GPU types: a name, a list with commas, or all; a count may follow, as in h200:8');
  valueOption(command, '--workload <name>', 'workload preset, see `kplan data workloads`');
  valueOption(command, '--input-tokens <n>', 'input tokens per request, reused or not');
  valueOption(command, '--output-tokens <n>', 'output tokens per request');
  valueOption(command, '--reuse <share>', 'share of input tokens found in the KV cache, 0 to 1');
  valueOption(command, '--tokens-per-month <n>', 'price both sides at this volume: input, reused or not, plus output');
  valueOption(command, '--tokens-per-second <n>', 'tokens per second that one replica processes, instead of measurements');
  valueOption(command, '--offer <id>', 'price of the instances, see `kplan data offers` (default: median on demand, last 90 days)');
  valueOption(command, '--tariff <ids>', 'API prices to compare with, see `kplan data tariffs` (default: list price and cheapest host)');
  valueOption(command, '--hours-per-month <n>', 'hours that instances are paid for (default: 730)');
  valueOption(command, '--max-load <share>', 'share of the capacity that is planned to be used (default: 1)');
  valueOption(command, '--ctx <tokens>', 'context of which one sequence must fit (default: from the workload)');
  valueOption(command, '--model <name>', 'model (default: kimi-k2.7-code)');
  valueOption(command, '--format <format>', 'checkpoint format (default: the native one)');
  valueOption(command, '--engine <engine>', 'vllm or sglang, with @version or without (default: vllm)');
  valueOption(command, '--kv-cache-dtype <dtype>', 'bf16 or fp8 (default: bf16)');
  valueOption(command, '--utilization <share>', 'memory fraction of the engine, above 0 up to 1');
  valueOption(command, '--max-num-seqs <n>', 'sequences per step that the engine admits');
  valueOption(command, '--mm-encoder <mode>', 'vision encoder: weights or data');
  valueOption(command, '--gpus <n>', 'GPUs of one replica (default: the smallest measured fleet that fits)');
  valueOption(command, '--tp <n>', 'tensor-parallel ways of a replica');
  valueOption(command, '--pp <n>', 'pipeline stages of a replica');
  valueOption(command, '--ep <n>', 'ranks over which whole experts are spread');
  valueOption(command, '--dcp <n>', 'ranks that share the KV cache of a sequence');
  valueOption(command, '--attention-dp <n>', 'attention data-parallel groups of a replica');
  valueOption(command, '--chart <file>', 'draw both sides over volume: FILE.svg or FILE.vl.json');
  sharedOptions(command).action(async (options: BreakEvenOptions) => {
    const { runBreakEven } = await import('./breakEvenCommand.ts');
    done(await runBreakEven(options, io));
  });
}
