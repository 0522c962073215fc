import type { CostAnswer, CostRow } from '../plan/cost/costAnswer.ts';
import { fleetLineName } from './breakEvenTables.ts';
import { billTable, costTable, everywhere, isPlain, monthTable, unitPriceTable } from './costTables.ts';
import { instanceCostTable } from './moneyTables.ts';
import { type Block, listBlock, type Report, tableBlock } from './report.ts';
import { asSentence, evidenceBlocks, questionBlock } from './sections.ts';
import { termTable } from './termTable.ts';

export interface CostReportOptions {
  /** Gives the id under which `kplan explain` finds a term; with it, the terms are listed. */
  readonly ids?: (termId: string) => string;
  /** Whether every tariff is told; else routers and other tiers are left out. */
  readonly all?: boolean;
}

function restBlock(rows: readonly CostRow[], shown: readonly CostRow[]): Block[] {
  const rest = rows.length - shown.length;
  if (rest === 0) return [];
  const text = `Vendors and hosts in the standard tier; ${rest} more prices, of routers, of tiers such as batch, flex and fast and of other models, with --all, --json or --csv.`;
  return [{ kind: 'text', text }];
}

function remedyTexts({ remedies, fleets }: CostAnswer): string[] {
  const nameOf = new Map(fleets.map((fleet) => [fleet.id, fleetLineName(fleet)]));
  return remedies.map(({ row, message }) => asSentence(`${nameOf.get(row) ?? row}: ${message}`));
}

/**
 * The answer of `cost` arranged for reading: who costs what, what a token costs there, each bill to the cent, and the evidence.
 *
 * @param answer what `cost` returned
 * @see renderText, renderMarkdown
 */
export function costReport(answer: CostAnswer, { ids, all = false }: CostReportOptions = {}): Report {
  const { rows } = answer;
  const shown = all ? rows : rows.filter((row) => isPlain(row, answer.query['model']));
  const used = new Set(shown.flatMap(({ constraints }) => constraints));
  return {
    schema: answer.schema,
    blocks: [
      { kind: 'answer', text: answer.answer },
      questionBlock(answer),
      ...tableBlock('The month', monthTable(answer)),
      ...tableBlock('What it costs', costTable(answer, shown)),
      ...restBlock(rows, shown),
      ...listBlock('What would help', remedyTexts(answer)),
      ...listBlock(
        'Beside money',
        answer.constraints
          .filter(({ id }) => used.has(id))
          .map(({ id, label, text }) => asSentence(`${label}${everywhere(rows).has(id) ? ', everywhere' : ''}: ${text}`)),
      ),
      ...tableBlock('What a token costs', unitPriceTable(answer, shown)),
      ...tableBlock(
        'Bills of the month, APIs',
        billTable(
          answer,
          shown.filter(({ kind }) => kind !== 'own'),
        ),
      ),
      ...tableBlock(
        'Bills of the month, own GPUs',
        billTable(
          answer,
          shown.filter(({ kind }) => kind === 'own'),
        ),
      ),
      ...tableBlock('What one instance costs a month', instanceCostTable(answer.fleets)),
      ...listBlock(
        'Not priced',
        answer.refusals.map(({ gpu, message }) => asSentence(`${gpu}: ${message}`)),
      ),
      ...(ids === undefined ? [] : tableBlock('Terms', termTable(answer.terms, ids))),
      ...evidenceBlocks(answer),
    ],
  };
}
