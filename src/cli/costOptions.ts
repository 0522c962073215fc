import type { Command } from 'commander';
import { type HostingWords, hostingOptions } from './hostingOptions.ts';
import type { Io } from './io.ts';
import { type AnswerOptions, answerOptions, focusOption, valueOption } from './options.ts';

/** The words of `kplan cost` as commander hands them over. */
export interface CostOptions extends HostingWords, AnswerOptions {
  readonly against?: string;
  readonly focus?: string;
  readonly requestsPerTask?: string;
  readonly finished?: string;
  readonly outputWeight?: string;
  readonly all?: boolean;
}

/** Declares the question of `kplan cost`. */
export function costQuestion(command: Command): void {
  hostingOptions(command, 'GPUs of one replica (default: the smallest measured fleet that fits)');
  command.optionsGroup('Question:');
  valueOption(command, '--against <models>', 'other models to price for the same tokens, such as kimi-k2.6,claude-opus-4-8');
  valueOption(command, '--requests-per-task <n>', 'requests of one task (default: of the workload)');
  valueOption(command, '--finished <share>', 'share of the tasks that are finished; the others are paid too (default: 1)');
  valueOption(command, '--output-weight <x>', 'input tokens that an output token counts where one bill is split (default: 4)');
}

/** Declares `kplan cost`; its work is loaded when it runs. */
export function declareCost(program: Command, io: Io, done: (code: number) => void): void {
  const command = program.command('cost').description('What does this traffic cost everywhere?');
  costQuestion(command);
  command.option('--all', 'tell of routers and of tiers such as batch, flex and fast too');
  answerOptions(command);
  focusOption(command);
  command.action(async (options: CostOptions) => {
    const { runCost } = await import('./costCommand.ts');
    done(await runCost(options, io));
  });
}
