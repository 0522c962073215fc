import type { SpeedAnswer, SpeedReplica } from '../plan/speed/speedAnswer.ts';
import { formatCount } from '../units/tokens.ts';
import { formatBand } from './format.ts';
import { type Block, listBlock, type Report, tableBlock } from './report.ts';
import { runsInWords } from './runs.ts';
import { asSentence, evidenceBlocks, questionBlock } from './sections.ts';
import { brief, chosenPoints, replicaName, speedTable } from './speedTables.ts';
import { askedTpotMs, limitInWords, methodInWords, tpotInWords } from './speedWords.ts';

/** Replicas that are told in full. */
const MOST_REPLICAS = 4;

/** Where the growth of output ends, and up to where the asked time per token is kept. */
function turningText(replica: SpeedReplica, maxTpotMs: number | null): string {
  const { knee, kvTokens, points } = replica;
  const kneeText =
    knee === null
      ? 'Output keeps growing with concurrency up to the limit'
      : `The knee is at ${formatCount(knee)} in flight: beyond it output grows by less than half as fast as concurrency`;
  const queued = points.some((point) => point.queued) ? '; beyond that requests are queued' : '';
  const holds = `the KV cache holds ${formatBand(kvTokens, brief)} tokens`;
  const tpot = maxTpotMs === null ? '' : ` ${tpotInWords(replica, maxTpotMs)}`;
  return `${kneeText}. ${asSentence(`${limitInWords(replica)}${queued}; ${holds}`)}${tpot}`;
}

/** Each way in which speeds of a replica are known, once, with the concurrencies that it speaks of. */
function methodTexts(replica: SpeedReplica, named: boolean): string[] {
  const points = chosenPoints(replica);
  const name = named ? `${replicaName(replica)}, ` : '';
  return [...new Set(points.map(methodInWords))].map((method) => {
    const where = runsInWords(
      points,
      (point) => methodInWords(point) === method,
      ({ concurrency }) => formatCount(concurrency),
    );
    return asSentence(`${name}${where} in flight: ${method}`);
  });
}

function restBlock(rest: readonly SpeedReplica[]): Block[] {
  return rest.length === 0
    ? []
    : [{ kind: 'text', text: `Not shown: ${rest.map(replicaName).join('; ')}; --json and --csv have all replicas.` }];
}

/**
 * The answer of `speed` arranged for reading: the sentence, each replica over concurrency with its knee and its limit, how the numbers
 * are known, what nothing can be said of, and the evidence. Of many replicas the first few are told in full.
 *
 * @param answer what `speed` returned
 * @see renderText, renderMarkdown
 */
export function speedReport(answer: SpeedAnswer): Report {
  const { replicas, refusals } = answer;
  const shown = replicas.slice(0, MOST_REPLICAS);
  return {
    schema: answer.schema,
    blocks: [
      { kind: 'answer', text: answer.answer },
      questionBlock(answer),
      ...shown.flatMap((replica): Block[] => [
        ...tableBlock(
          `${replicaName(replica)}, ${replica.engine} ${replica.engineVersion}, ${replica.format}: bands hold 80 % of cases`,
          speedTable(replica),
        ),
        { kind: 'text', text: turningText(replica, askedTpotMs(answer)) },
      ]),
      ...restBlock(replicas.slice(MOST_REPLICAS)),
      ...listBlock(
        'How it is known',
        shown.flatMap((replica) => methodTexts(replica, shown.length > 1)),
      ),
      ...listBlock(
        'Nothing can be said of',
        refusals.map(({ gpuName, message }) => asSentence(`${gpuName}: ${message}`)),
      ),
      ...evidenceBlocks(answer),
    ],
  };
}
