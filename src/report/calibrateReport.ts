import type { Agreement } from '../calibration/metrics/agreement.ts';
import type { CalibrateAnswer } from '../calibration/run/answer.ts';
import { counted } from '../plan/hosting/hostingWords.ts';
import { formatPrice } from '../units/money.ts';
import { formatTokens } from '../units/tokens.ts';
import { calibrationBlocks } from './calibrationReport.ts';
import { formatNumber, formatShare } from './format.ts';
import { listBlock, type Report, tableBlock } from './report.ts';
import { asSentence } from './sections.ts';
import { rightColumn, type Table } from './table.ts';

/** A calibration with where its files went. */
export interface CalibrateFiles {
  readonly calibration: string;
  readonly records: string;
}

function agreementTable({ server }: CalibrateAnswer): Table {
  const figure = (what: Agreement['what'], value: number) =>
    what === 'reuse' ? formatShare(value) : formatNumber(Number(value.toPrecision(4)));
  const between = (what: Agreement['what'], low: number, high: number) =>
    low === high ? figure(what, low) : `${figure(what, low)} to ${figure(what, high)}`;
  return {
    columns: [{ title: 'what' }, rightColumn('client'), rightColumn('server'), { title: 'agree' }],
    rows: server.map(({ what, client, clientUpTo, server: { low, high }, agrees }) => ({
      cells: [what, between(what, client, clientUpTo), between(what, low, high), agrees ? 'yes' : 'no'],
    })),
  };
}

function billTable({ billed }: CalibrateAnswer): Table {
  return {
    columns: [
      { title: 'shape' },
      rightColumn('requests'),
      rightColumn('input', 'tokens', formatTokens),
      rightColumn('of it found', undefined, formatShare),
      rightColumn('sent before', undefined, formatShare),
      rightColumn('output', 'tokens', formatTokens),
      rightColumn('by the tariff', 'USD/request', formatPrice),
    ],
    rows: billed.map(({ shape, requests, inputTokens, cachedShare, sentBefore, outputTokens, usdPerRequest }) => ({
      cells: [shape, requests, inputTokens, cachedShare, sentBefore, outputTokens, usdPerRequest],
    })),
  };
}

function billTexts({ bill, spentUsd }: CalibrateAnswer): string[] {
  if (bill === null) return spentUsd === null ? [] : [`Spent by the tariff: ${formatPrice(spentUsd)}.`];
  const { chargedUsd, tariffUsd } = bill;
  const apart = tariffUsd === 0 ? '' : ` (${formatShare(chargedUsd / tariffUsd)} of it)`;
  return [
    `The balance of the account fell by ${formatPrice(chargedUsd)}; the tariff says ${formatPrice(tariffUsd)}${apart}. Whatever else the account was used for meanwhile is in it.`,
  ];
}

function limitTexts({ limits: { stated, refused } }: CalibrateAnswer): string[] {
  const texts = stated.map(
    ({ what, limit, remaining }) =>
      `Its headers allow ${formatNumber(limit)} ${what}${remaining === null ? '' : `; ${formatNumber(remaining)} were left at the least`}.`,
  );
  if (refused === null) return texts;
  const { inFlight, requests, tokens } = refused;
  return [
    ...texts,
    `The first request was refused for its rate with ${inFlight} in flight, after ${counted(requests, 'request')} and ${formatTokens(tokens)} tokens in the minute before.`,
  ];
}

function factTexts({ endpoint, servedModel, facts }: CalibrateAnswer): string[] {
  const known = (text: string, value: unknown) => (value === null ? [] : [`${text} ${value}`]);
  return [
    `${servedModel} at ${endpoint}`,
    ...known('Server', facts.server),
    ...known('Version', facts.engineVersion),
    ...known('Sequences at once', facts.maxSequences),
  ].map(asSentence);
}

/**
 * The answer of `calibrate` arranged for reading: what the endpoint is, what was measured, what kplan says of it, and what was spent.
 *
 * @param answer what a run found
 * @param files where its calibration and its records stand
 * @see renderText, renderMarkdown
 */
export function calibrateReport(answer: CalibrateAnswer, files: CalibrateFiles): Report {
  const { requests, preemptions } = answer;
  const told = new Set(answer.calibration.conditions.notes);
  const failed = Object.entries(requests.failed).map(([code, count]) => `${count} ${code}`);
  return {
    schema: answer.schema,
    blocks: [
      { kind: 'answer', text: answer.answer },
      ...listBlock('Endpoint', factTexts(answer)),
      ...calibrationBlocks(answer.calibration),
      ...tableBlock('Client and server', agreementTable(answer)),
      ...tableBlock('Usage by the tariff', billTable(answer)),
      ...listBlock('Requests', [
        `${requests.sent} sent, ${requests.answered} answered${failed.length === 0 ? '' : `; failed and in no percentile: ${failed.join(', ')}`}.`,
        ...Object.entries(requests.said).map(([code, message]) => asSentence(`${code}: ${message}`)),
        ...(preemptions ? [`The server preempted ${counted(preemptions, 'request')}.`] : []),
        ...billTexts(answer),
        ...limitTexts(answer),
      ]),
      ...listBlock('Notes', answer.notes.filter((note) => !told.has(note)).map(asSentence)),
      ...listBlock('Warnings', answer.warnings.map(asSentence)),
      ...listBlock('Files', [
        ...(requests.answered === 0 ? [] : [`Calibration: ${files.calibration} (--calibration ${files.calibration})`]),
        `A line for each request: ${files.records}`,
      ]),
    ],
  };
}
