import type { Command } from 'commander';
import { type HostingWords, hostingOptions } from './hostingOptions.ts';
import { type ProfileWords, profileOptions } from './hybridOptions.ts';
import type { Io } from './io.ts';
import { type OutputOptions, outputOptions, valueOption } from './options.ts';
import { type ServiceWords, serviceOptions } from './serviceOptions.ts';
import { type TimeWords, timeOptions } from './timeOptions.ts';

/** The words of `kplan report` as commander hands them over. */
export interface ReportOptions extends HostingWords, TimeWords, ProfileWords, ServiceWords, OutputOptions {
  readonly for?: string;
  readonly plain?: boolean;
  readonly verify?: string;
}

/** Declares `kplan report`; its work is loaded when it runs. */
export function declareReport(program: Command, io: Io, done: (code: number) => void): void {
  const command = program.command('report').description('One page for the boss: answer, charts, tables, derivations, sources, what-if');
  command.optionsGroup('Report:');
  valueOption(command, '--for <audience>', 'who reads it: cfo, sre, ml or all (default: all)');
  command.option('--plain', 'a page without what-if and without scripts, half as large');
  valueOption(command, '--verify <page.html>', 'compute the answers of a page again from the inputs that it carries, and compare');
  hostingOptions(command, 'GPUs of one replica (default: the smallest measured fleet that fits)');
  timeOptions(command);
  serviceOptions(command);
  profileOptions(command);
  outputOptions(command);
  command.action(async (options: ReportOptions, self: Command) => {
    const { runReport } = await import('./reportCommand.ts');
    done(await runReport(options, self, io));
  });
}
