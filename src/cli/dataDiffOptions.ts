import type { Command } from 'commander';
import type { DataDiffOptions } from './dataDiffCommand.ts';
import type { Io } from './io.ts';
import { outputOptions, valueOption } from './options.ts';

/** Declares `kplan data diff`; its work is loaded when it runs. */
export function declareDataDiff(data: Command, io: Io, done: (code: number) => void): void {
  const diff = data
    .command('diff')
    .description('what changed among prices, and who disagrees')
    .exitOverride()
    .configureOutput({ writeOut: io.write, writeErr: () => undefined });
  valueOption(diff, '--catalog <folder>', 'folder of your own prices, put beside those of kplan');
  valueOption(diff, '--threshold <percent>', 'up to where sources agree (default: 5)');
  valueOption(diff, '--model <name>', 'API prices of one model');
  valueOption(diff, '--gpu <name>', 'prices of one GPU type, or of a list');
  valueOption(diff, '--as-of <day>', 'as it was on a day, YYYY-MM-DD (default: today)');
  outputOptions(diff).action(async (options: DataDiffOptions) => {
    const { runDataDiff } = await import('./dataDiffCommand.ts');
    done(await runDataDiff(options, io));
  });
}
