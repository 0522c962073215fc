import type { AdviseAnswer, AdvisedWay } from '../plan/advise/adviseAnswer.ts';
import { formatUsd } from '../units/money.ts';
import { fleetLineName, tariffName } from './breakEvenTables.ts';
import { formatShare } from './format.ts';
import { listBlock, type Report, tableBlock } from './report.ts';
import { asSentence, evidenceBlocks, questionBlock } from './sections.ts';
import { turnTexts } from './sensitivityTables.ts';
import { bandedColumn, rightColumn, type Table } from './table.ts';

const WAYS = { host: 'host', api: 'buy', both: 'both' } as const;

const PARTS = {
  both: 'Floor and overflow, how sure, and what turns it',
  volumes: 'From which volume hosting pays, the load spread evenly',
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
      ...listBlock('What would turn it', turnTexts(answer.turns, answer.choice === 'api' ? 'hosting some of it' : 'the API')),
      ...listBlock(
        'Behind it',
        answer.commands.map(({ part, command }) => `${PARTS[part]}: ${command}`),
      ),
      ...evidenceBlocks(answer),
    ],
  };
}
