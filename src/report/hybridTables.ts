import type { HybridAnswer, HybridPair } from '../plan/hybrid/hybridAnswer.ts';
import { formatUsd } from '../units/money.ts';
import { formatTokens } from '../units/tokens.ts';
import { fleetLineName, tariffName } from './breakEvenTables.ts';
import { formatShare } from './format.ts';
import type { Column, Table } from './table.ts';

const right = (title: string, unit?: string, format?: Column['format']): Column => ({
  title,
  ...(unit === undefined ? {} : { unit }),
  align: 'right',
  ...(format === undefined ? {} : { format }),
});
const usd = (title: string) => right(title, 'USD/month', formatUsd);

const CODES = { api: 'buy all', hybrid: 'floor and API', own: 'host all' } as const;

/** Names of the fleet and the tariff of a pair. */
export function pairName(
  { fleets, tariffs, query }: HybridAnswer,
  { offer, tariff }: HybridPair,
): readonly [fleet: string, tariff: string] {
  const fleet = fleets.find(({ id }) => id === offer);
  const line = tariffs.find(({ id }) => id === tariff);
  return [fleet ? fleetLineName(fleet) : offer, line ? tariffName(line, query['model']) : tariff];
}

/** Each fleet against each tariff, cheapest first. */
export function hybridTable(answer: HybridAnswer): Table {
  return {
    columns: [
      { title: 'own GPUs' },
      { title: 'rest bought from' },
      { title: 'cheapest' },
      right('replicas', 'carrying'),
      right('served', 'by own', formatShare),
      usd('together'),
      usd('API alone'),
      usd('saved'),
      right('likely', undefined, formatShare),
    ],
    rows: answer.pairs.map((pair) => ({
      cells: [
        ...pairName(answer, pair),
        CODES[pair.code],
        pair.carrying,
        pair.best.ownShare,
        pair.usdPerMonth,
        pair.allApiUsdPerMonth,
        pair.savingUsdPerMonth,
        pair.probability,
      ],
    })),
  };
}

/** Floors of one pair, from none to the busiest hour. */
export function floorsTable({ rows, best }: HybridPair): Table {
  return {
    columns: [
      right('carrying', 'replicas'),
      right('instances'),
      right('served', 'by own', formatShare),
      right('used', undefined, formatShare),
      usd('own GPUs'),
      usd('API'),
      usd('together'),
      usd('over the best'),
      { title: '' },
    ],
    rows: rows.map((row) => ({
      cells: [
        row.carrying,
        row.instances,
        row.ownShare,
        row.carrying === 0 ? null : row.utilisation,
        row.ownUsdPerMonth,
        row.apiUsdPerMonth,
        row.usdPerMonth,
        row.regretUsdPerMonth,
        row.carrying === best.carrying ? 'best' : '',
      ],
    })),
  };
}

/** The demand over the hours of a month. */
export function demandTable({ demand }: HybridAnswer): Table {
  const row = (label: string, value: number) => ({ cells: [label, value] });
  return {
    columns: [{ title: 'demand' }, right('', undefined, formatTokens)],
    rows: [
      row('tokens a month', demand.tokensPerMonth),
      row('requests a month', demand.requestsPerMonth),
      row('requests an hour, mean', demand.meanPerHour),
      row('requests an hour, busiest', demand.busiestPerHour),
      row('requests an hour, calmest', demand.calmestPerHour),
    ],
  };
}

/** All pairs with unrounded numbers under the names of the JSON, for CSV. */
export function hybridRawTable({ pairs }: HybridAnswer): Table {
  const banded = (title: string): Column => ({ title, banded: true });
  return {
    columns: [
      { title: 'id' },
      { title: 'code' },
      { title: 'carrying' },
      { title: 'instances' },
      { title: 'ownShare' },
      banded('usdPerMonth'),
      banded('allApiUsdPerMonth'),
      banded('savingUsdPerMonth'),
      { title: 'probability' },
    ],
    rows: pairs.map((pair) => ({
      cells: [
        pair.id,
        pair.code,
        pair.best.carrying,
        pair.best.instances,
        pair.best.ownShare,
        pair.usdPerMonth,
        pair.allApiUsdPerMonth,
        pair.savingUsdPerMonth,
        pair.probability,
      ],
    })),
  };
}
