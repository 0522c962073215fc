import { Fault } from '../../faults/fault.ts';
import { commandOf, type FiguredAnswer } from '../figures/figures.ts';
import { type Condition, judged } from './conditions.ts';
import type { DiffAnswer, InputChange, VerdictChange } from './diffAnswer.ts';
import { COMMON_DOUBTS, diffWords, factWarnings } from './diffWords.ts';
import { factsCompared } from './factsCompared.ts';
import { figureDifferences } from './figureDifferences.ts';
import { paired } from './pairs.ts';
import { matchingOf } from './renames.ts';
import { overallVerdict, verdictsOf } from './verdicts.ts';

/** A word of a question where it was said. */
export interface SaidInput {
  readonly name: string;
  readonly text: string;
  /** `file:line:column`; null where no file says it. */
  readonly at: string | null;
}

/** One side of a comparison. */
export interface DiffSide {
  /** What the user calls it, such as a file. */
  readonly name: string;
  readonly answers: readonly FiguredAnswer[];
  /** The words of its question; where either side has none, those that the answers understood are compared. */
  readonly inputs: readonly SaidInput[] | null;
  /** Names of inputs that shape none of these answers. */
  readonly unheard?: readonly string[];
  readonly warnings?: readonly string[];
}

export interface DiffOptions {
  readonly conditions?: readonly Condition[];
  /** Whether changes that are not real differences fail conditions too. */
  readonly strict?: boolean;
}

/** The words of a question as its answers understood it, each once. */
function understood(answers: readonly FiguredAnswer[]): SaidInput[] {
  const words = new Map<string, string>();
  for (const { query } of answers)
    for (const [name, value] of Object.entries(query))
      if (!words.has(name)) words.set(name, Array.isArray(value) ? value.join(', ') : String(value));
  return [...words].map(([name, text]) => ({ name, text, at: null }));
}

function inputChanges(before: readonly SaidInput[], after: readonly SaidInput[]): InputChange[] {
  const were = new Map(before.map((word) => [word.name, word]));
  const are = new Map(after.map((word) => [word.name, word]));
  return [...new Set([...were.keys(), ...are.keys()])].flatMap((name) => {
    const [was, is] = [were.get(name), are.get(name)];
    if (was?.text === is?.text) return [];
    return [{ name, before: was?.text ?? null, after: is?.text ?? null, beforeAt: was?.at ?? null, afterAt: is?.at ?? null }];
  });
}

function verdictChanges(before: FiguredAnswer, after: FiguredAnswer): VerdictChange[] {
  const pairs = paired(verdictsOf(before), verdictsOf(after), matchingOf(before, after));
  const changes = pairs.flatMap(({ before: was, after: is }) =>
    was && is && was.word !== is.word ? [{ of: after.schema, subject: is.subject, before: was.word, after: is.word }] : [],
  );
  const [whole, now] = [overallVerdict(before), overallVerdict(after)];
  // Where the sides have no verdict in common that turned, the answer as a whole still may.
  return changes.length > 0 || whole === now
    ? changes
    : [{ of: after.schema, subject: 'the answer as a whole', before: whole, after: now }];
}

/** What a side warns of its speeds, such as that drafts are not modelled, where the other one does not. */
function speedWarnings({ name, answers }: DiffSide, other: DiffSide): string[] {
  const of = (answer: FiguredAnswer) => (answer.schema === 'kplan/speed@1' ? answer.warnings : []);
  const theirs = new Set(other.answers.flatMap(of));
  return answers.flatMap(of).flatMap((warning) => (theirs.has(warning) ? [] : [`${name}: ${warning}`]));
}

/** What is said of a side that the other one cannot be held against. */
function partWarnings(before: DiffSide, after: DiffSide, shared: readonly FiguredAnswer[]): string[] {
  const all = new Set([...before.answers, ...after.answers].map(({ schema }) => schema));
  const left = [...all].filter((schema) => shared.every((answer) => answer.schema !== schema));
  const names = left.map(commandOf);
  return names.length === 0 ? [] : [`of one side alone, and not compared: ${names.join(', ')}`];
}

/**
 * What changes between two plans: inputs, verdicts and every figure of the answers that both have, each with the band of its change. Doubts that both
 * sides share cancel as `changeBand` says.
 *
 * @param before answers as they were, at most one of a kind
 * @param after answers as they are
 * @param options conditions that are judged, as `parseCondition` reads them
 * @returns changes in the units of their figures; a failed condition is a result
 * @throws Fault `contradiction` where no answer of both is of one kind
 * @example diffAnswers({ name: 'a', answers: [], inputs: [] }, { name: 'b', answers: [], inputs: [] }).answer // 'There is nothing to compare.'
 */
export function diffAnswers(before: DiffSide, after: DiffSide, { conditions = [], strict = false }: DiffOptions = {}): DiffAnswer {
  const shared = after.answers.flatMap((answer) => {
    const was = before.answers.find(({ schema }) => schema === answer.schema);
    return was ? [{ was, is: answer }] : [];
  });
  if (shared.length === 0 && before.answers.length + after.answers.length > 0) {
    const kinds = ({ answers }: DiffSide) => answers.map(({ schema }) => schema).join(', ') || 'no answer';
    throw new Fault('contradiction', 'answers to different questions', {
      where: after.name,
      value: kinds(after),
      allowed: `one of ${kinds(before)}`,
    });
  }
  const answersBefore = shared.map(({ was }) => was);
  const answersAfter = shared.map(({ is }) => is);
  const facts = factsCompared(answersBefore, answersAfter);
  const parts = shared.map(({ was, is }) => figureDifferences(was, is, facts.same));
  const told = {
    figures: parts.flatMap(({ figures }) => figures),
    lone: parts.flatMap(({ lone }) => lone),
    unchanged: parts.flatMap(({ unchanged }) => unchanged),
    verdicts: shared.flatMap(({ was, is }) => verdictChanges(was, is)),
  };
  const hasVerdicts = [...answersBefore, ...answersAfter].some(
    (answer) => overallVerdict(answer) !== 'none' || verdictsOf(answer).length > 0,
  );
  const [said, says] =
    before.inputs && after.inputs ? [before.inputs, after.inputs] : [understood(answersBefore), understood(answersAfter)];
  const inputs = inputChanges(said, says);
  const deaf = new Set([...(before.unheard ?? []), ...(after.unheard ?? [])]);
  const unheard = inputs.map(({ name }) => name).filter((name) => deaf.has(name));
  return {
    schema: 'kplan/diff@1',
    before: before.name,
    after: after.name,
    answer: diffWords({ ...told, unheard }),
    inputs,
    ...told,
    unchanged: told.unchanged.length,
    conditions: conditions.map((condition) => judged(condition, { ...told, hasVerdicts }, strict)),
    facts,
    assumptions: COMMON_DOUBTS.map((text) => ({ code: 'common-doubts', text, source: 'kplan' })),
    warnings: [
      ...factWarnings(facts),
      ...partWarnings(before, after, answersAfter),
      ...speedWarnings(before, after),
      ...speedWarnings(after, before),
      ...new Set([...(before.warnings ?? []), ...(after.warnings ?? [])]),
    ],
  };
}
