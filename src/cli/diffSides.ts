import type { Command } from 'commander';
import { readInputFile } from '../catalog/inputFile.ts';
import { utf8Text } from '../catalog/utf8Text.ts';
import { Fault } from '../faults/fault.ts';
import { comparedAnswers } from '../plan/diff/comparedAnswers.ts';
import type { DiffSide } from '../plan/diff/diffAnswers.ts';
import type { Audience } from '../plan/dossier/dossierQuery.ts';
import { FIELDS } from '../scenario/fields.ts';
import type { Scenario } from '../scenario/scenario.ts';
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

/** Files and folders that a scenario names, by the path of its field. */
function filesOf({ words }: Scenario): { readonly field: string; readonly path: string }[] {
  return FIELDS.flatMap(({ path: field, word, kind }) => {
    const text = words.get(word)?.value;
    const isFile = kind === 'path' || (kind === 'pathOrName' && typeof text === 'string' && /^\.{0,2}\/|\.json$/i.test(text));
    return isFile && typeof text === 'string' ? [{ field, path: text }] : [];
  });
}

/** The answers to a scenario. */
async function answersTo(
  scenario: Scenario,
  audience: Audience,
  program: Command,
  io: Io,
): Promise<Pick<DiffSide, 'answers' | 'unheard' | 'warnings'>> {
  const { places } = (await wordsFor(scenario))({}, [...scenario.words.keys()]);
  try {
    const { query, catalog } = await reportQuestion(audience, await partWords({}, scenario, program), io);
    const { answers, warnings } = comparedAnswers(query, catalog);
    const heard = heardWords(query, program);
    return { answers, warnings, unheard: FIELDS.filter(({ word }) => !heard.has(word)).map((field) => field.path) };
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
  const files = revision === null ? [] : filesOf(scenario);
  if (revision === null || files.length === 0) return { name, inputs, ...(await answersTo(scenario, audience, program, io)) };
  const { treeAtRevision } = await import('./gitTree.ts');
  const tree = await treeAtRevision(
    revision,
    files.map((file) => file.path),
    path,
  );
  const copy = tree.placed(path);
  try {
    const { answers, warnings = [], ...rest } = await answersTo(await scenarioOf(scenarioDocument(copy, text)), audience, program, io);
    const outside = files.filter((file) => tree.outside.includes(file.path));
    const notes = outside.map(({ field }) => `${field} of ${name} is read as it is now: it lies outside the repository`);
    return { name, inputs, ...rest, answers: withoutRoot(answers, tree.root), warnings: [...withoutRoot(warnings, tree.root), ...notes] };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { where, ...details } = withoutRoot(error.details, tree.root);
    throw new Fault(error.code, error.reason, {
      ...details,
      where: error.details.where.startsWith(copy) ? path + error.details.where.slice(copy.length) : where,
    });
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
