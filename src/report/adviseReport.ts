import type { AdviseAnswer, AdvisedWay } from '../plan/advise/adviseAnswer.ts';
import { assumptionText } from '../plan/outlook/assumptionText.ts';
import { formatUsd } from '../units/money.ts';
import { fleetLineName, tariffName } from './breakEvenTables.ts';
import { formatShare } from './format.ts';
import { type Block, listBlock, type Report, tableBlock } from './report.ts';
import { asSentence, evidenceBlocks, questionBlock } from './sections.ts';
import { bandedColumn, rightColumn, type Table } from './table.ts';

const WAYS = { host: 'host', api: 'buy', both: 'both' } as const;

const PARTS = {
  sureness: 'How sure, and what turns it',
  both: 'Floor and overflow',
  replicas: 'Replicas for a service level',
  cost: 'What each way costs',
} as const;

function namesOf({ fleets, tariffs, query }: AdviseAnswer, way: AdvisedWay): string {
  const fleet = fleets.find(({ id }) => id === way.offer);
  const line = tariffs.find(({ id }) => id === way.tariff);
  return [...(fleet ? [fleetLineName(fleet)] : []), ...(line ? [tariffName(line, query['model'])] : [])].join(', rest from ');
}

/** Every way to serve the volume, cheapest first. */
function wayTable(answer: AdviseAnswer): Table {
  const budget = answer.budgetUsdPerMonth;
  return {
    columns: [
      { title: 'way' },
      { title: 'with' },
      rightColumn('cost', 'USD/month', formatUsd),
      rightColumn('replicas'),
      rightColumn('instances'),
      rightColumn('served', 'by own', formatShare),
      ...(budget === null ? [] : [rightColumn(`within ${formatUsd(budget)}`, 'likely', formatShare)]),
    ],
    rows: answer.ways.map((way) => ({
      cells: [
        WAYS[way.way],
        namesOf(answer, way),
        way.usdPerMonth,
        way.replicas,
        way.instances,
        way.ownShare,
        ...(budget === null ? [] : [way.inBudget]),
      ],
    })),
  };
}

/** All ways with unrounded numbers under the names of the JSON, for CSV. */
export function adviseRawTable({ ways }: AdviseAnswer): Table {
  return {
    columns: [
      ...['way', 'offer', 'tariff'].map((title) => ({ title })),
      bandedColumn('usdPerMonth'),
      ...['replicas', 'instances', 'ownShare', 'inBudget'].map((title) => ({ title })),
    ],
    rows: ways.map((way) => ({
      cells: [way.way, way.offer, way.tariff, way.usdPerMonth, way.replicas, way.instances, way.ownShare, way.inBudget],
    })),
  };
}

function turnBlock({ turns, choice }: AdviseAnswer): Block[] {
  const cheaper = choice === 'api' ? 'hosting' : 'the API';
  return listBlock(
    'What would turn it',
    turns.map(({ label, unit, now, flipsAt }) => {
      const at = flipsAt ?? 0;
      return `${label} ${at > now ? 'above' : 'below'} ${assumptionText(at, unit)} makes ${cheaper} cheaper (now ${assumptionText(now, unit)}).`;
    }),
  );
}

/**
 * The answer of `advise` arranged for reading: the sentence, every way, what would turn it, and the commands behind it.
 *
 * @param answer what `advise` returned
 * @see renderText, renderMarkdown
 */
export function adviseReport(answer: AdviseAnswer): Report {
  return {
    schema: answer.schema,
    blocks: [
      { kind: 'answer', text: answer.answer },
      questionBlock(answer),
      ...tableBlock('Ways', wayTable(answer)),
      ...(answer.changed ? listBlock('Changed, because it helps hosting', [asSentence(answer.changed.message)]) : []),
      ...turnBlock(answer),
      ...listBlock(
        'Behind it',
        answer.commands.map(({ part, command }) => `${PARTS[part]}: ${command}`),
      ),
      ...evidenceBlocks(answer),
    ],
  };
}
