import type { Command } from 'commander';
import { readInputFile } from '../catalog/inputFile.ts';
import { utf8Text } from '../catalog/utf8Text.ts';
import { Fault } from '../faults/fault.ts';
import { comparedAnswers } from '../plan/diff/comparedAnswers.ts';
import type { DiffSide } from '../plan/diff/diffAnswers.ts';
import type { Audience } from '../plan/dossier/dossierQuery.ts';
import { FIELDS } from '../scenario/fields.ts';
import type { SaidField } from '../scenario/saidFields.ts';
import { fileAtRevision } from './gitFile.ts';
import type { Io } from './io.ts';
import { partWords, reportQuestion } from './reportQuery.ts';
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
const PLAN = /^\s*\{\s*"schema"\s*:/;

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

/** Whether a word of a scenario names a file or folder. */
function isFile({ name, text }: SaidField): boolean {
  const kind = FIELDS.find(({ path }) => path === name)?.kind;
  return kind === 'path' || (kind === 'pathOrName' && /^\.{0,2}\/|\.json$/i.test(text));
}

/** Files that an older scenario names are read as they are now. */
function fileNotes({ name, revision }: SideText, inputs: readonly SaidField[]): string[] {
  return revision === null ? [] : inputs.filter(isFile).map((input) => `${input.name} of ${name} is read from the working tree`);
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
  const { places } = (await wordsFor(scenario))({}, [...scenario.words.keys()]);
  try {
    const { query, catalog } = await reportQuestion(audience, await partWords({}, scenario, program), io);
    const { answers, warnings } = comparedAnswers(query, catalog);
    return { name, answers, inputs, warnings: [...warnings, ...fileNotes(side, inputs)] };
  } catch (error) {
    throw placedFault(error, places);
  }
}

/**
 * Answers one side: a plan as it stands, or a scenario in all parts that its audience reads.
 *
 * @throws Fault at the file, and the revision, that is wrong
 */
export async function diffSide(side: SideText, audience: Audience, program: Command, io: Io): Promise<DiffSide> {
  try {
    if (side.path.endsWith('.json') || PLAN.test(side.text)) {
      const { planAnswers } = await import('../report/schema/planDocument.ts');
      return { name: side.name, answers: planAnswers(side.name, side.text), inputs: null };
    }
    return await scenarioSide(side, audience, program, io);
  } catch (error) {
    throw atRevision(error, side);
  }
}
