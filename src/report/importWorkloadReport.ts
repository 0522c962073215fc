import type { WorkloadDocument } from '../importers/usage/index.ts';
import { formatUsd } from '../units/money.ts';
import { formatCount, formatTokens } from '../units/tokens.ts';
import { reuseOnCurve } from '../workload/reuse/curveLine.ts';
import { formatNumber } from './format.ts';
import { listBlock, type Report, tableBlock } from './report.ts';
import { asSentence } from './sections.ts';
import type { Cell, Table } from './table.ts';

type Line = readonly [name: string, value: Cell];

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

function reuseText({ reuse: { low, value, high }, reuseFrom }: WorkloadDocument): string {
  const band = low === high ? percent(value) : `${percent(value)} (${percent(low)} to ${percent(high)})`;
  return reuseFrom === 'none' ? 'not stated, taken as 0' : `${band}${reuseFrom === 'blocks' ? ', from blocks seen before' : ''}`;
}

const CURVE_TOKENS = [1e6, 5e6, 20e6];

/** Points of the curve that KV caches of one machine have. */
function curveText({ reuseCurve }: WorkloadDocument): string | null {
  if (reuseCurve.length === 0) return null;
  return CURVE_TOKENS.map((tokens) => `${formatTokens(tokens)} ${percent(reuseOnCurve(reuseCurve, tokens) ?? 0)}`).join(', ');
}

function hoursText(hours: readonly number[]): string {
  const most = hours.indexOf(Math.max(...hours));
  return `${formatNumber(hours[most] ?? 1)} times the mean at ${String(most).padStart(2, '0')} UTC`;
}

function periodText({ from, to, seconds }: WorkloadDocument['period']): string | null {
  if (seconds === null) return null;
  const days = seconds / 86_400;
  const length = days >= 1 ? `${formatNumber(days)} days` : `${formatNumber(seconds / 3600)} hours`;
  return from === null ? length : `${from.slice(0, 16)} to ${to?.slice(0, 16)}, ${length}`;
}

function lines(document: WorkloadDocument): Line[] {
  const { arrivals, conversations, totals, paid, models, rows } = document;
  const tokens = totals.uncached + totals.cacheRead + totals.cacheWrite + totals.cacheWrite1h + totals.output;
  const all: Line[] = [
    [
      'input tokens per request',
      document.inputTokens === null ? 'requests are not counted' : formatCount(Math.round(document.inputTokens)),
    ],
    [
      'output tokens per request',
      document.outputTokens === null ? 'requests are not counted' : formatCount(Math.round(document.outputTokens)),
    ],
    ['reuse', reuseText(document)],
    ['thinking, of the output', document.thinkingShare === null ? null : percent(document.thinkingShare)],
    ['found by a KV cache of', curveText(document)],
    ['requests per conversation', conversations && formatNumber(conversations.requestsPerConversation)],
    [
      'requests per active hour',
      conversations && conversations.requestsPerActiveHour !== null ? formatNumber(conversations.requestsPerActiveHour) : null,
    ],
    [
      'in flight per active conversation',
      conversations && conversations.concurrency !== null ? formatNumber(conversations.concurrency) : null,
    ],
    ['requests', totals.requests === null ? null : formatCount(totals.requests)],
    ['tokens', formatTokens(tokens)],
    ['period', periodText(document.period)],
    ['requests per second', arrivals && formatNumber(arrivals.requestsPerSecond)],
    ['variation of the gaps', arrivals && arrivals.gapCv !== null ? formatNumber(arrivals.gapCv) : null],
    ['fullest hour of a day', arrivals?.hours ? hoursText(arrivals.hours) : null],
    ['paid', paid && formatUsd(paid.usd)],
    [
      'models',
      models.length === 0
        ? null
        : models
            .slice(0, 5)
            .map(({ name }) => name)
            .join(', ') + (models.length > 5 ? ` and ${models.length - 5} more` : ''),
    ],
    ['rows used', `${formatCount(rows.used)} of ${formatCount(rows.read)} read`],
  ];
  return all.filter(([, value]) => value !== null);
}

function summary({ files }: WorkloadDocument): string {
  const [first] = files;
  if (files.length === 1 && first) return `A workload of ${first.name}: ${first.format}.`;
  return `A workload of ${files.length} files: ${[...new Set(files.map(({ format }) => format))].join(', ')}.`;
}

/** The main numbers of an imported workload, one on each line. */
export function importWorkloadRawTable(document: WorkloadDocument): Table {
  const { reuse, arrivals, totals, paid } = document;
  const rows: Line[] = [
    ['inputTokens', document.inputTokens],
    ['outputTokens', document.outputTokens],
    ['reuseLow', reuse.low],
    ['reuse', reuse.value],
    ['reuseHigh', reuse.high],
    ['thinkingShare', document.thinkingShare],
    ['requestsPerConversation', document.conversations?.requestsPerConversation ?? null],
    ['requestsPerActiveHour', document.conversations?.requestsPerActiveHour ?? null],
    ['concurrencyPerConversation', document.conversations?.concurrency ?? null],
    ['reuseCurveRequestsPerSecond', document.reuseCurveRequestsPerSecond],
    ['requestsPerSecond', arrivals?.requestsPerSecond ?? null],
    ['gapCv', arrivals?.gapCv ?? null],
    ['periodSeconds', document.period.seconds],
    ...Object.entries(totals),
    ['paidUsd', paid?.usd ?? null],
  ];
  return { columns: [{ title: 'name' }, { title: 'value', align: 'right' }], rows: rows.map((cells) => ({ cells })) };
}

/** An imported workload arranged for reading. */
export function importWorkloadReport(document: WorkloadDocument): Report {
  const table: Table = {
    columns: [{ title: 'what' }, { title: 'value', align: 'right' }],
    rows: lines(document).map((cells) => ({ cells })),
  };
  return {
    schema: document.schema,
    blocks: [
      { kind: 'answer', text: summary(document) },
      ...tableBlock('Workload', table),
      ...listBlock(
        'Left out',
        document.rows.leftOut.map(
          ({ reason, count, first }) => `${formatCount(count)} × ${reason}${first.length > 0 ? `; first ${first.join(', ')}` : ''}`,
        ),
      ),
      ...listBlock('Note', document.notices.map(asSentence)),
    ],
  };
}
