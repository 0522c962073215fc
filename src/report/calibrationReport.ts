import type { CalibratedPoint, EndpointCalibration } from '../calibration/endpointCalibration.ts';
import { calibrationWords } from '../calibration/endpointCalibration.ts';
import type { Coverage } from '../calibration/fit/endpointFit.ts';
import type { QuantityFit } from '../calibration/fit/quantityFit.ts';
import { formatCount, formatTokens } from '../units/tokens.ts';
import { formatNumber, formatShare } from './format.ts';
import { type Block, listBlock, type Report, tableBlock } from './report.ts';
import { asSentence } from './sections.ts';
import { type Row, rightColumn, type Table } from './table.ts';

function pointRow({ id, shape, concurrency, inputTokens, outputTokens, reuse, requests, failed, used, ...times }: CalibratedPoint): Row {
  const { ttftMs, tpotMs, outputTokensPerSecond, shipped, fitted } = times;
  return {
    cells: [
      id,
      shape,
      concurrency,
      `${formatCount(inputTokens)}/${formatCount(outputTokens)}`,
      formatShare(reuse),
      failed > 0 ? `${requests} + ${failed} failed` : String(requests),
      ttftMs && { low: ttftMs.low, value: ttftMs.median, high: ttftMs.high },
      tpotMs && { low: tpotMs.low, value: tpotMs.median, high: tpotMs.high },
      outputTokensPerSecond,
      shipped?.tpotMs ?? null,
      fitted?.tpotMs ?? null,
      used ? 'yes' : 'no',
    ],
  };
}

/** Every load point: measured medians with a tenth of the answers below and above, and what both models say of it. */
function pointsTable({ speed }: EndpointCalibration): Table {
  return {
    columns: [
      { title: 'point' },
      { title: 'shape' },
      rightColumn('in flight'),
      rightColumn('input/output'),
      rightColumn('reuse'),
      rightColumn('answers'),
      rightColumn('TTFT', 'ms'),
      rightColumn('TPOT', 'ms'),
      rightColumn('output', 'token/s'),
      rightColumn('TPOT by kplan', 'ms'),
      rightColumn('TPOT by the fit', 'ms'),
      { title: 'used' },
    ],
    rows: speed.points.map(pointRow),
  };
}

/** What the server had under way at most during each step, beside what the client had on average. */
function peaksTable({ speed: { points }, kvTokens }: EndpointCalibration): Table {
  const rows = points.flatMap(({ id, concurrency, inputTokens, outputTokens, server }): Row[] => {
    if (server === undefined) return [];
    const { running, waiting, kvUsage, readings } = server;
    if (running === null && waiting === null && kvUsage === null) return [];
    const held = kvUsage === null || kvTokens === null ? null : Math.round(kvUsage * kvTokens.measured);
    const sent = Math.round(concurrency * (inputTokens + outputTokens));
    return [{ cells: [id, running, waiting, kvUsage, held, sent, readings] }];
  });
  return {
    columns: [
      { title: 'step' },
      rightColumn('running'),
      rightColumn('waiting'),
      rightColumn('KV use', undefined, formatShare),
      rightColumn('KV use', 'tokens', formatTokens),
      rightColumn('in flight on average, at the median length', 'tokens', formatTokens),
      rightColumn('readings'),
    ],
    rows,
  };
}

function coverageText(quantity: string, { inside, of }: Coverage): string {
  return `${inside} of ${of} points left out of the fit lie in its band of 80 % for ${quantity}`;
}

function errorTexts(quantity: string, error: number | null): string[] {
  return error === null ? [] : [`the median error of ${quantity} at points left out is ${formatShare(error)}`];
}

/** The factors by which the fit moved the coefficients. */
function movedText(quantity: string, { terms, logs, shipped, deviation }: QuantityFit): string {
  const factors = terms.map((term, at) => `${term} ×${Math.exp((logs[at] ?? 0) - (shipped[at] ?? 0)).toFixed(2)}`);
  return `${quantity}: ${factors.join(', ')}; runs scatter by ${formatShare(deviation)}`;
}

