import type { Command } from 'commander';
import { type HostingWords, hostingOptions } from './hostingOptions.ts';
import type { Io } from './io.ts';
import { type OutputOptions, outputOptions, valueOption } from './options.ts';

/** The words that say demand by the hour. */
export interface ProfileWords {
  readonly hourly?: string;
  readonly quantiles?: string;
}

/** The words of `kplan hybrid` as commander hands them over. */
export interface HybridOptions extends HostingWords, OutputOptions, ProfileWords {}

/** Declares the options that say demand by the hour. */
export function profileOptions(command: Command): void {
  command.optionsGroup('Demand over a month (default: the volume by the day of the workload):');
  valueOption(command, '--hourly <file>', 'CSV with a column tokens, or requests, one row for each hour');
  valueOption(command, '--quantiles <list>', 'tokens per second of the hours, such as 0=110k,50=222k,90=290k,100=327k');
}

/** Declares `kplan hybrid`; its work is loaded when it runs. */
export function declareHybrid(program: Command, io: Io, done: (code: number) => void): void {
  const command = program.command('hybrid').description('What floor on own GPUs, with the rest bought from an API?');
  hostingOptions(command, 'GPUs of one replica (default: the smallest measured fleet that fits)');
  profileOptions(command);
  outputOptions(command);
  command.action(async (options: HybridOptions) => {
    const { runHybrid } = await import('./hybridCommand.ts');
    done(await runHybrid(options, io));
  });
}
