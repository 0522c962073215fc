import type { Command } from 'commander';
import { type HostingWords, hostingOptions } from './hostingOptions.ts';
import type { Io } from './io.ts';
import { type OutputOptions, outputOptions, valueOption } from './options.ts';

/** The words of `kplan reuse` as commander hands them over. */
export interface ReuseOptions extends HostingWords, OutputOptions {
  readonly chart?: string;
}

/** Declares `kplan reuse`; its work is loaded when it runs. */
export function declareReuse(program: Command, io: Io, done: (code: number) => void): void {
  const command = program.command('reuse').description('What is a larger KV cache worth?');
  hostingOptions(command, 'GPUs of one replica (default: the smallest measured fleet that fits)');
  outputOptions(command);
  valueOption(command, '--chart <file>', 'draw what is found over KV tokens: FILE.svg, FILE.png or FILE.vl.json');
  command.action(async (options: ReuseOptions) => {
    const { runReuse } = await import('./reuseCommand.ts');
    done(await runReuse(options, io));
  });
}
