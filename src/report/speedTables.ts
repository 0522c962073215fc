import { layoutName } from '../layout/layout.ts';
import type { SpeedAnswer, SpeedPoint, SpeedReplica } from '../plan/speed/speedAnswer.ts';
import { groupDigits } from '../units/number.ts';
import type { Cell, Column, Table } from './table.ts';

/** Points up to which all are shown. */
const FEW_POINTS = 8;

/** A measure at three significant digits, which is more than a band of this width deserves. */
export function brief(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return groupDigits(String(Number(digits > 0 ? value.toFixed(Math.min(digits, 10)) : Number(value.toPrecision(3)))));
}

/** A replica in words: `8× H200 SXM, TP8`. */
export function replicaName({ gpus, gpuName, layout }: Pick<SpeedReplica, 'gpus' | 'gpuName' | 'layout'>): string {
  return `${gpus}× ${gpuName}, ${layoutName(layout)}`;
}

/** Whether a replica has points enough for a line. */
export function isDrawable({ points }: SpeedReplica): boolean {
  return points.length > 1;
}

/** The point of a replica that lies nearest to a concurrency, on a logarithmic scale. */
export function pointAt({ points }: SpeedReplica, concurrency: number): SpeedPoint | undefined {
  const distance = (point: SpeedPoint) => Math.abs(Math.log(point.concurrency / concurrency));
  return points.reduce<SpeedPoint | undefined>(
    (best, point) => (best === undefined || distance(point) < distance(best) ? point : best),
    undefined,
  );
}

/** The points worth a row: all of a few, else powers of two, the knee, the limit, and both ends. */
export function chosenPoints(replica: SpeedReplica): SpeedPoint[] {
  const { points, knee, concurrencyLimit } = replica;
  if (points.length <= FEW_POINTS) return [...points];
  const turning = [knee, concurrencyLimit].map((at) => (at === null ? undefined : pointAt(replica, at)));
  return points.filter(
    (point, index) =>
      index === 0 || index === points.length - 1 || Number.isInteger(Math.log2(point.concurrency)) || turning.includes(point),
  );
}

const measure = (title: string, unit?: string): Column => ({
  title,
  align: 'right',
  format: brief,
  ...(unit === undefined ? {} : { unit }),
});

function row(point: SpeedPoint): Cell[] {
  return [
    point.concurrency,
    point.ttftMs,
    point.tpotMs,
    point.outputTokensPerSecond,
    point.totalTokensPerSecond,
    point.outputTokensPerSecondPerGpu,
    point.tokensPerSecondPerUser,
    point.queued ? `${point.basis}, queued` : point.basis,
  ];
}

/** Speed over concurrency of one replica, at a readable choice of its points. */
export function speedTable(replica: SpeedReplica): Table {
  return {
    columns: [
      { title: 'in flight', align: 'right' },
      measure('TTFT', 'ms'),
      measure('TPOT', 'ms'),
      measure('output', 'tok/s'),
      measure('in + out', 'tok/s'),
      measure('output per GPU', 'tok/s'),
      measure('per user', 'tok/s'),
      { title: 'basis' },
    ],
    rows: chosenPoints(replica).map((point) => ({ cells: row(point) })),
  };
}

/** Every point of every replica with unrounded numbers under the names of the JSON, for CSV. */
export function speedRawTable({ replicas }: SpeedAnswer): Table {
  const bands = [
    'ttftMs',
    'tpotMs',
    'outputTokensPerSecond',
    'totalTokensPerSecond',
    'outputTokensPerSecondPerGpu',
    'tokensPerSecondPerUser',
  ] as const;
  return {
    columns: [
      ...['replica', 'gpu', 'gpus', 'engine', 'engineVersion', 'format', 'layout', 'concurrency'].map((title) => ({ title })),
      ...bands.map((title) => ({ title, banded: true })),
      ...['basis', 'situation', 'queued', 'method', 'source'].map((title) => ({ title })),
    ],
    rows: replicas.flatMap(({ key, gpu, gpus, engine, engineVersion, format, layout, points }) =>
      points.map((point) => ({
        cells: [
          ...[key, gpu, gpus, engine, engineVersion, format, layoutName(layout), point.concurrency],
          ...bands.map((name) => point[name]),
          ...[point.basis, point.situation, point.queued ? 'yes' : 'no', point.method, point.source],
        ],
      })),
    ),
  };
}
