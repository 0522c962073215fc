import { type Command, Option } from 'commander';
import { Fault } from '../faults/fault.ts';
import type { ScenarioUncertainty } from '../scenario/scenario.ts';

/** Options of all commands that print a result: its form and where it goes. */
export interface OutputOptions {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly markdown?: boolean;
  readonly out?: string;
  readonly force?: boolean;
}

/** Options of the commands that answer a question. */
export interface AnswerOptions extends OutputOptions {
  readonly ids?: boolean;
  readonly fail?: boolean;
}

/** What a command knows of the scenario file that `-f` named. */
export interface GivenScenario {
  readonly path: string;
  readonly name: string | null;
  readonly uncertainty: ScenarioUncertainty;
  /** The options whose words are those of the file. */
  readonly words: readonly string[];
}

/** Options of the commands that take a scenario. */
export interface ScenarioOptions {
  readonly file?: string;
  /** Set where `file` was read. */
  readonly scenario?: GivenScenario;
}

/** Options that shape the output and not the answer, and what a scenario is beside its file. */
const OF_OUTPUT: readonly string[] = ['focus', 'json', 'csv', 'markdown', 'out', 'force', 'ids', 'terms', 'fail', 'scenario'];

/** Refuses a value that is empty or the next option, and an option that is given twice: neither value can be the one that was meant. */
function once(flag: string): (value: string, previous: string | undefined) => string {
  return (value, previous) => {
    if (value.trim() === '') throw new Fault('missing', 'the value is empty', { where: flag, value });
    if (value.startsWith('--')) {
      throw new Fault('missing', 'no value, another option follows', { where: flag, value, allowed: `${flag} VALUE` });
    }
    if (previous !== undefined && previous !== value) {
      throw new Fault('contradiction', `given twice, with ${previous} before`, { where: flag, value, allowed: 'one value' });
    }
    return value;
  };
}

/** Declares an option with a value, e.g. `valueOption(command, '--tp <n>', 'tensor-parallel ways')`. */
export function valueOption(command: Command, flags: string, description: string): Command {
  return command.addOption(new Option(flags, description).argParser(once(/--[a-z0-9-]+/.exec(flags)?.[0] ?? flags)));
}

/** Declares the scenario file, whose words count where none is typed. */
export function fileOption(command: Command): Command {
  return valueOption(command, '-f, --file <kplan.yaml>', 'scenario file, as `kplan init` writes one; options that are typed beat it');
}

/** Declares the folder of the user's own measurements. */
export function catalogOption(command: Command): Command {
  return valueOption(
    command,
    '--catalog <folder>',
    'folder of your own facts, as `kplan import bench`, `prices` and `offers` write it; preferred',
  );
}

/** Declares what every command takes that prints a result. */
export function outputOptions(command: Command): Command {
  command
    .optionsGroup('Output:')
    .option('--json', 'one JSON document on stdout, also for errors')
    .option('--csv', 'the main table as CSV')
    .option('--markdown', 'the answer as Markdown');
  return valueOption(
    command,
    '--out <file>',
    'write the result to a file, whole or not at all; .json, .csv and .md say its form, - is stdout; of breakeven and cost FILE.xlsx is a workbook',
  ).option('--force', 'replace a file that kplan did not write');
}

/** Declares the forecast as a file for finance. */
export function focusOption(command: Command): Command {
  return valueOption(command, '--focus <file>', 'write the forecast as FOCUS 1.2 rows beside the result: FILE.csv');
}

/** Declares what every command takes that answers a question. */
export function answerOptions(command: Command): Command {
  return outputOptions(command)
    .option('--ids', 'print the ids that `kplan explain` takes')
    .option('--fail', 'exit with 3 on a negative verdict');
}

/**
 * The options that were given and shape the answer, as the text that `explain` ids carry; those of a scenario are said by its file.
 *
 * @param options what commander handed over
 * @param leaveOut options of the command that the id says elsewhere, or that shape its output alone
 */
export function givenOptions(options: ScenarioOptions, leaveOut: readonly string[]): [name: string, value: string][] {
  const passedOver = [...OF_OUTPUT, ...leaveOut, ...(options.scenario?.words ?? [])];
  return Object.entries(options)
    .filter(([name, value]) => value !== undefined && value !== false && !passedOver.includes(name))
    .map(([name, value]): [string, string] => [name, String(value)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
