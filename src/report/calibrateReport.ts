import type { CalibratedPoint } from '../calibration/endpointCalibration.ts';
import type { CalibrateAnswer, Reconciled } from '../calibration/run/answer.ts';
import type { Estimate } from '../evidence/estimate.ts';
import { formatPrice } from '../units/money.ts';
import { formatTokens } from '../units/tokens.ts';
import { formatNumber, formatShare } from './format.ts';
import { listBlock, type Report, tableBlock } from './report.ts';
import { asSentence } from './sections.ts';
import { type Cell, rightColumn, type Table } from './table.ts';

/** A calibration with where its files went. */
export interface CalibrateFiles {
  readonly calibration: string;
  readonly records: string;
}

const ms = (value: number) => String(Number(value.toPrecision(3)));

function banded(estimate: Estimate | null | undefined): Cell {
  return estimate ?? null;
}

/** Every load point: what was measured, and what kplan says with and without it. */
function pointTable({ calibration }: CalibrateAnswer): Table {
  return {
    columns: [
      { title: 'shape' },
      rightColumn('in flight'),
      rightColumn('requests'),
      rightColumn('reuse', undefined, formatShare),
      rightColumn('TTFT', 'ms', ms),
      rightColumn('TPOT', 'ms', ms),
      rightColumn('output', 'tokens/s', formatTokens),
      rightColumn('TPOT shipped', 'ms', ms),
      rightColumn('TPOT fitted', 'ms', ms),
      { title: 'used' },
    ],
    rows: calibration.speed.points.map((point) => ({
      cells: [
        point.rate === null ? point.shape : `${point.shape}, on their own`,
        point.concurrency,
        point.requests,
        point.reuse,
        point.ttftMs?.median ?? null,
        point.tpotMs?.median ?? null,
        point.outputTokensPerSecond,
        banded(point.shipped?.tpotMs),
        banded(point.fitted?.tpotMs),
        point.used ? 'yes' : 'no',
      ],
    })),
  };
}

/** All points with unrounded numbers under the names of the JSON, for CSV. */
export function pointRawTable({ calibration }: CalibrateAnswer): Table {
  const cell = (point: CalibratedPoint): Cell[] => [
    point.id,
    point.shape,
    point.inputTokens,
    point.outputTokens,
    point.reuse,
    point.concurrency,
    point.rate,
    point.requests,
    point.failed,
    point.ttftMs?.median ?? null,
    point.tpotMs?.median ?? null,
    point.outputTokensPerSecond,
    point.used ? 'true' : 'false',
  ];
  return {
    columns: [
      'id',
      'shape',
      'inputTokens',
      'outputTokens',
      'reuse',
      'concurrency',
      'rate',
      'requests',
      'failed',
      'ttftMs',
      'tpotMs',
      'outputTokensPerSecond',
      'used',
    ].map((title) => ({ title })),
    rows: calibration.speed.points.map((point) => ({ cells: cell(point) })),
  };
}

function said(value: number | null, { what }: Reconciled): string | null {
  if (value === null) return null;
  return what === 'prefix reuse' ? formatShare(value) : formatNumber(Math.round(value));
}

function serverTable({ server }: CalibrateAnswer): Table {
  return {
    columns: [{ title: 'what' }, rightColumn('here or by kplan'), rightColumn('by the server')],
    rows: server.map((row) => ({ cells: [row.what, said(row.client, row), said(row.server, row)] })),
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

function factTexts({ endpoint, servedModel, facts }: CalibrateAnswer): string[] {
  const known = (text: string, value: unknown) => (value === null ? [] : [`${text} ${value}`]);
  return [
    `${servedModel} at ${endpoint}`,
    ...known('Server', facts.server),
    ...known('Version', facts.engineVersion),
    ...known('Context', facts.maxModelLen),
    ...known('KV tokens', facts.kvTokens),
    ...(facts.prefixCaching === null ? [] : [`Prefix caching ${facts.prefixCaching ? 'on' : 'off'}`]),
    ...known('Speculation', facts.speculation),
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
  const { requests, spentUsd, calibration } = answer;
  const failed = Object.entries(requests.failed).map(([code, count]) => `${count} ${code}`);
  const left = calibration.speed.leftOut;
  return {
    schema: answer.schema,
    blocks: [
      { kind: 'answer', text: answer.answer },
      ...listBlock('Endpoint', factTexts(answer)),
      ...tableBlock('Load points', pointTable(answer)),
      ...tableBlock('Client and server', serverTable(answer)),
      ...tableBlock('Usage by the tariff', billTable(answer)),
      ...listBlock('Requests', [
        `${requests.sent} sent, ${requests.answered} answered${failed.length === 0 ? '' : `; failed and in no percentile: ${failed.join(', ')}`}.`,
        ...(spentUsd === null ? [] : [`Spent by the tariff: ${formatPrice(spentUsd)}.`]),
        ...(left ? [`Left out one at a time, points are foretold within ${JSON.stringify(left)}.`] : []),
      ]),
      ...listBlock('Notes', answer.notes.map(asSentence)),
      ...listBlock('Warnings', answer.warnings.map(asSentence)),
      ...listBlock('Files', [
        `Calibration: ${files.calibration} (--calibration ${files.calibration})`,
        `A line for each request: ${files.records}`,
      ]),
    ],
  };
}
