import { dirname, isAbsolute, join } from 'node:path';
import type { MathJsInstance } from 'mathjs';
import { isScalar, isSeq, type Node } from 'yaml';
import type { Distribution } from '../evidence/distribution.ts';
import { Fault } from '../faults/fault.ts';
import { type Field, isPath } from './fields.ts';
import type { Formula } from './formula.ts';
import { type Part, type ScenarioParts, scenarioParts } from './parts.ts';
import { type PlacedText, sourceOffsets } from './place.ts';
import { formulaText, numberText, plainWord } from './plainValue.ts';
import { numberFor, wordFor } from './quantity.ts';
import { readScenarioDocument, type ScenarioDocument } from './scenarioDocument.ts';
import { plainVariable, type Variable, type Variables, type VariableValues, variablesOf } from './variables.ts';

/** What is uncertain about a scenario beside the distributions that stand in its fields. */
export interface ScenarioUncertainty {
  /** The uncertain variables. */
  readonly inputs: Readonly<Record<string, Distribution>>;
  /** By option word: its number in the unit of its field, as a function of the uncertain variables (medians where one is left out). */
  readonly derived: Readonly<Record<string, (values: VariableValues) => number>>;
}

/** The word of an option that a scenario says. */
export interface ScenarioWord {
  /** As the option's text would be; true for a switch. */
  readonly value: string | true;
  /** `file:line:column field` of the value, or of the item of a list that has this text. */
  where(item?: unknown): string;
}

/** A scenario file, resolved to words of options. */
export interface Scenario {
  readonly path: string;
  readonly name: string | null;
  readonly words: ReadonlyMap<string, ScenarioWord>;
  readonly uncertainty: ScenarioUncertainty;
}

const WITH_FORMULA = new Set(['number', 'tokens', 'size', 'time', 'open', 'switch']);

function placedText(document: ScenarioDocument, part: Part, value: string): PlacedText {
  const lead = value.length - value.trimStart().length;
  const offsets = sourceOffsets(document.text, part.node?.range?.[0] ?? 0, value);
  return {
    text: value.trim(),
    where: (index) => (index === undefined ? part.where : `${document.place(offsets[index + lead] ?? 0)} ${part.path}`),
  };
}

/** A path of the file as one from where kplan runs; names and addresses stay. */
function fromHere(text: string, field: Field, file: string): string {
  if (!isPath(text, field) || isAbsolute(text)) return text;
  const joined = join(dirname(file), text);
  return isAbsolute(joined) || joined.startsWith('..') ? joined : `./${joined}`;
}

function itemPlace(document: ScenarioDocument, { node, path, where }: Part, item: unknown): string {
  if (!isSeq(node)) return where;
  const at = node.items.findIndex((each) => isScalar(each) && each.value === item);
  return at < 0 ? where : `${document.place((node.items[at] as Node).range?.[0] ?? 0)} ${path}[${at}]`;
}

function nameIn({ header }: ScenarioParts): string | null {
  for (const part of [header.get('description'), header.get('name')])
    if (part && !(isScalar(part.node) && typeof part.node.value === 'string'))
      throw new Fault('invalid', 'a text is due here', { where: part.where, allowed: 'a text, in quotes where it is a number' });
  const node = header.get('name')?.node;
  return node && isScalar(node) ? String(node.value) : null;
}

/** Reads formulas with a mathjs that is loaded for the first of them. */
class Formulas {
  readonly #document: ScenarioDocument;
  readonly #names: ReadonlySet<string>;
  #math: MathJsInstance | undefined;

  constructor(document: ScenarioDocument, names: ReadonlySet<string>) {
    this.#document = document;
    this.#names = names;
  }

  get math(): MathJsInstance {
    if (!this.#math) throw new Error('no formula was read');
    return this.#math;
  }

  async read(part: Part, text: string): Promise<Formula> {
    const { readFormula } = await import('./formula.ts');
    this.#math ??= (await import('./formulaMath.ts')).formulaMath();
    return readFormula(placedText(this.#document, part, text), this.#names, this.#math);
  }
}

async function variablesIn(parts: ScenarioParts, formulas: Formulas): Promise<Variables> {
  const all = new Map<string, Variable>();
  for (const [name, part] of parts.variables) {
    const text = formulaText(part);
    all.set(name, text === null ? plainVariable(numberText(part), part.where) : await formulas.read(part, text));
  }
  return variablesOf(all);
}

/**
 * Resolves the document of a scenario to words of options: fields through their table, formulas at the medians of uncertain variables.
 *
 * @throws Fault at `file:line:column field`
 */
export async function scenarioOf(document: ScenarioDocument): Promise<Scenario> {
  const parts = scenarioParts(document);
  const formulas = new Formulas(document, new Set(parts.variables.keys()));
  const variables = await variablesIn(parts, formulas);
  const words = new Map<string, ScenarioWord>();
  const derived: [string, (values: VariableValues) => number][] = [];
  for (const { field, ...part } of parts.fields) {
    const say = (value: string | true) => words.set(field.word, { value, where: (item) => itemPlace(document, part, item) });
    const text = WITH_FORMULA.has(field.kind) ? formulaText(part) : null;
    if (text === null) {
      const word = plainWord(part, field.kind);
      if (word !== null) say(word === true ? true : fromHere(word, field, document.file));
      continue;
    }
    const formula = await formulas.read(part, text);
    const value = variables.value(formula);
    if (field.kind === 'switch') {
      if (typeof value !== 'boolean')
        throw new Fault('invalid', 'the formula is no condition', { where: part.where, value: text, allowed: 'a comparison' });
      if (value) say(true);
      continue;
    }
    const { math } = formulas;
    say(wordFor(field, numberFor(field, value, formula, math), typeof value === 'number'));
    if (variables.inputsOf(formula).length > 0)
      derived.push([field.word, (values) => numberFor(field, variables.value(formula, values), formula, math)]);
  }
  return {
    path: document.file,
    name: nameIn(parts),
    words,
    uncertainty: { inputs: variables.inputs, derived: Object.fromEntries(derived) },
  };
}

/**
 * Reads a scenario file.
 *
 * @param path as the user typed it; paths in the file count from its folder
 * @throws Fault where the file cannot be read, and as `scenarioOf` does
 */
export async function readScenario(path: string): Promise<Scenario> {
  return scenarioOf(readScenarioDocument(path));
}
