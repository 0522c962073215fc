import type { HybridAnswer } from '../plan/hybrid/hybridAnswer.ts';
import { demandTable, floorsTable, hybridTable, pairName } from './hybridTables.ts';
import { instanceCostTable } from './moneyTables.ts';
import { type Block, listBlock, type Report, tableBlock } from './report.ts';
import { asSentence, evidenceBlocks, questionBlock } from './sections.ts';
import { turnTexts } from './sensitivityTables.ts';

/**
 * The answer of `hybrid` arranged for reading: each fleet against each tariff, then the floors of the cheapest pair and what one replica
 * more or fewer costs.
 *
 * @param answer what `hybrid` returned
 * @see renderText, renderMarkdown
 */
export function hybridReport(answer: HybridAnswer): Report {
  const [best] = answer.pairs;
  const name = best ? pairName(answer, best).join(', rest from ') : '';
  const ofBest: Block[] = best ? tableBlock(`Floors of ${name}`, floorsTable(best)) : [];
  return {
    schema: answer.schema,
    blocks: [
      { kind: 'answer', text: answer.answer },
      questionBlock(answer),
      ...tableBlock('Floor and overflow', hybridTable(answer)),
      ...answer.turns.flatMap((turns) => {
        const pair = answer.pairs.find(({ offer, tariff }) => offer === turns.offer && tariff === turns.tariff);
        const [fleet, tariff] = pairName(answer, turns);
        const cheaper = pair?.code === 'api' ? 'a floor' : 'the API alone';
        return listBlock(`What would turn it, ${fleet} and ${tariff}`, turnTexts(turns.rows, cheaper));
      }),
      ...ofBest,
      ...tableBlock('Demand', demandTable(answer)),
      ...tableBlock('What one instance costs a month', instanceCostTable(answer.fleets)),
      ...listBlock(
        'Not planned',
        answer.refusals.map(({ gpu, message }) => asSentence(`${gpu}: ${message}`)),
      ),
      ...evidenceBlocks(answer),
    ],
  };
}
