import type { Command } from 'commander';
import { readInputFile } from '../catalog/inputFile.ts';
import { utf8Text } from '../catalog/utf8Text.ts';
import { Fault } from '../faults/fault.ts';
import { comparedAnswers } from '../plan/diff/comparedAnswers.ts';
import type { DiffSide, SaidInput } from '../plan/diff/diffAnswers.ts';
import type { Audience } from '../plan/dossier/dossierQuery.ts';
import { FIELDS, isPath } from '../scenario/fields.ts';
import { unheardVariables } from '../scenario/heardVariables.ts';
import type { SaidField } from '../scenario/saidFields.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { contentDigest } from './contentDigest.ts';
import { fileAtRevision } from './gitFile.ts';
import type { Io } from './io.ts';
import { heardWords, partWords, reportQuestion } from './reportQuery.ts';
import { placedFault, wordsFor } from './scenarioWords.ts';

/** A text that is one side, with the name that the user knows it by and the file from whose folder its paths count. */
interface SideText {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly revision: string | null;
}

const EXPECTED = { kind: 'a scenario, or an answer of kplan as JSON', remedy: 'a plan is small', mostMiB: 64 };
const FORMATS = 'YAML or JSON';
/** How a document of kplan begins, which no scenario does. */
const PLAN = /^\uFEFF?\s*\{\s*"schema"\s*:/;

/** A file of the working tree. */
export function fileText(path: string): SideText {
  return { name: path, path, text: utf8Text(readInputFile(path, EXPECTED).bytes, path, FORMATS), revision: null };
}

/** The same file at a revision. */
export async function revisionText(revision: string, path: string): Promise<SideText> {
  const name = `${revision}:${path}`;
  return { name, path, text: utf8Text(await fileAtRevision(revision, path), name, FORMATS), revision };
}

/** A fault at a place of a file, told as one of its revision. */
function atRevision(error: unknown, { path, revision }: SideText): unknown {
  if (revision === null || !(error instanceof Fault) || !error.details.where.startsWith(path)) return error;
  return new Fault(error.code, error.reason, { ...error.details, where: `${revision}:${error.details.where}` });
}

/** A file or folder that a scenario names. */
interface NamedFile {
  readonly field: string;
  readonly word: string;
  readonly path: string;
}

/** Files and folders that a scenario names, by the path of its field. */
function filesOf({ words }: Scenario): NamedFile[] {
  return FIELDS.flatMap((field) => {
    const text = words.get(field.word)?.value;
    return typeof text === 'string' && isPath(text, field) ? [{ field: field.path, word: field.word, path: text }] : [];
  });
}

/** Words that shape answers and none of the numbers that are compared. */
const WITHOUT_FIGURES: readonly string[] = ['wait'];

/** The answers to a scenario, and its inputs that shape none of their figures. */
async function answersTo(
  scenario: Scenario,
  inputs: readonly SaidField[],
  audience: Audience,
  program: Command,
  io: Io,
): Promise<Pick<DiffSide, 'answers' | 'unheard' | 'warnings'>> {
  const { places } = (await wordsFor(scenario))({}, [...scenario.words.keys()]);
  try {
    const { query, catalog } = await reportQuestion(audience, await partWords({}, scenario, program), io);
    const { answers, warnings } = comparedAnswers(query, catalog);
    const heard = heardWords(query, program);
    const fields = FIELDS.filter(({ word }) => !heard.has(word) || WITHOUT_FIGURES.includes(word)).map((field) => field.path);
    return { answers, warnings, unheard: [...fields, ...unheardVariables(inputs, (field) => !fields.includes(field))] };
  } catch (error) {
    throw placedFault(error, places);
  }
}

/** A value in whose texts the folder of a copy is not named. */
function withoutRoot<T>(value: T, root: string): T {
  if (typeof value === 'string') return value.replaceAll(`${root}/`, '') as T;
  if (Array.isArray(value)) return value.map((each) => withoutRoot(each, root)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutRoot(each, root)])) as T;
}

/** What named files hold, as inputs: a change of theirs is none of the scenario's text. */
function contentInputs(files: readonly NamedFile[], inputs: readonly SaidInput[], pathOf: (path: string) => string): SaidInput[] {
  return files.flatMap(({ field, path }) => {
    const digest = field === 'model' ? null : contentDigest(pathOf(path));
    const at = inputs.find(({ name }) => name === field)?.at ?? null;
    return digest === null ? [] : [{ name: `${field} (contents)`, text: `sha256 ${digest}…`, at }];
  });
}

async function scenarioSide(side: SideText, audience: Audience, program: Command, io: Io): Promise<DiffSide> {
  const [{ scenarioDocument }, { saidFields }, { scenarioOf }] = await Promise.all([
    import('../scenario/scenarioDocument.ts'),
    import('../scenario/saidFields.ts'),
    import('../scenario/scenario.ts'),
  ]);
  const { name, path, text, revision } = side;
  const document = scenarioDocument(path, text);
  const inputs = saidFields(document).map((field) => ({ ...field, at: revision === null ? field.at : `${revision}:${field.at}` }));
  const scenario = await scenarioOf(document);
  const files = filesOf(scenario);
  if (revision === null || files.length === 0)
    return {
      name,
      inputs: [...inputs, ...contentInputs(files, inputs, (file) => file)],
      ...(await answersTo(scenario, inputs, audience, program, io)),
    };
  const { treeAtRevision } = await import('./gitTree.ts');
  const tree = await treeAtRevision(
    revision,
    files.map((file) => file.path),
    path,
  );
  try {
    const moved = new Map(files.map((file) => [file.word, tree.placed(file.path)]));
    const words = new Map([...scenario.words].map(([word, said]) => [word, { ...said, value: moved.get(word) ?? said.value }]));
    const found = await answersTo({ ...scenario, words }, inputs, audience, program, io);
    const outside = files.filter((file) => tree.placed(file.path) === file.path);
    const notes = outside.map(({ field }) => `${field} of ${name} is read as it is now: it lies outside the repository`);
    const { answers, warnings = [], unheard } = withoutRoot(found, tree.root);
    return {
      name,
      inputs: [...inputs, ...contentInputs(files, inputs, tree.placed)],
      answers,
      unheard: unheard ?? [],
      warnings: [...warnings, ...notes],
    };
  } catch (error) {
    throw error instanceof Fault ? new Fault(error.code, error.reason, withoutRoot(error.details, tree.root)) : error;
  } finally {
    tree.remove();
  }
}

/**
 * Answers one side: a plan as it stands, or a scenario in all parts that its audience reads.
 *
 * @throws Fault at the file, and the revision, that is wrong
 */
export async function diffSide(side: SideText, audience: Audience, program: Command, io: Io): Promise<DiffSide> {
  try {
    if (PLAN.test(side.text)) {
      const { planAnswers } = await import('../report/schema/planDocument.ts');
      return { name: side.name, answers: planAnswers(side.name, side.text), inputs: null };
    }
    return await scenarioSide(side, audience, program, io);
  } catch (error) {
    throw atRevision(error, side);
  }
}
