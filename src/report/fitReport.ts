import { layoutName } from '../layout/layout.ts';
import type { FitAnswer, FitResult } from '../plan/fit/fitAnswer.ts';
import { contextTable, fitTable, fleetName, fleetsTable, formatTable, remedyOptions } from './fitTable.ts';
import { codeInWords } from './format.ts';
import { grouped } from './group.ts';
import { type Block, listBlock, type Report, tableBlock } from './report.ts';
import { asSentence, evidenceBlocks, questionBlock } from './sections.ts';
import type { Table } from './table.ts';
import { termTable } from './termTable.ts';

export interface FitReportOptions {
  /** Every layout instead of the best few of each fleet size. */
  readonly all?: boolean;
  /** The ledger of the rules that were tried. */
  readonly rules?: boolean;
  /** Gives the id under which `kplan explain` finds a term of a row; with it, the terms are listed. */
  readonly ids?: (rowKey: string, termId: string) => string;
}

/** GPU types up to which every fleet size is shown, with its best few layouts. */
const FEW_GPUS = 3;
const WORKING = 4;
const REFUSED = 2;

function works({ verdict }: FitResult): boolean {
  return verdict === 'fits' || verdict === 'marginal';
}

function keyOfFleet({ gpu, gpus, engine, engineVersion }: FitResult): string {
  return `${gpu} ${gpus} ${engine} ${engineVersion}`;
}

/** The layouts worth a first look: of each fleet size the best few that work and, where none does, the first refusals. */
function bestFew(results: readonly FitResult[]): FitResult[] {
  return [...grouped(results, keyOfFleet).values()].flatMap((fleet) => {
    const working = fleet.filter(works);
    if (working.length > 0) return working.slice(0, WORKING);
    const near = fleet.filter(({ verdict }) => verdict === 'does-not-fit');
    return (near.length > 0 ? near : fleet).slice(0, REFUSED);
  });
}

/** Of each GPU type the largest fleet that does not hold the question, and the smallest that does, each with its best layout. */
function turningPoints(results: readonly FitResult[]): FitResult[] {
  return [...grouped(results, ({ gpu }) => gpu).values()].flatMap((fleets) => {
    const best = [...grouped(fleets, keyOfFleet).values()].flatMap(
      (fleet) => fleet.find(({ verdict }) => verdict === 'fits') ?? fleet.find(works) ?? fleet[0] ?? [],
    );
    const first = best.findIndex(({ verdict }) => verdict === 'fits');
    return first < 0 ? best.slice(-1) : best.slice(Math.max(0, first - 1), first + 1);
  });
}

function countsOf(results: readonly FitResult[]): string {
  return [...grouped(results, ({ verdict }) => verdict)].map(([verdict, { length }]) => `${codeInWords(verdict)}: ${length}`).join(', ');
}

/** What is left out, by fleet size; of many GPU types in one sentence. */
function hiddenBlocks(results: readonly FitResult[], shown: readonly FitResult[], many: boolean): Block[] {
  const rest = results.filter((result) => !shown.includes(result));
  if (rest.length === 0) return [];
  if (many) return [{ kind: 'text', text: `Not shown are ${rest.length} more layouts (${countsOf(rest)}): --all shows every layout.` }];
  const fleets = [...grouped(rest, keyOfFleet).values()];
  return listBlock(
    'Not shown (--all shows every layout)',
    fleets.flatMap((fleet) => (fleet[0] === undefined ? [] : [`${fleetName(fleet[0])}, ${countsOf(fleet)}`])),
  );
}

function ledger({ rules = [] }: FitResult): Table {
  return {
    columns: [{ title: 'rule' }, { title: 'outcome' }, { title: 'message' }, { title: 'source' }],
    rows: rules.map(({ rule, outcome, message, source }) => ({ cells: [rule, codeInWords(outcome), message, source] })),
  };
}

