import type { Command } from 'commander';
import { Fault } from '../faults/fault.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { GivenScenario } from './options.ts';

/** Where the words of a command stand in a scenario file, by option; for an item of a list, where that stands. */
export type WordPlaces = ReadonlyMap<string, (item?: unknown) => string>;

/** The words of a scenario file for one command. */
export interface ScenarioWords {
  readonly words: Readonly<Record<string, string | true>>;
  readonly scenario: GivenScenario;
  readonly places: WordPlaces;
}

/**
 * The words of a scenario for one command after another.
 *
 * @returns takes the words that are said beside it, by option, which beat the scenario as `chosenWords` tells, and those that a command knows
 */
export async function wordsFor(
  scenario: Scenario,
): Promise<(typed: Readonly<Record<string, unknown>>, known: readonly string[]) => ScenarioWords> {
  const { chosenWords } = await import('../scenario/precedence.ts');
  return (typed, known) => {
    const { words, uncertainty } = chosenWords(scenario, typed, known);
    return {
      words: Object.fromEntries([...words].map(([word, { value }]) => [word, value])),
      scenario: { path: scenario.path, name: scenario.name, uncertainty, words: [...words.keys()] },
      places: new Map([...words].map(([word, { where }]) => [word, where])),
    };
  };
}

/**
 * Reads a scenario file for a command.
 *
 * @param typed the words that are said beside it, by option
 * @param known the words that the command takes
 * @throws Fault at `file:line:column field`
 */
export async function scenarioFor(
  path: string,
  typed: Readonly<Record<string, unknown>>,
  known: readonly string[],
): Promise<ScenarioWords> {
  const { readScenario } = await import('../scenario/scenario.ts');
  return (await wordsFor(await readScenario(path)))(typed, known);
}

/**
 * Gives a command the words of the file that `-f` names, where none was typed, and the option value `scenario`.
 *
 * @returns where they stand; nothing without `-f`
 */
export async function takeScenario(command: Command): Promise<WordPlaces> {
  const known = command.options.map((option) => option.attributeName());
  const path: unknown = known.includes('file') ? command.getOptionValue('file') : undefined;
  if (typeof path !== 'string') return new Map();
  const typed = Object.fromEntries(
    known.filter((name) => command.getOptionValueSource(name) === 'cli').map((name) => [name, command.getOptionValue(name)]),
  );
  const { words, scenario, places } = await scenarioFor(path, typed, known);
  for (const [name, value] of Object.entries(words)) command.setOptionValueWithSource(name, value, 'config');
  command.setOptionValueWithSource('scenario', scenario, 'config');
  return places;
}

/** `--ttft-p95` as `ttftP95`. */
function wordOf(flag: string): string {
  return flag.slice(2).replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** A fault of an option whose word a scenario file says, at the place in that file; anything else as it is. */
export function placedFault(error: unknown, places: WordPlaces): unknown {
  if (!(error instanceof Fault)) return error;
  const { where, value } = error.details;
  const flag = /^--[a-z0-9-]+/.exec(where)?.[0];
  const place = flag === undefined ? undefined : places.get(wordOf(flag));
  return place ? new Fault(error.code, error.reason, { ...error.details, where: place(value) }) : error;
}
