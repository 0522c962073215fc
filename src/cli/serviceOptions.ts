import type { Command } from 'commander';
import { valueOption } from './options.ts';

/** Service levels as options: `--ttft-p95` is `ttftP95`. */
export const LEVEL_WORDS = ['ttftP50', 'ttftP90', 'ttftP95', 'ttftP99', 'tpotP50', 'tpotP90', 'tpotP95', 'tpotP99'] as const;

/** The words about the busiest hour and what is promised in it. */
export interface ServiceWords extends Partial<Record<(typeof LEVEL_WORDS)[number], string>> {
  readonly rps?: string;
  readonly conversations?: string;
  readonly activeShare?: string;
  readonly loadRate?: string;
  readonly simulate?: boolean;
  readonly whatIf?: string;
}

/** Declares the options about the busiest hour and what is promised in it. */
export function serviceOptions(command: Command): void {
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
  valueOption(command, '--what-if <events>', 'what may happen, simulated: fail=1, burst=2x, or both with a comma');
  valueOption(command, '--load-rate <GB/s>', 'at which a node reads the checkpoint when it starts (default: 1)');
}
