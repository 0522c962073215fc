import type { Command } from 'commander';
import type { Io } from './io.ts';

/** The words of `kplan init` as commander hands them over. */
export interface InitOptions {
  readonly force?: boolean;
}

/** Declares `kplan init`; its work is loaded when it runs. */
export function declareInit(program: Command, io: Io, done: (code: number) => void): void {
  program
    .command('init')
    .description('Writes a scenario to start from, with comments, which every question takes with -f.')
    .argument('[file]', 'where to; - is stdout', 'kplan.yaml')
    .option('--force', 'replace a file that is there')
    .action(async (file: string, options: InitOptions) => {
      const { runInit } = await import('./initCommand.ts');
      done(await runInit(file, options, io));
    });
}
