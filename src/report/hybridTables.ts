import type { HybridAnswer, HybridPair } from '../plan/hybrid/hybridAnswer.ts';
import { formatUsd } from '../units/money.ts';
import { formatTokens } from '../units/tokens.ts';
import { fleetLineName, tariffName } from './breakEvenTables.ts';
import { formatShare } from './format.ts';
import { bandedColumn, rightColumn, type Table } from './table.ts';

const usd = (title: string) => rightColumn(title, 'USD/month', formatUsd);

const CODES = { api: 'buy all', hybrid: 'floor and API', own: 'host all' } as const;

/** Names of the fleet and the tariff of a pair. */
export function pairName(
  { fleets, tariffs, query }: HybridAnswer,
  { offer, tariff }: Pick<HybridPair, 'offer' | 'tariff'>,
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
      rightColumn('replicas', 'carrying'),
      rightColumn('served', 'by own', formatShare),
      usd('together'),
      usd('API alone'),
      usd('saved'),
      rightColumn('likely', undefined, formatShare),
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
      rightColumn('carrying', 'replicas'),
      rightColumn('instances'),
      rightColumn('served', 'by own', formatShare),
      rightColumn('used', undefined, formatShare),
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
    columns: [{ title: 'demand' }, rightColumn('', undefined, formatTokens)],
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
  return {
    columns: [
      { title: 'id' },
      { title: 'code' },
      { title: 'carrying' },
      { title: 'instances' },
      { title: 'ownShare' },
      bandedColumn('usdPerMonth'),
      bandedColumn('allApiUsdPerMonth'),
      bandedColumn('savingUsdPerMonth'),
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
