import { layoutName } from '../layout/layout.ts';
import type { RankedReplica, SpeedRanking } from '../plan/speed/speedAnswer.ts';
import { formatUsd } from '../units/money.ts';
import { codeInWords } from './format.ts';
import { brief } from './speedTables.ts';
import type { Table } from './table.ts';

/** Ranked replicas, best first, numbered from 1. */
export function speedRankTable(ranked: readonly RankedReplica[]): Table {
  return {
    columns: [
      { title: 'rank', align: 'right' },
      { title: 'GPU' },
      { title: 'layout' },
      { title: 'GPUs', align: 'right' },
      { title: 'in flight', align: 'right' },
      { title: 'TPOT', unit: 'ms', align: 'right', format: brief },
      { title: 'output per GPU', unit: 'tok/s', align: 'right', format: brief },
      { title: 'GPU-hour', unit: 'USD', align: 'right', format: formatUsd },
      { title: 'output', unit: 'USD/Mtok', align: 'right', format: formatUsd },
      { title: 'basis' },
    ],
    rows: ranked.map(({ gpuName, layout, gpus, point, usdPerGpuHour, usdPerMtokOutput }, index) => ({
      cells: [
        index + 1,
        gpuName,
        layoutName(layout),
        gpus,
        point.concurrency,
        point.tpotMs,
        point.outputTokensPerSecondPerGpu,
        usdPerGpuHour ?? codeInWords('no-offer'),
        usdPerMtokOutput,
        point.queued ? `${point.basis}, queued` : point.basis,
      ],
    })),
  };
}

/** All ranked replicas with unrounded numbers under the names of the JSON, for CSV. */
export function speedRankRawTable({ ranked }: SpeedRanking): Table {
  const bands = ['ttftMs', 'tpotMs', 'outputTokensPerSecond', 'outputTokensPerSecondPerGpu'] as const;
  return {
    columns: [
      ...['rank', 'replica', 'gpu', 'layout', 'gpus', 'concurrencyLimit', 'concurrency'].map((title) => ({ title })),
      ...[...bands, 'usdPerGpuHour', 'usdPerMtokOutput'].map((title) => ({ title, banded: true })),
      ...['basis', 'situation', 'method', 'source'].map((title) => ({ title })),
    ],
    rows: ranked.map(({ key, gpu, layout, gpus, concurrencyLimit, point, usdPerGpuHour, usdPerMtokOutput }, index) => ({
      cells: [
        ...[index + 1, key, gpu, layoutName(layout), gpus, concurrencyLimit, point.concurrency],
        ...bands.map((name) => point[name]),
        ...[usdPerGpuHour, usdPerMtokOutput],
        ...[point.basis, point.situation, point.method, point.source],
      ],
    })),
  };
}
