import { layoutName } from '../layout/layout.ts';
import type { FitAnswer, FitResult } from '../plan/fitAnswer.ts';
import { contextTable, fitTable, fleetName, remedyOptions } from './fitTable.ts';
import { codeInWords } from './format.ts';
import { grouped } from './group.ts';
import { type Block, listBlock, type Report, tableBlock } from './report.ts';
import { evidenceBlocks, questionBlock } from './sections.ts';
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

/** Rows of one fleet size that are shown without `all`: where few GPU types are asked, and where many are. */
const FEW = { gpus: 3, working: 4, refused: 2 } as const;
const MANY = { working: 1, refused: 1 } as const;

function works({ verdict }: FitResult): boolean {
  return verdict === 'fits' || verdict === 'marginal';
}

/** The rows worth a first look: of each fleet size the best few that work and, where none does, the first refusals. */
function chosen(
  fleet: readonly FitResult[],
  { working: best, refused }: { readonly working: number; readonly refused: number },
): FitResult[] {
  const working = fleet.filter(works);
  if (working.length > 0) return working.slice(0, best);
  const near = fleet.filter(({ verdict }) => verdict === 'does-not-fit');
  return (near.length > 0 ? near : fleet).slice(0, refused);
}

function restInWords(fleet: readonly FitResult[], shown: readonly FitResult[]): string[] {
  const rest = fleet.filter((result) => !shown.includes(result));
  const [first] = rest;
  if (first === undefined) return [];
  const counts = [...grouped(rest, ({ verdict }) => verdict)].map(([verdict, { length }]) => `${codeInWords(verdict)}: ${length}`);
  return [`${fleetName(first)}, ${counts.join(', ')}`];
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

/**
 * The answer of `fit` arranged for reading: the verdict in words, the layouts, what would help, and the evidence.
 *
 * @param answer what `fit` returned
 * @param options how much to show
 * @see renderText, renderMarkdown
 */
export function fitReport(answer: FitAnswer, { all = false, rules = false, ids }: FitReportOptions = {}): Report {
  const fleets = [
    ...grouped(answer.results, ({ gpu, gpus, engine, engineVersion }) => `${gpu} ${gpus} ${engine} ${engineVersion}`).values(),
  ];
  const limits = new Set(answer.results.map(({ gpu }) => gpu)).size > FEW.gpus ? MANY : FEW;
  const shown = all ? [...answer.results] : fleets.flatMap((fleet) => chosen(fleet, limits));
  const hidden = fleets.flatMap((fleet) => restInWords(fleet, shown));
  const rowBlocks = (title: string, table: (result: FitResult) => Table): Block[] =>
    shown.flatMap((result) => tableBlock(`${title} ${rowTitle(result)}`, table(result)));
  return {
    schema: answer.schema,
    blocks: [
      { kind: 'answer', text: answer.answer },
      questionBlock(answer),
      ...(answer.contextMap === undefined ? [] : tableBlock('Sequences by context and KV cache dtype', contextTable(answer.contextMap))),
      ...[...grouped(shown, ({ gpuName }) => gpuName)].flatMap(([gpuName, results]) =>
        tableBlock(`Layouts on ${gpuName}, memory per GPU`, fitTable(results)),
      ),
      ...listBlock('Not shown (--all shows every layout)', hidden),
      ...listBlock('What would help', remedyTexts(shown)),
      ...listBlock('Notes', [...new Set(shown.flatMap(({ notes }) => notes))]),
      ...(rules ? rowBlocks('Rules tried on', ledger) : []),
      ...(ids === undefined ? [] : rowBlocks('Terms of', ({ key, terms = [] }) => termTable(terms, (id) => ids(key, id)))),
      ...evidenceBlocks(answer),
    ],
  };
}
