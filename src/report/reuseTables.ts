import { layoutKey, layoutName } from '../layout/layout.ts';
import type { KvWay, ReuseAnswer, ReuseWorth } from '../plan/reuse/reuseAnswer.ts';
import { wayFlags } from '../plan/reuse/reuseWords.ts';
import { formatDerivedPrice, formatUsd } from '../units/money.ts';
import { formatTokens } from '../units/tokens.ts';
import { fleetLineName } from './breakEvenTables.ts';
import { formatShare } from './format.ts';
import { brief } from './speedTables.ts';
import type { Cell, Column, Table } from './table.ts';

const right = (title: string, format: (value: number) => string, unit?: string): Column => ({
  title,
  align: 'right',
  format,
  ...(unit === undefined ? {} : { unit }),
});

/** What a row says of its worth. */
const WORTH: readonly Column[] = [
  right('KV tokens', formatTokens),
  right('on the curve', formatTokens),
  right('found', formatShare, 'of the input'),
  right('requests/s', brief, 'a replica'),
  right('all tokens', formatDerivedPrice, 'USD/Mtok'),
  right('found is worth', formatUsd, 'USD/month'),
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
    columns: [right('room', (factor) => `× ${factor}`), ...WORTH],
    rows: points.filter((point) => point.fleet === fleet).map((point) => ({ cells: [point.factor, ...worthCells(point)] })),
  };
}

/** The curve of the workload. */
export function curveTable({ curve }: ReuseAnswer): Table {
  return {
    columns: [right('KV tokens', formatTokens), right('found', formatShare, 'of the input'), right('by the curve alone', formatShare)],
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
