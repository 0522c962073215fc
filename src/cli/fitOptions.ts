import type { Command } from 'commander';
import type { Io } from './io.ts';
import { type SharedOptions, sharedOptions, valueOption } from './options.ts';

/** The words of `kplan fit` as commander hands them over. */
export interface FitOptions extends SharedOptions {
  readonly gpu?: string;
  readonly model?: string;
  readonly format?: string;
  readonly ctx?: string;
  readonly sequences?: string;
  readonly engine?: string;
  readonly kvCacheDtype?: string;
  readonly utilization?: string;
  readonly maxNumSeqs?: string;
  readonly mmEncoder?: string;
  readonly gpus?: string;
  readonly tp?: string;
  readonly pp?: string;
  readonly dp?: string;
  readonly ep?: string;
  readonly dcp?: string;
  readonly attentionDp?: string;
  readonly rules?: boolean;
  readonly all?: boolean;
}

/** Declares `kplan fit`; its work is loaded when it runs. */
export function declareFit(program: Command, io: Io, done: (code: number) => void): void {
  const command = program.command('fit').description('Does the model fit, on how many GPUs, in which layout, and why not?');
  valueOption(command, '--gpu <names>', 'GPU types: a name, a list with commas, or all; a count may follow, as in h200:8');
  valueOption(command, '--ctx <tokens>', 'context of one sequence: 128k, 131072, 0.25M, or a range 32k..256k (default: the longest)');
  valueOption(command, '--sequences <n>', 'sequences of that context that must fit at once (default: 1)');
  valueOption(command, '--model <name>', 'model (default: kimi-k2.7-code)');
  valueOption(command, '--format <format>', 'checkpoint format: int4, nvfp4, mxfp4, fp8 (default: the native one)');
  valueOption(command, '--engine <engine>', 'vllm or sglang, with @version or without (default: vllm)');
  valueOption(command, '--kv-cache-dtype <dtype>', 'bf16 or fp8 (default: bf16)');
  valueOption(command, '--utilization <share>', 'memory fraction of the engine, above 0 up to 1 (default: by engine version)');
  valueOption(command, '--max-num-seqs <n>', 'sequences per step that the engine admits');
  valueOption(command, '--mm-encoder <mode>', 'vision encoder: weights (split) or data (whole on every rank) (default: weights)');
  valueOption(command, '--gpus <n>', 'exactly this many GPUs (default: every size up to four nodes)');
  valueOption(command, '--tp <n>', 'tensor-parallel ways');
  valueOption(command, '--pp <n>', 'pipeline stages');
  valueOption(command, '--dp <n>', 'whole copies of the model side by side');
  valueOption(command, '--ep <n>', 'ranks over which whole experts are spread');
  valueOption(command, '--dcp <n>', 'ranks that share the KV cache of a sequence');
  valueOption(command, '--attention-dp <n>', 'attention data-parallel groups, each with its own KV cache');
  command.option('--rules', 'the ledger of validity rules that were tried').option('--all', 'every layout instead of the best few');
  sharedOptions(command).action(async (options: FitOptions) => {
    const { runFit } = await import('./fitCommand.ts');
    done(await runFit(options, io));
  });
}
