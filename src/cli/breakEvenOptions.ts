import type { Command } from 'commander';
import { type HostingWords, hostingOptions } from './hostingOptions.ts';
import type { Io } from './io.ts';
import { type AnswerOptions, answerOptions, focusOption, valueOption } from './options.ts';
import { type TimeWords, timeOptions } from './timeOptions.ts';

/** The words of `kplan breakeven` as commander hands them over. */
export interface BreakEvenOptions extends HostingWords, AnswerOptions, TimeWords {
  readonly solve?: string;
  readonly sensitivity?: boolean;
  readonly chart?: string;
  readonly focus?: string;
}

/** Declares `kplan breakeven`; its work is loaded when it runs. */
export function declareBreakEven(program: Command, io: Io, done: (code: number) => void): void {
  const command = program.command('breakeven').description('When is self-hosting cheaper than the API?');
  hostingOptions(command, 'GPUs of one replica (default: the smallest measured fleet that fits)');
  command.optionsGroup('Question:');
  valueOption(command, '--solve <unknown>', 'price, rent, utilisation, volume or reuse: its value at which both sides cost the same');
  command.option('--sensitivity', 'how likely hosting is cheaper at the asked volume, what moves that most, and what would turn it');
  timeOptions(command);
  answerOptions(command);
  focusOption(command);
  valueOption(command, '--chart <file>', 'draw both sides over volume: FILE.svg, FILE.png or FILE.vl.json');
  command.action(async (options: BreakEvenOptions) => {
    const { runBreakEven } = await import('./breakEvenCommand.ts');
    done(await runBreakEven(options, io));
  });
}
