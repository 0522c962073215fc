import type { Command } from 'commander';
import type { DataCheckOptions } from './dataCheckCommand.ts';
import type { Io } from './io.ts';
import { outputOptions, valueOption } from './options.ts';

/** Declares `kplan data check`; its work is loaded when it runs. */
export function declareDataCheck(data: Command, io: Io, done: (code: number) => void): void {
  const check = data
    .command('check')
    .description('how old the facts are; exits with 3 where one is over the limit of its age')
    .exitOverride()
    .configureOutput({ writeOut: io.write, writeErr: () => undefined });
  valueOption(check, '--max-age <days>', 'one limit for all (default: tariffs 180, offers 90, others 365)');
  valueOption(check, '--as-of <day>', 'as it was on a day, YYYY-MM-DD (default: today)');
  valueOption(check, '--catalog <folder>', 'folder of your own facts, counted with those of kplan');
  outputOptions(check).action(async (options: DataCheckOptions) => {
    const { runDataCheck } = await import('./dataCheckCommand.ts');
    done(await runDataCheck(options, io));
  });
}
