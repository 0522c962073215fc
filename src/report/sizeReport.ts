import { counted } from '../plan/hosting/hostingWords.ts';
import type { SizeAnswer } from '../plan/size/sizeAnswer.ts';
import { fleetLineName } from './breakEvenTables.ts';
import { instanceCostTable } from './moneyTables.ts';
import { type Block, listBlock, type Report, tableBlock } from './report.ts';
import { asSentence, evidenceBlocks, questionBlock } from './sections.ts';
import {
  bridgeTable,
  fleetRowsTable,
  fleetSizeTable,
  lawsTable,
  methodsTable,
  percentileTable,
  pointsTable,
  whatIfTable,
} from './sizeTables.ts';

/**
 * The answer of `size` arranged for reading: the fleets, then of the cheapest one what binds, what failing and renewing add, and what one
 * replica serves.
 *
 * @param answer what `size` returned
 * @see renderText, renderMarkdown
 */
export function sizeReport(answer: SizeAnswer): Report {
  const [best] = answer.fleets;
  const name = best ? fleetLineName(best.fleet) : '';
  const count = counted(best?.replicas.value ?? 0, 'replica');
  const ofBest: Block[] = best
    ? [
        ...tableBlock(`What it takes, ${name}`, fleetRowsTable(best)),
        ...tableBlock(`What each law takes, ${name}`, lawsTable(best)),
        ...tableBlock(`Waits with ${count}, ${name}`, percentileTable(best)),
        ...tableBlock(`Means by each method with ${count}, ${name}`, methodsTable(best)),
        ...tableBlock(`While something happens, ${name}`, whatIfTable(answer)),
        ...tableBlock(`Waits over load with ${count}, ${name}`, pointsTable(answer.loadCurve)),
        ...tableBlock(`A day with ${count}, ${name}`, pointsTable(answer.day)),
        ...tableBlock(`From users to replicas, ${name}`, bridgeTable(answer, best)),
      ]
    : [];
  return {
    schema: answer.schema,
    blocks: [
      { kind: 'answer', text: answer.answer },
      questionBlock(answer),
      ...tableBlock('Fleets', fleetSizeTable(answer)),
      ...ofBest,
      ...tableBlock('What one instance costs a month', instanceCostTable(answer.fleets.map(({ fleet }) => fleet))),
      ...listBlock(
        'Not sized',
        answer.refusals.map(({ gpu, message }) => asSentence(`${gpu}: ${message}`)),
      ),
      ...evidenceBlocks(answer),
    ],
  };
}
