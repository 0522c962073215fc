import { type Command, Option } from 'commander';
import { Fault } from '../faults/fault.ts';

/** Options of all commands that print a result. */
export interface SharedOptions {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly markdown?: boolean;
  readonly out?: string;
  readonly force?: boolean;
  readonly asOf?: string;
  readonly ids?: boolean;
  readonly terms?: boolean;
  readonly fail?: boolean;
}

/** Refuses an option that is given twice: neither value can be the one that was meant. */
function once(flag: string): (value: string, previous: string | undefined) => string {
  return (value, previous) => {
    if (previous !== undefined && previous !== value) {
      throw new Fault('contradiction', `given twice, with ${previous} before`, { where: flag, value, allowed: 'one value' });
    }
    return value;
  };
}

/** Declares an option with a value, e.g. `valueOption(command, '--tp <n>', 'tensor-parallel ways')`. */
export function valueOption(command: Command, flags: string, description: string): Command {
  return command.addOption(new Option(flags, description).argParser(once(flags.split(' ')[0] ?? flags)));
}

/** Declares what every command that prints a result takes. */
export function sharedOptions(command: Command): Command {
  command
    .option('--json', 'one JSON document on stdout, also for errors')
    .option('--csv', 'the main table as CSV')
    .option('--markdown', 'the answer as Markdown')
    .option('--ids', 'print the ids that `kplan explain` takes')
    .option('--terms', 'add the derivation of every number to --json')
    .option('--force', 'replace a file that kplan did not write')
    .option('--fail', 'exit with 3 on a negative verdict');
  valueOption(command, '--out <file>', 'write the result to a file, whole or not at all');
  return valueOption(command, '--as-of <date>', 'use facts up to this day (YYYY-MM-DD)');
}

/** The options of a command that were given and shape its answer, as the text that `explain` ids carry. */
export function givenOptions(options: object, leaveOut: readonly string[]): [name: string, value: string][] {
  return Object.entries(options)
    .filter(([name, value]) => value !== undefined && value !== false && !leaveOut.includes(name))
    .map(([name, value]): [string, string] => [name, Array.isArray(value) ? value.join('+') : String(value)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
