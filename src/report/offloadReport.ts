import type { OffloadAnswer, OffloadResult } from '../plan/offload/offloadAnswer.ts';
import { hostInWords } from '../plan/offload/offloadWords.ts';
import { remedyOptions } from './fitTable.ts';
import { grouped } from './group.ts';
import { offloadTable } from './offloadTable.ts';
import { listBlock, type Report, tableBlock } from './report.ts';
import { asSentence, evidenceBlocks, questionBlock } from './sections.ts';
import { termTable } from './termTable.ts';

export interface OffloadReportOptions {
  /** Lists the terms of every result, under their own ids. */
  readonly terms?: boolean;
}

function works({ verdict }: OffloadResult): boolean {
  return verdict === 'fits' || verdict === 'marginal';
}

function remedyText({ format, gpuName, remedy }: OffloadResult): string[] {
  return remedy === null
    ? []
    : [asSentence(`${format}${gpuName === null ? '' : ` on ${gpuName}`}: ${remedy.message} (${remedyOptions(remedy)})`)];
}

function launchText({ format, gpuName, launchOptions }: OffloadResult): string {
  return `${format}${gpuName === null ? '' : ` on ${gpuName}`}: ${launchOptions.join(' ')}`;
}

/**
 * The answer of `offload` arranged for reading: the verdict in words, a table for each host, what would help, the engine's options,
 * and the evidence.
 *
 * @param answer what `offload` returned
 * @see renderText, renderMarkdown
 */
export function offloadReport(answer: OffloadAnswer, { terms = false }: OffloadReportOptions = {}): Report {
  const { results } = answer;
  const byHost = [...grouped(results, ({ gpu, gpus }) => `${gpu}/${gpus}`).values()];
  const speeds = [...new Set(results.map(({ speed }) => speed.message))];
  return {
    schema: answer.schema,
    blocks: [
      { kind: 'answer', text: answer.answer },
      questionBlock(answer),
      ...byHost.flatMap((rows) => (rows[0] ? tableBlock(`On ${hostInWords(rows[0])}`, offloadTable(rows)) : [])),
      ...listBlock('What would help', results.flatMap(remedyText)),
      ...listBlock('Options of the engine for this placement', results.filter(works).map(launchText)),
      ...listBlock('Speed', speeds.map(asSentence)),
      ...(terms
        ? results.flatMap((result) =>
            tableBlock(
              `Terms of ${result.key}`,
              termTable(result.terms ?? [], (id) => id),
            ),
          )
        : []),
      ...evidenceBlocks(answer),
    ],
  };
}
