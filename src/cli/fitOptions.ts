import type { Command } from 'commander';
import { type DeploymentWords, deploymentOptions, gpuOption } from './deploymentOptions.ts';
import type { Io } from './io.ts';
import { type OffloadWords, offloadOptions } from './offloadOptions.ts';
import { type AnswerOptions, answerOptions, valueOption } from './options.ts';

/** The words of `kplan fit` as commander hands them over. */
export interface FitOptions extends DeploymentWords, OffloadWords, AnswerOptions {
  readonly here?: boolean;
  readonly ctx?: string;
  readonly sequences?: string;
  readonly terms?: boolean;
  readonly rules?: boolean;
  readonly all?: boolean;
}

/** Declares how long and how many the sequences are. */
export function contextOptions(command: Command): void {
  valueOption(command, '--ctx <tokens>', 'context of one sequence: 128k, 131072, 0.25M, or a range 32k..256k (default: the longest)');
  valueOption(command, '--sequences <n>', 'sequences of that context that must fit at once (default: 1)');
}

/** Declares `kplan fit`; its work is loaded when it runs. */
export function declareFit(program: Command, io: Io, done: (code: number) => void): void {
  const command = program.command('fit').description('Does the model fit, on how many GPUs, in which layout, and why not?');
  gpuOption(command).option('--here', 'the GPUs of this machine, as nvidia-smi, amd-smi or rocm-smi show them');
  contextOptions(command);
  command.option('--rules', 'the ledger of validity rules that were tried').option('--all', 'every layout instead of the best few');
  deploymentOptions(command, 'exactly this many GPUs (default: every size up to four nodes)');
  valueOption(command, '--dp <n>', 'whole copies of the model side by side');
  offloadOptions(command);
  answerOptions(command)
    .option('--terms', 'add the derivation of every number to --json')
    .action(async (options: FitOptions) => {
      const { runFit } = await import('./fitCommand.ts');
      done(await runFit(options, io));
    });
}
