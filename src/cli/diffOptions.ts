import { type Command, Option } from 'commander';
import type { Io } from './io.ts';
import { type OutputOptions, outputOptions, valueOption } from './options.ts';

/** The words of `kplan diff` as commander hands them over. */
export interface DiffOptions extends OutputOptions {
  readonly git?: string;
  readonly for?: string;
  readonly failOn?: readonly string[];
  readonly strict?: boolean;
}

/** Declares `kplan diff`; its work is loaded when it runs. */
export function declareDiff(program: Command, io: Io, done: (code: number) => void): void {
  const command = program
    .command('diff')
    .description('What changes between two plans? Inputs, verdicts and figures, each with the band of its change.')
    .usage('[options] OLD NEW | --git REVISION [FILE]')
    .argument('[files...]', 'scenario files, or answers as `--json` printed them; with --git one file (default: kplan.yaml)');
  command.optionsGroup('Diff:');
  valueOption(command, '--git <revision>', 'compare with the file as it was at a branch, tag or commit');
  valueOption(command, '--for <audience>', 'which answers to a scenario: cfo, sre, ml or all (default: all)');
  command.addOption(
    new Option('--fail-on <condition>', "exit with 3 where it holds, such as 'cost>+5%' or verdict; may be given several times").argParser(
      (value: string, before: readonly string[] = []) => [...before, value],
    ),
  );
  command.option('--strict', 'conditions count changes that are not real differences too');
  outputOptions(command);
  command.action(async (files: readonly string[], options: DiffOptions, self: Command) => {
    const { runDiff } = await import('./diffCommand.ts');
    done(await runDiff(files, options, self.parent ?? self, io));
  });
}
