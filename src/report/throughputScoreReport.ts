import type { SkippedRow } from '../accuracy/throughput/throughputRow.ts';
import type { ThroughputScore, WorstSpeed } from '../accuracy/throughput/throughputScore.ts';
import { formatCount } from '../units/tokens.ts';
import { grouped } from './group.ts';
import { listBlock, type Report, tableBlock } from './report.ts';
import { asSentence } from './sections.ts';
import { brief } from './speedTables.ts';
import type { Table } from './table.ts';
import { situationInWords, throughputScoreTable } from './throughputScoreTable.ts';

/** Reasons that are told; the rarest of more are counted together. */
const MOST_REASONS = 20;

function worstTable(worst: readonly WorstSpeed[]): Table {
  return {
    columns: [
      { title: 'row', whole: true },
      { title: 'situation' },
      { title: 'kplan', unit: 'ms', align: 'right', format: brief },
      { title: 'measured', unit: 'ms', align: 'right', format: brief },
      { title: 'error', unit: '%', align: 'right', format: (value) => value.toFixed(0) },
    ],
    rows: worst.map(({ id, situation, predictedTpotMs, measuredTpotMs, errorPct }) => ({
      cells: [id, situationInWords(situation), predictedTpotMs, measuredTpotMs, errorPct],
    })),
  };
}

/** A reason without the line and the value that it stands at, so that rows with the same trouble are told together. */
function kindOf({ reason }: SkippedRow): string {
  return reason.replace(/^(\w+) .*:\d+:(\w+): /, '$1 $2: ').replace(/ \(got .*?\)(?=;|$)/, '');
}

/** Rows that are not scored by their reason, most frequent first, each with a line to look at. */
function skippedTexts(skipped: readonly SkippedRow[]): string[] {
  const kinds = [...grouped(skipped, kindOf)].sort(([, a], [, b]) => b.length - a.length);
  const told = kinds.slice(0, MOST_REASONS).map(([kind, rows]) => {
    const line = rows[0]?.line ?? 0;
    return asSentence(`${rows.length === 1 ? `line ${line}` : `${formatCount(rows.length)} rows, such as line ${line}`}: ${kind}`);
  });
  const rest = kinds.slice(MOST_REASONS).reduce((total, [, rows]) => total + rows.length, 0);
  return rest === 0 ? told : [...told, `${formatCount(rest)} rows for ${kinds.length - MOST_REASONS} rarer reasons; --json has every row.`];
}

/**
 * The score of a file of throughput measurements arranged for reading: errors by situation, the worst rows, and what was left out by
 * reason.
 *
 * @param score what `scoreThroughput` returned
 */
export function throughputScoreReport(score: ThroughputScore): Report {
  const { rows, scoredRows, configurations, skipped, seen } = score;
  const hidden = seen ? 'Nothing was hidden from the predictions' : 'What is predicted was hidden from the prediction';
  return {
    schema: score.schema,
    blocks: [
      { kind: 'answer', text: score.answer },
      {
        kind: 'text',
        text: `${formatCount(scoredRows)} of ${formatCount(rows)} rows are scored, in ${formatCount(configurations)} configurations; ${formatCount(skipped.length)} are not. ${hidden}.`,
      },
      ...tableBlock(`Predicted over measured, ${score.file}`, throughputScoreTable(score)),
      ...tableBlock('The worst rows by TPOT', worstTable(score.worst)),
      ...listBlock('Not scored', skippedTexts(skipped)),
    ],
  };
}
