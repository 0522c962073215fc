import type { Reconciliation } from '../accuracy/reconcile/reconciliation.ts';
import { reconcileTable } from './reconcileTable.ts';
import { type Block, listBlock, type Report, tableBlock } from './report.ts';
import { asSentence } from './sections.ts';

function logText({ log, recognised }: Reconciliation): string {
  const { name, engine, version, model } = log;
  const said = [`${engine}${version === null ? '' : ` ${version}`}`, ...(model === null ? [] : [model])].join(', ');
  return asSentence([`${name}: ${said}`, ...recognised].join('; '));
}

function remarks({ log, assumed }: Reconciliation): string[] {
  return [
    ...assumed.map(asSentence),
    ...(log.starts > 1 ? [`The log holds ${log.starts} starts; what is said here is the last one.`] : []),
    ...(log.cutLines > 0 ? [`${log.cutLines} lines are longer than 65,536 characters and were read up to there.`] : []),
  ];
}

/** Prediction against log arranged for reading: the figures, the verdict, and every line that could not be read. */
export function reconcileReport(reconciliation: Reconciliation): Report {
  const { answer, verdict, unread } = reconciliation;
  const place = verdict.line === null ? '' : ` (line ${verdict.line})`;
  const blocks: readonly Block[] = [
    { kind: 'answer', text: answer },
    { kind: 'text', text: logText(reconciliation) },
    ...listBlock('Taken for given', remarks(reconciliation)),
    ...tableBlock('kplan less log, line by line', reconcileTable(reconciliation)),
    { kind: 'text', text: `Verdict: ${asSentence(`${verdict.explanation}${place}`)}` },
    ...listBlock(
      'Lines that look like memory and were not read',
      unread.map(({ line, text, times }) => `${line}${times > 1 ? ` and ${times - 1} like it` : ''}: ${text}`),
    ),
  ];
  return { schema: reconciliation.schema, blocks };
}
