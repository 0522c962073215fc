import type { Command } from 'commander';
import { type HostingWords, hostingOptions } from './hostingOptions.ts';
import { type ProfileWords, profileOptions } from './hybridOptions.ts';
import type { Io } from './io.ts';
import { type OutputOptions, outputOptions, valueOption } from './options.ts';

/** The words of `kplan advise` as commander hands them over. */
export interface AdviseOptions extends HostingWords, OutputOptions, ProfileWords {
  readonly budget?: string;
  readonly fail?: boolean;
}

/** Declares `kplan advise`; its work is loaded when it runs. */
export function declareAdvise(program: Command, io: Io, done: (code: number) => void): void {
  const command = program.command('advise').description('Host, buy from an API, or both? One sentence, and how sure');
  hostingOptions(command, 'GPUs of one replica (default: the smallest measured fleet that fits)');
  profileOptions(command);
  command.optionsGroup('Question:');
  valueOption(command, '--budget <usd>', 'what may be spent, such as 4000/month or 50000/year');
  outputOptions(command).option('--fail', 'exit with 3 where nothing keeps within the budget');
  command.action(async (options: AdviseOptions) => {
    const { runAdvise } = await import('./adviseCommand.ts');
    done(await runAdvise(options, io));
  });
}
