import type { Command } from 'commander';
import type { Io } from './io.ts';

/** Declares `kplan explain`; its work is loaded when it runs. */
export function declareExplain(program: Command, io: Io, done: (code: number) => void): void {
  program
    .command('explain')
    .description('Where does this number come from? Takes an id that `fit --ids` or `breakeven --ids` prints.')
    .argument('<id>', 'id of a number')
    .option('--json', 'the terms as one JSON document')
    .action(async (id: string, options: { json?: boolean }) => {
      const { runExplain } = await import('./explainCommand.ts');
      done(await runExplain(id, options, io));
    });
}