function fitItems({ speed: { fit, leftOut } }: EndpointCalibration): string[] {
  if (fit === null) return [];
  return [
    movedText('TPOT', fit.tpot),
    ...(fit.ttft ? [movedText('TTFT', fit.ttft)] : []),
    ...(leftOut ? [coverageText('TPOT', leftOut.tpot), coverageText('TTFT', leftOut.ttft)] : []),
    ...errorTexts('TPOT', leftOut?.tpotError ?? null),
    ...errorTexts('TTFT', leftOut?.ttftError ?? null),
  ];
}

function conditionItems({ conditions, date, kvTokens, source }: EndpointCalibration): string[] {
  const { endpoint, servedModel, protocol, speculation, prefixCaching, maxModelLen, notes } = conditions;
  const caching = prefixCaching === null ? 'not said' : prefixCaching ? 'on' : 'off';
  const said = kvTokens?.predicted ?? null;
  return [
    `${servedModel}${endpoint === null ? '' : ` at ${endpoint}`} by the ${protocol} protocol, ${date}, records ${source.file}`,
    `speculative decoding: ${speculation}; prefix caching: ${caching}${maxModelLen === null ? '' : `; context ${formatCount(maxModelLen)}`}`,
    ...(kvTokens === null
      ? []
      : [
          `the KV cache holds ${formatCount(kvTokens.measured)} tokens${said === null ? '' : `; kplan says ${formatNumber(Math.round(said.value))} (${formatNumber(Math.round(said.low))} to ${formatNumber(Math.round(said.high))})`}`,
        ]),
    ...notes,
  ];
}

/** Under what a calibration holds, its points, its fit and what is flagged. */
export function calibrationBlocks(calibration: EndpointCalibration): Block[] {
  return [
    ...listBlock('Holds for', conditionItems(calibration)),
    ...tableBlock('Load points', pointsTable(calibration)),
    ...tableBlock('Peaks of the server in each step, beside what the client had in flight on average', peaksTable(calibration)),
    ...listBlock('The fit, against the shipped coefficients', fitItems(calibration)),
    ...listBlock(
      'Flagged, and not used',
      calibration.speed.flags.map(({ point, message }) => (point === null ? message : `${point}: ${message}`)),
    ),
  ];
}

/**
 * The calibration of an endpoint arranged for reading: what it changes, under what it holds, its points, its fit, what is flagged, and
 * what speaks against it.
 */
export function calibrationReport(calibration: EndpointCalibration, warnings: readonly string[] = []): Report {
  const answer: Block = { kind: 'answer', text: asSentence(calibrationWords(calibration, calibration.name)) };
  return {
    schema: calibration.schema,
    blocks: [answer, ...calibrationBlocks(calibration), ...listBlock('Warnings', warnings.map(asSentence))],
  };
}

/** Of the server, as its metrics showed them. */
const PEAKS = ['running', 'waiting', 'kvUsage'] as const;

/** All load points with unrounded numbers under the names of the JSON, for CSV. */
export function calibrationRawTable({ speed }: EndpointCalibration): Table {
  const names = ['id', 'shape', 'inputTokens', 'outputTokens', 'reuse', 'concurrency', 'rate', 'requests', 'failed'] as const;
  return {
    columns: [...names, 'ttftMs', 'tpotMs', 'outputTokensPerSecond', 'used', ...PEAKS].map((title) => ({ title })),
    rows: speed.points.map((point) => ({
      cells: [
        ...names.map((name) => point[name]),
        point.ttftMs?.median ?? null,
        point.tpotMs?.median ?? null,
        point.outputTokensPerSecond,
        String(point.used),
        ...PEAKS.map((name) => point.server?.[name] ?? null),
      ],
    })),
  };
}
