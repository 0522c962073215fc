import type { RankedReplica, SpeedRanking } from '../plan/speed/speedAnswer.ts';
import { grouped } from './group.ts';
import { type Block, listBlock, type Report, tableBlock } from './report.ts';
import { runsInWords } from './runs.ts';
import { asSentence, evidenceBlocks, questionBlock } from './sections.ts';
import { speedRankTable } from './speedRankTable.ts';
import { brief } from './speedTables.ts';
import { methodInWords } from './speedWords.ts';

/** Ranks that are shown. */
const MOST_RANKS = 20;

/** Each way in which speeds are known, once, with the ranks that it speaks of. */
function methodTexts(ranked: readonly RankedReplica[]): string[] {
  const numbered = ranked.map(({ point }, index) => ({ rank: index + 1, method: methodInWords(point) }));
  return [...new Set(numbered.map(({ method }) => method))].map((method) => {
    const ranks = runsInWords(
      numbered,
      (one) => one.method === method,
      ({ rank }) => String(rank),
    );
    return asSentence(`Rank ${ranks}: ${method}`);
  });
}

/** GPU types that nothing can be said of, each reason once. */
function refusalTexts({ refusals }: SpeedRanking): string[] {
  return [...grouped(refusals, ({ message }) => message)].map(([message, group]) =>
    asSentence(`${[...new Set(group.map(({ gpuName }) => gpuName))].join(', ')}: ${message}`),
  );
}

function restBlock({ ranked }: SpeedRanking): Block[] {
  const rest = ranked.length - MOST_RANKS;
  return rest <= 0 ? [] : [{ kind: 'text', text: `Only the best ${MOST_RANKS} are shown; --json and --csv have ${rest} more.` }];
}

/**
 * The answer of `speed --rank` arranged for reading: the sentence, the best replicas in a table, how the numbers are known, what nothing
 * can be said of, and the evidence.
 *
 * @param ranking what `rankSpeed` returned
 * @see renderText, renderMarkdown
 */
export function speedRankReport(ranking: SpeedRanking): Report {
  const { maxTpotMs } = ranking;
  const shown = ranking.ranked.slice(0, MOST_RANKS);
  const within = maxTpotMs === null ? '' : ` within ${brief(maxTpotMs)} ms per token`;
  return {
    schema: ranking.schema,
    blocks: [
      { kind: 'answer', text: ranking.answer },
      questionBlock(ranking),
      ...tableBlock(`Cheapest output${within} first; without an offer by output per GPU`, speedRankTable(shown)),
      ...restBlock(ranking),
      ...listBlock('How it is known', methodTexts(shown)),
      ...listBlock('Nothing can be said of', refusalTexts(ranking)),
      ...evidenceBlocks(ranking),
    ],
  };
}
