import type { Command } from 'commander';
import { valueOption } from './options.ts';

/** The words that ask for a host that serves from GPUs, RAM and disk together. */
export interface OffloadWords {
  readonly ram?: string;
  readonly disk?: string;
  readonly gpuExperts?: string;
  readonly prefill?: string;
  readonly prefillChunk?: string;
}

/** Declares the options of hosts that serve from RAM too, which `--engine llama.cpp` and `--engine ktransformers` take. */
export function offloadOptions(command: Command): Command {
  command.optionsGroup('GPUs, RAM and disk together (--engine llama.cpp or ktransformers):');
  valueOption(command, '--ram <size>', 'RAM of the host: 512GB, 768GiB');
  valueOption(command, '--disk <size>', 'disk for the files of the model, from which llama.cpp may read what RAM does not hold');
  valueOption(command, '--gpu-experts <n>', 'ktransformers: experts of each layer on the GPUs (default: as many as find room)');
  valueOption(command, '--prefill <mode>', 'ktransformers: how prompts are read, layerwise or hybrid (default: layerwise)');
  return valueOption(
    command,
    '--prefill-chunk <tokens>',
    'ktransformers: tokens of one step of prefill (default: the context, at most 64k)',
  );
}