function rowTitle(result: FitResult): string {
  return `${fleetName(result)}, ${layoutName(result.layout)}`;
}

/** What would help, each change once with the layouts that it helps. */
function remedyTexts(results: readonly FitResult[]): string[] {
  const helped = results.flatMap((result) =>
    result.remedy === null ? [] : [{ result, change: `${result.remedy.message} (${remedyOptions(result.remedy)})` }],
  );
  return [...grouped(helped, ({ result, change }) => `${result.gpu} ${result.gpus} ${change}`).values()].flatMap((group) => {
    const [first] = group;
    return first === undefined
      ? []
      : [`${fleetName(first.result)}, ${group.map(({ result }) => layoutName(result.layout)).join(', ')}: ${first.change}`];
  });
}

/** Notes of several results, each once. */
function notesOf(results: readonly FitResult[]): string[] {
  return [...new Set(results.flatMap(({ notes }) => notes))].map(asSentence);
}

/** Notes of many GPU types: of each rule the first, with how many there are. */
function notesByRule(results: readonly FitResult[]): string[] {
  const ruleOf = (note: string) => /\[([^\]]+)\]$/.exec(note)?.[1] ?? note;
  const noted = results.flatMap(({ gpuName, notes }) => notes.map((note) => ({ gpuName, note })));
  return [...grouped(noted, ({ note }) => ruleOf(note)).values()].flatMap((group) => {
    const gpus = [...new Set(group.map(({ gpuName }) => gpuName))];
    const more = gpus.length > 1 ? `; the same rule speaks of ${gpus.slice(1).join(', ')}` : '';
    return group[0] === undefined ? [] : [asSentence(`${gpus[0]}: ${group[0].note}${more}`)];
  });
}

/**
 * The answer of `fit` arranged for reading: the verdict in words, the layouts, what would help, and the evidence. Of many GPU types
 * each has the two fleet sizes between which the answer turns.
 *
 * @param answer what `fit` returned
 * @param options how much to show
 * @see renderText, renderMarkdown
 */
export function fitReport(answer: FitAnswer, { all = false, rules = false, ids }: FitReportOptions = {}): Report {
  const { results } = answer;
  const many = !all && new Set(results.map(({ gpu }) => gpu)).size > FEW_GPUS;
  const shown = all ? [...results] : many ? turningPoints(results) : bestFew(results);
  const rowBlocks = (title: string, table: (result: FitResult) => Table): Block[] =>
    shown.flatMap((result) => tableBlock(`${title} ${rowTitle(result)}`, table(result)));
  const layouts = many
    ? tableBlock('Largest fleet that does not hold it and smallest that does, memory per GPU', fleetsTable(shown))
    : [...grouped(shown, ({ gpuName }) => gpuName)].flatMap(([gpuName, rows]) =>
        tableBlock(`Layouts on ${gpuName}, memory per GPU`, fitTable(rows)),
      );
  const stuck = shown.filter(({ gpu }) => !many || !shown.some((result) => result.gpu === gpu && works(result)));
  return {
    schema: answer.schema,
    blocks: [
      { kind: 'answer', text: answer.answer },
      questionBlock(answer),
      ...(answer.formats === undefined ? [] : tableBlock('Formats, each on the smallest fleet that holds it', formatTable(answer.formats))),
      ...(answer.contextMap === undefined ? [] : tableBlock('Sequences by context and KV cache dtype', contextTable(answer.contextMap))),
      ...layouts,
      ...hiddenBlocks(results, shown, many),
      ...listBlock('What would help', remedyTexts(stuck).map(asSentence)),
      ...listBlock('Notes', many ? notesByRule(shown) : notesOf(shown)),
      ...(rules ? rowBlocks('Rules tried on', ledger) : []),
      ...(ids === undefined ? [] : rowBlocks('Terms of', ({ key, terms = [] }) => termTable(terms, (id) => ids(key, id)))),
      ...evidenceBlocks(answer),
    ],
  };
}
