import type { Command } from 'commander';
import { fileOption, type ScenarioOptions, valueOption } from './options.ts';

/** The words that fix a deployment, shared by all commands that plan one. */
export interface DeploymentWords extends ScenarioOptions {
  readonly gpu?: string;
  readonly model?: string;
  readonly format?: string;
  readonly engine?: string;
  readonly kvCacheDtype?: string;
  readonly utilization?: string;
  readonly mmEncoder?: string;
  readonly maxNumSeqs?: string;
  readonly maxNumBatchedTokens?: string;
  readonly draft?: string;
  readonly draftTokens?: string;
  readonly enforceEager?: boolean;
  readonly graphEstimate?: string;
  readonly calibration?: string;
  readonly gpus?: string;
  readonly tp?: string;
  readonly pp?: string;
  readonly dp?: string;
  readonly ep?: string;
  readonly dcp?: string;
  readonly attentionDp?: string;
}

/** Those that say how many GPUs and in which layout; `explain` ids carry them in the key of a row. */
export const LAYOUT_WORDS: readonly (keyof DeploymentWords)[] = ['gpu', 'gpus', 'tp', 'pp', 'dp', 'ep', 'dcp', 'attentionDp'];

/** Declares the scenario file of a command, and the GPU types that it is asked about. */
export function gpuOption(command: Command): Command {
  return valueOption(
    fileOption(command),
    '--gpu <names>',
    'GPU types: a name, a list with commas, or all; a count may follow, as in h200:8',
  );
}

/**
 * Declares the options that fix a deployment, but for `--gpu` and `--dp`.
 *
 * @param gpus what `--gpus` means to the command
 */
export function deploymentOptions(command: Command, gpus: string): Command {
  command.optionsGroup('Deployment:');
  valueOption(
    command,
    '--model <model>',
    'catalog name, config.json, hf:owner/name[@revision], folder or URL of safetensors, GGUF (default: kimi-k2.7-code)',
  );
  valueOption(
    command,
    '--format <format>',
    'checkpoint format, such as int4, fp8, nvfp4, or all to compare them (default: the native one)',
  );
  valueOption(
    command,
    '--engine <engine>',
    'vllm or sglang, with @version or without; for `fit` and `deploy` also llama.cpp or ktransformers (default: vllm)',
  );
  valueOption(command, '--kv-cache-dtype <dtype>', 'bf16, fp8, or fp8_ds_mla for sparse MLA (default: bf16)');
  valueOption(command, '--utilization <share>', 'memory fraction of the engine, above 0 up to 1 (default: by engine version)');
  valueOption(command, '--max-num-seqs <n>', 'sequences per step that the engine admits');
  valueOption(command, '--max-num-batched-tokens <n>', 'tokens that one step may carry (default: by engine version and GPU)');
  valueOption(command, '--draft <kind>', 'speculation: mtp (of the model itself) or eagle3 (external layer)');
  valueOption(command, '--draft-tokens <n>', 'tokens drafted ahead of each step (default: 1, with --draft)');
  command.option('--enforce-eager', 'no CUDA graphs');
  valueOption(command, '--graph-estimate <state>', 'on or off: whether the graph memory estimate counts (default: by engine version)');
  valueOption(command, '--calibration <file>', 'what `kplan calibrate` or `kplan reconcile --save` wrote for this model and GPU');
  valueOption(
    command,
    '--mm-encoder <mode>',
    'vision encoder: weights (split) or data (whole on every rank) (default: as the engine has it)',
  );
  valueOption(command, '--gpus <n>', gpus);
  valueOption(command, '--tp <n>', 'tensor-parallel ways');
  valueOption(command, '--pp <n>', 'pipeline stages');
  valueOption(command, '--ep <n>', 'ranks over which whole experts are spread');
  valueOption(command, '--dcp <n>', 'ranks that share the KV cache of a sequence');
  return valueOption(command, '--attention-dp <n>', 'attention data-parallel groups, each with its own KV cache');
}
