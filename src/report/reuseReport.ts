import type { ReuseAnswer } from '../plan/reuse/reuseAnswer.ts';
import { formatPrice } from '../units/money.ts';
import { formatTokens } from '../units/tokens.ts';
import { fleetLineName, tariffName } from './breakEvenTables.ts';
import { type Block, listBlock, type Report, tableBlock } from './report.ts';
import { curveTable, roomTable, waysTable } from './reuseTables.ts';
import { asSentence, evidenceBlocks, questionBlock } from './sections.ts';

/** For which volume and at which price the worth of what is found is counted. */
function worthBlock({ month, tariff, query }: ReuseAnswer): Block[] {
  if (!month) return [];
  const volume = month.asked ? 'the asked volume' : 'what the first fleet carries when full';
  const tokens = `Worth of what is found: ${formatTokens(month.inputTokens)} input tokens a month, ${volume}`;
  const price = tariff
    ? `at ${formatPrice(tariff.inputUsdPerMtok)} for input less ${formatPrice(tariff.cacheReadUsdPerMtok)} for cache reads per million tokens, ${tariffName(tariff, query['model'])}`
    : 'of which no API price is known';
  return [{ kind: 'text', text: asSentence(`${tokens}, ${price}`) }];
}

/** Fleets that are told in full. */
const MOST_FLEETS = 4;

function restBlock(rest: ReuseAnswer['fleets']): Block[] {
  if (rest.length === 0) return [];
  return [{ kind: 'text', text: `Not shown: ${rest.map(fleetLineName).join('; ')}; --json and --csv have all fleets.` }];
}

/**
 * The answer of `reuse` arranged for reading: each way to hold the KV cache and what it is worth, the same replica with less and more room,
 * the curve behind it, and the evidence. Of many fleets the cheapest are told in full.
 *
 * @param answer what `reuse` returned
 * @see renderText, renderMarkdown
 */
export function reuseReport(answer: ReuseAnswer): Report {
  const { refusals } = answer;
  const fleets = answer.fleets.slice(0, MOST_FLEETS);
  return {
    schema: answer.schema,
    blocks: [
      { kind: 'answer', text: answer.answer },
      questionBlock(answer),
      ...fleets.flatMap((fleet) => tableBlock(`Ways to hold the KV cache of ${fleetLineName(fleet)}`, waysTable(answer, fleet.id))),
      ...fleets.flatMap((fleet) =>
        tableBlock(`${fleetLineName(fleet)} with less or more room, all else as it is`, roomTable(answer, fleet.id)),
      ),
      ...restBlock(answer.fleets.slice(MOST_FLEETS)),
      ...worthBlock(answer),
      ...tableBlock(`What a KV cache finds of ${answer.workload}`, curveTable(answer)),
      ...listBlock(
        'Not planned',
        refusals.map(({ gpu, message }) => asSentence(`${gpu}: ${message}`)),
      ),
      ...evidenceBlocks(answer),
    ],
  };
}
