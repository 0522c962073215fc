import type { Command } from 'commander';
import { AUDIENCES, type Audience, type DossierQuery, type Part, partsFor } from '../plan/dossier/dossierQuery.ts';
import { asksVolume } from '../plan/hosting/trafficVolume.ts';
import type { ReportedScenario } from '../report/page/inputs.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { BreakEvenOptions } from './breakEvenOptions.ts';
import { breakEvenQueryOf } from './breakEvenQuery.ts';
import type { FitOptions } from './fitOptions.ts';
import { sequencesIn } from './fitQuery.ts';
import { oneOf } from './hostingQuery.ts';
import type { HybridOptions } from './hybridOptions.ts';
import { hybridQueryOf } from './hybridQuery.ts';
import type { Io } from './io.ts';
import { ownWorkloadFrom } from './ownWorkload.ts';
import { type Question, questionFrom } from './question.ts';
import type { ReportOptions } from './reportOptions.ts';
import { type ScenarioWords, wordsFor } from './scenarioWords.ts';
import type { SizeOptions } from './sizeOptions.ts';
import { sizeQueryOf } from './sizeQuery.ts';
import type { SpeedOptions } from './speedOptions.ts';
import { concurrencyOf } from './speedQuery.ts';
import { planned } from './timeQuery.ts';

/** Words that were typed, by option. */
type Typed = ReportedScenario['typed'];

/** Who reads the report. */
export function audienceOf({ for: audience }: Pick<ReportOptions, 'for'>): Audience {
  return audience === undefined ? 'all' : oneOf(AUDIENCES, audience, '--for');
}

/** Options that shape no answer: where it goes, in which form, for whom, and from which file. */
const OF_OUTPUT: readonly string[] = ['out', 'force', 'json', 'csv', 'markdown', 'verify', 'for', 'file', 'plain'];

/** The options that were typed and shape the answers, not those that a scenario says. */
export function typedOf(command: Command): Typed {
  const typed = command.options
    .map((option) => option.attributeName())
    .filter((name) => command.getOptionValueSource(name) === 'cli' && !OF_OUTPUT.includes(name));
  return Object.fromEntries(typed.map((name) => [name, command.getOptionValue(name) as string | true]));
}

/** The words of one command: typed, and of the scenario as that command takes it. */
export type PartWords = <W>(command: string) => W;

/**
 * The words of each command for a report.
 *
 * @param scenario null where none is given
 * @param program the command line, whose commands say which options they take
 */
export async function partWords(typed: Typed, scenario: Scenario | null, program: Command): Promise<PartWords> {
  const choose = scenario && (await wordsFor(scenario));
  return <W>(name: string) => {
    const known = program.commands.find((command) => command.name() === name)?.options.map((option) => option.attributeName()) ?? [];
    const own = Object.fromEntries(Object.entries(typed).filter(([word]) => known.includes(word)));
    const said: Partial<Pick<ScenarioWords, 'words' | 'scenario'>> = choose ? choose(own, known) : {};
    return { ...said.words, ...own, ...(said.scenario ? { scenario: said.scenario, file: said.scenario.path } : {}) } as W;
  };
}

/** The command that takes the words of each part, and words that a part takes of another command. */
const COMMANDS: Readonly<Record<Part, string>> = {
  breakEven: 'breakeven',
  cost: 'breakeven',
  hybrid: 'hybrid',
  size: 'size',
  speed: 'breakeven',
  fit: 'breakeven',
};
const BESIDE: Readonly<Partial<Record<Part, readonly string[]>>> = { speed: ['concurrency'], fit: ['sequences'] };

/** The words, by option, that shape some of the answers to a question. */
export function heardWords(query: DossierQuery, program: Command): ReadonlySet<string> {
  const parts = partsFor(query).filter((part) => (part !== 'size' || query.size !== null) && (part !== 'hybrid' || query.hybrid !== null));
  const options = (name: string) => program.commands.find((command) => command.name() === name)?.options ?? [];
  return new Set(parts.flatMap((part) => [...options(COMMANDS[part]).map((option) => option.attributeName()), ...(BESIDE[part] ?? [])]));
}

/** A question for a report with the facts that answer it. */
export interface ReportQuestion {
  readonly query: DossierQuery;
  readonly catalog: Question<BreakEvenOptions>['catalog'];
}

/**
 * Reads the words of `kplan report` into its question.
 *
 * @param plans whether months to come are planned where nothing is said of time
 * @throws Fault naming the option, the value and what is allowed
 */
export async function reportQuestion(
  audience: Audience,
  wordsOf: PartWords,
  io: Io,
  { plans = false }: { readonly plans?: boolean } = {},
): Promise<ReportQuestion> {
  const question = await questionFrom(wordsOf<BreakEvenOptions>('breakeven'), io);
  const workload = await ownWorkloadFrom(question.words, question.catalog, true);
  const { own, assumptions, warnings } = question;
  const same = { model: question.words.model, format: question.words.format, workload: workload.options.workload };
  const given = Object.fromEntries(Object.entries(same).filter(([, value]) => value !== undefined));
  const service = { ...wordsOf<SizeOptions>('size'), ...given };
  const hourly = { ...wordsOf<HybridOptions>('hybrid'), ...given };
  const replica = { ...concurrencyOf(wordsOf<SpeedOptions>('speed')), ...sequencesIn(wordsOf<FitOptions>('fit')) };
  const sized = [service.users, service.rps, service.conversations].some((word) => word !== undefined);
  const profiled = hourly.hourly !== undefined || hourly.quantiles !== undefined;
  return {
    query: {
      audience,
      money: { ...breakEvenQueryOf(plans && asksVolume(workload.options) ? planned(workload.options) : workload.options), ...own },
      size: sized ? { ...sizeQueryOf(service), ...own } : null,
      hybrid: profiled ? { ...(await hybridQueryOf(hourly)), ...own } : null,
      ...(Object.keys(replica).length > 0 ? { replica } : {}),
      told: { assumptions: [...assumptions, ...workload.assumptions], warnings },
    },
    catalog: workload.catalog,
  };
}
