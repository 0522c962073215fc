import type { Command } from 'commander';
import { type HostingWords, hostingOptions } from './hostingOptions.ts';
import type { Io } from './io.ts';
import { type OutputOptions, outputOptions, valueOption } from './options.ts';
import { type ServiceWords, serviceOptions } from './serviceOptions.ts';

/** The words of `kplan size` as commander hands them over. */
export interface SizeOptions extends HostingWords, ServiceWords, OutputOptions {
  readonly trace?: string;
  readonly chart?: string;
  readonly chartDay?: string;
}

/** Declares the question of `kplan size`. */
export function sizeQuestion(command: Command): void {
  hostingOptions(command, 'GPUs of one replica (default: the smallest measured fleet that fits)');
  serviceOptions(command);
  valueOption(command, '--trace <file>', 'play the requests of a usage log or trace, plain or gzip, instead of --workload');
}

/** Declares `kplan size`; its work is loaded when it runs. */
export function declareSize(program: Command, io: Io, done: (code: number) => void): void {
  const command = program.command('size').description('How many replicas for this workload and service level, and what binds?');
  sizeQuestion(command);
  valueOption(command, '--chart <file>', 'draw waits over load, simulated: FILE.svg, FILE.png or FILE.vl.json');
  valueOption(command, '--chart-day <file>', 'draw waits over a day, simulated: FILE.svg, FILE.png or FILE.vl.json');
  outputOptions(command);
  command.action(async (options: SizeOptions) => {
    const { runSize } = await import('./sizeCommand.ts');
    done(await runSize(options, io));
  });
}
