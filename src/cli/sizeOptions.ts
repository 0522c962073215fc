import type { Command } from 'commander';
import { type HostingWords, hostingOptions } from './hostingOptions.ts';
import type { Io } from './io.ts';
import { type OutputOptions, outputOptions, valueOption } from './options.ts';

/** Service levels as options: `--ttft-p95` is `ttftP95`. */
export const LEVEL_WORDS = ['ttftP50', 'ttftP90', 'ttftP95', 'ttftP99', 'tpotP50', 'tpotP90', 'tpotP95', 'tpotP99'] as const;

/** The words of `kplan size` as commander hands them over. */
export interface SizeOptions extends HostingWords, OutputOptions, Partial<Record<(typeof LEVEL_WORDS)[number], string>> {
  readonly rps?: string;
  readonly conversations?: string;
  readonly activeShare?: string;
  readonly loadRate?: string;
  readonly simulate?: boolean;
  readonly whatIf?: string;
  readonly trace?: string;
  readonly chart?: string;
  readonly chartDay?: string;
}

/** Declares the question of `kplan size`. */
export function sizeQuestion(command: Command): void {
  hostingOptions(command, 'GPUs of one replica (default: the smallest measured fleet that fits)');
  command.optionsGroup('Busiest hour and service levels:');
  valueOption(command, '--rps <n>', 'requests per second in the busiest hour, on average, instead of --users');
  valueOption(command, '--conversations <n>', 'conversations that begin in the busiest hour, instead of --users');
  valueOption(command, '--active-share <share>', 'share of the users who are active at once in the busiest hour (default: 1)');
  for (const metric of ['ttft', 'tpot'])
    for (const percentile of [50, 90, 95, 99])
      valueOption(
        command,
        `--${metric}-p${percentile} <time>`,
        metric === 'ttft'
          ? `wait for the first token that ${percentile} % keep, such as 2s`
          : `time per token that ${percentile} % keep, such as 40ms`,
      );
  command.option('--simulate', 'simulate percentiles where none is promised too');
  valueOption(command, '--trace <file>', 'play the requests of a usage log or trace, plain or gzip, instead of --workload');
  valueOption(command, '--what-if <events>', 'what may happen, simulated: fail=1, burst=2x, or both with a comma');
  valueOption(command, '--load-rate <GB/s>', 'at which a node reads the checkpoint when it starts (default: 1)');
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
