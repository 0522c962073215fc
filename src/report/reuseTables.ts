import { layoutKey, layoutName } from '../layout/layout.ts';
import type { KvWay, ReuseAnswer, ReuseWorth } from '../plan/reuse/reuseAnswer.ts';
import { wayFlags } from '../plan/reuse/reuseWords.ts';
import { formatDerivedPrice, formatUsd } from '../units/money.ts';
import { formatTokens } from '../units/tokens.ts';
import { fleetLineName } from './breakEvenTables.ts';
import { formatShare } from './format.ts';
import { brief } from './speedTables.ts';
import { type Cell, type Column, rightColumn, type Table } from './table.ts';

/** What a row says of its worth. */
const WORTH: readonly Column[] = [
  rightColumn('KV tokens', undefined, formatTokens),
  rightColumn('on the curve', undefined, formatTokens),
  rightColumn('found', 'of the input', formatShare),
  rightColumn('requests/s', 'a replica', brief),
  rightColumn('all tokens', 'USD/Mtok', formatDerivedPrice),
  rightColumn('found is worth', 'USD/month', formatUsd),
];

function worthCells({ kvTokens, curveTokens, reuse, requestsPerSecond, usdPerMtok, foundUsdPerMonth }: ReuseWorth): Cell[] {
  return [kvTokens.value, curveTokens, reuse, requestsPerSecond, usdPerMtok, foundUsdPerMonth];
}

/** What one of several KV caches holds, and what is found where requests go to any of them. */
function groupNote({ kvCaches, kvTokens, unroutedReuse }: KvWay): { readonly note?: string } {
  if (unroutedReuse === null) return {};
  const each = formatTokens(kvTokens.value / kvCaches);
  return {
    note: `${kvCaches} KV caches of ${each} tokens each: where requests go to any of them, not to the one that holds their prefix, about ${formatShare(unroutedReuse)} is found.`,
  };
}

/** Each way to hold the KV cache of one fleet. */
export function waysTable({ ways }: ReuseAnswer, fleet: string): Table {
  return {
    columns: [{ title: 'layout' }, { title: 'KV cache dtype' }, ...WORTH, { title: 'options' }],
    rows: ways
      .filter((way) => way.fleet === fleet)
      .map((way) => ({
        cells: [layoutName(way.layout), way.kvCacheDtype, ...worthCells(way), wayFlags(way) || 'as it is'],
        ...groupNote(way),
      })),
  };
}

/** One fleet as it is with less and more room. */
export function roomTable({ points }: ReuseAnswer, fleet: string): Table {
  return {
    columns: [rightColumn('room', undefined, (factor) => `× ${factor}`), ...WORTH],
    rows: points.filter((point) => point.fleet === fleet).map((point) => ({ cells: [point.factor, ...worthCells(point)] })),
  };
}

/** The curve of the workload. */
export function curveTable({ curve }: ReuseAnswer): Table {
  return {
    columns: [
      rightColumn('KV tokens', undefined, formatTokens),
      rightColumn('found', 'of the input', formatShare),
      rightColumn('by the curve alone', undefined, formatShare),
    ],
    rows: curve.map(({ kvTokens, reuse, statedReuse }) => ({ cells: [kvTokens, reuse, statedReuse] })),
  };
}

/** All ways and points with unrounded numbers under the names of the JSON, for CSV. */
export function reuseRawTable({ ways, points, fleets }: ReuseAnswer): Table {
  const banded = [
    'kvTokens',
    'reuse',
    'foundTokensPerMonth',
    'foundUsdPerMonth',
    'requestsPerSecond',
    'tokensPerMonthPerReplica',
    'usdPerMtok',
  ] as const;
  const numbers = (worth: ReuseWorth): Cell[] => banded.map((name) => worth[name]);
  const names = new Map(fleets.map((fleet) => [fleet.id, fleetLineName(fleet)]));
  return {
    columns: [
      ...['fleet', 'name', 'layout', 'kvCacheDtype', 'options', 'factor', 'kvCaches', 'unroutedReuse', 'curveTokens'].map((title) => ({
        title,
      })),
      ...banded.map((title) => ({ title, banded: true })),
    ],
    rows: [
      ...ways.map((way) => ({
        cells: [
          way.fleet,
          names.get(way.fleet) ?? null,
          layoutKey(way.layout),
          way.kvCacheDtype,
          wayFlags(way),
          null,
          way.kvCaches,
          way.unroutedReuse,
          way.curveTokens,
          ...numbers(way),
        ],
      })),
      ...points.map((point) => ({
        cells: [
          point.fleet,
          names.get(point.fleet) ?? null,
          null,
          null,
          null,
          point.factor,
          null,
          null,
          point.curveTokens,
          ...numbers(point),
        ],
      })),
    ],
  };
}
