import type { MemoryScore, WorstRow } from '../accuracy/score/memoryScore.ts';
import { type Block, listBlock, type Report, tableBlock } from './report.ts';
import { scoreTable } from './scoreTable.ts';
import type { Row, Table } from './table.ts';

function worstRow({ id, predictedKvGiB, loggedKvGiB, errorGiB, errorPctOfGpu, explanation }: WorstRow): Row {
  return { cells: [id, predictedKvGiB, loggedKvGiB, errorGiB, errorPctOfGpu], note: explanation };
}

function worstTable(worst: readonly WorstRow[]): Table {
  const two = (value: number) => value.toFixed(2);
  return {
    columns: [
      { title: 'row', whole: true },
      { title: 'kplan', unit: 'GiB', align: 'right', format: two },
      { title: 'log', unit: 'GiB', align: 'right', format: two },
      { title: 'error', unit: 'GiB', align: 'right', format: two },
      { title: 'error', unit: '% of GPU', align: 'right', format: two },
    ],
    rows: worst.map(worstRow),
  };
}

function verdictText({ verdicts }: MemoryScore): string {
  const { n, right, marginal, wrong, exceptions } = verdicts;
  return `Verdicts on ${n} rows: ${right} right, ${marginal} marginal, ${wrong} wrong, ${exceptions.length} failures outside the static budget.`;
}

function tokenText({ metrics }: MemoryScore): string {
  const { checked, outsideTolerance } = metrics.kvTokensGivenGiB;
  const all = `Tokens from printed GiB: ${checked - outsideTolerance.length} of ${checked} rows that can be checked agree within rounding`;
  return outsideTolerance.length === 0 ? `${all}.` : `${all}; not ${outsideTolerance.join(', ')}.`;
}

/** The score of a file arranged for reading: metrics, verdicts, the worst rows explained, and every row left out with its reason. */
export function scoreReport(score: MemoryScore): Report {
  const { verdicts, skipped, partly, apart } = score;
  const told = (rows: readonly { id: string; why: string }[]) => rows.map(({ id, why }) => `${id}: ${why}`);
  const reasons = (rows: readonly { id: string; reason: string }[]) => rows.map(({ id, reason }) => `${id}: ${reason}`);
  const blocks: readonly Block[] = [
    { kind: 'answer', text: score.answer },
    { kind: 'table', title: `Predicted less logged, ${score.file}`, table: scoreTable(score) },
    { kind: 'text', text: `${tokenText(score)} ${verdictText(score)}` },
    ...listBlock('Wrong verdicts', told(verdicts.wrongRows)),
    ...listBlock('Marginal verdicts', told(verdicts.marginalRows)),
    ...listBlock('Failures outside the static budget', told(verdicts.exceptions)),
    ...tableBlock('The worst rows', worstTable(score.worst)),
    ...listBlock('Reported apart', reasons(apart)),
    ...listBlock('Not scored', reasons(skipped)),
    ...listBlock('Scored in part', reasons(partly)),
  ];
  return { schema: score.schema, blocks };
}
