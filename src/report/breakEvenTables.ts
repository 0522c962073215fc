import type { Purchase } from '../cost/purchase.ts';
import { layoutName } from '../layout/layout.ts';
import type { TariffLine } from '../plan/api/tariffLine.ts';
import type { BreakEvenAnswer, Crossing, MonthlyRow } from '../plan/breakEven/breakEvenAnswer.ts';
import type { FleetLine } from '../plan/hosting/fleetLine.ts';
import { formatPrice, formatUsd } from '../units/money.ts';
import { formatTokens } from '../units/tokens.ts';
import { codeInWords, formatShare } from './format.ts';
import type { Cell, Column, Table } from './table.ts';

const ROLES: Readonly<Record<TariffLine['role'], string>> = {
  list: 'list price',
  'cheapest-host': 'cheapest host',
  asked: 'as asked',
  other: 'listed',
};

/** How instances are paid for, in a table. */
export const PURCHASE_WORDS: Readonly<Record<Purchase, string>> = {
  'on-demand': 'on demand',
  spot: 'spot',
  reserved: 'reserved',
  'reserved-1y': 'reserved 1 year',
  'reserved-3y': 'reserved 3 years',
  owned: 'owned',
};

const count = (title: string): Column => ({ title, align: 'right' });
const tokens: Pick<Column, 'align' | 'format'> = { align: 'right', format: formatTokens };
const usd: Pick<Column, 'align' | 'format'> = { align: 'right', format: formatUsd };
const price: Pick<Column, 'align' | 'format'> = { align: 'right', format: formatPrice };
const share: Pick<Column, 'align' | 'format'> = { align: 'right', format: formatShare };

/** A tariff in words: `moonshotai (list price)`. */
export function tariffName({ provider, role, model }: TariffLine, asked: unknown = model): string {
  return `${model === asked ? '' : `${model} at `}${provider} (${ROLES[role]})`;
}

/** A fleet in words: `8× H200 SXM, TP8`, with how it is paid for unless on demand. */
export function fleetLineName({ gpusPerReplica, gpuName, layout, purchase }: FleetLine): string {
  return `${gpusPerReplica}× ${gpuName}, ${layoutName(layout)}${purchase === 'on-demand' ? '' : `, ${PURCHASE_WORDS[purchase]}`}`;
}

/** Names of the tariffs and fleets of an answer by id; an id that is unknown stands for itself. */
export function namesOf({ tariffs, offers, query }: BreakEvenAnswer): (id: string) => string {
  const names = new Map([
    ...tariffs.map((line) => [line.id, tariffName(line, query['model'])] as const),
    ...offers.map((line) => [line.id, fleetLineName(line)] as const),
  ]);
  return (id) => names.get(id) ?? id;
}

/** Volumes at which the two sides cost the same, for one fleet. */
export function crossingTable(answer: BreakEvenAnswer, crossings: readonly Crossing[]): Table {
  const nameOf = namesOf(answer);
  const row = (crossing: Crossing): Cell[] => {
    const { tariff, cheaperBeyond, final, tokensPerMonth, requestsPerMonth, utilisation, hoursPerDay, replicas, instances } = crossing;
    return [
      nameOf(tariff),
      tokensPerMonth,
      requestsPerMonth,
      `${cheaperBeyond === 'self-host' ? 'own GPUs' : 'the API'}${final ? ', for good' : ''}`,
      utilisation,
      hoursPerDay,
      replicas,
      instances,
    ];
  };
  return {
    columns: [
      { title: 'against' },
      { title: 'tokens a month', ...tokens },
      { title: 'requests a month', ...tokens },
      { title: 'cheaper beyond' },
      { title: 'utilisation', ...share },
      { title: 'at capacity', unit: 'hours a day', align: 'right', format: (hours) => hours.toFixed(1) },
      count('replicas'),
      count('instances'),
    ],
    rows: crossings.map((crossing) => ({ cells: row(crossing) })),
  };
}

/** What both sides cost at a ladder of monthly volumes, for one fleet. */
export function monthlyTable({ monthly, tariffs, query }: BreakEvenAnswer, fleet: FleetLine): Table {
  const row = ({ tokensPerMonth, requestsPerMonth, replicas, instances, utilisation, selfHostUsd, apiUsd }: MonthlyRow): Cell[] => [
    tokensPerMonth,
    requestsPerMonth,
    instances,
    replicas,
    utilisation,
    selfHostUsd,
    ...tariffs.map(({ id }) => apiUsd[id] ?? null),
  ];
  return {
    columns: [
      { title: 'tokens a month', ...tokens },
      { title: 'requests a month', ...tokens },
      count('instances'),
      count('replicas'),
      { title: 'utilisation', ...share },
      { title: 'own GPUs', unit: 'USD/month', ...usd },
      ...tariffs.map((tariff): Column => ({ title: tariffName(tariff, query['model']), unit: 'USD/month', ...usd })),
    ],
    rows: monthly.filter(({ offer }) => offer === fleet.id).map((line) => ({ cells: row(line) })),
  };
}

/** `8 GPUs per replica and 8 per instance`. */
function sizes({ gpusPerReplica, gpusPerInstance }: FleetLine): string {
  return `${gpusPerReplica} GPU${gpusPerReplica === 1 ? '' : 's'} per replica and ${gpusPerInstance} per instance`;
}

/** What the GPUs cost and hold. */
export function fleetTable(offers: readonly FleetLine[]): Table {
  return {
    columns: [
      { title: 'own GPUs' },
      { title: 'engine' },
      { title: 'rent', unit: 'USD/GPU-hour', ...price },
      count('offers'),
      { title: 'instance', unit: 'USD/month', ...usd },
      { title: 'requests/s per replica', align: 'right' },
      { title: 'tokens a month per replica', ...tokens },
      count('concurrency'),
      { title: 'TPOT', unit: 'ms', align: 'right' },
      { title: 'prefix reuse', ...share },
    ],
    rows: offers.map((line) => ({
      cells: [
        fleetLineName(line),
        `${line.engine} ${line.engineVersion}, ${line.format}`,
        line.usdPerGpuHour,
        line.offers,
        line.usdPerInstanceMonth,
        line.requestsPerSecond ?? codeInWords('no-measurement'),
        line.tokensPerMonthPerReplica ?? codeInWords('no-measurement'),
        line.concurrency,
        line.tpotMs,
        line.reuse,
      ],
      note: `${sizes(line)}${line.fixedUsd > 0 ? `; ${formatUsd(line.fixedUsd)} a month beside them for moving` : ''}.`,
    })),
  };
}

/** The API prices of the answer. */
export function tariffTable({ tariffs }: BreakEvenAnswer): Table {
  return {
    columns: [
      { title: 'API' },
      { title: 'model' },
      { title: 'input', unit: 'USD/Mtok', ...price },
      { title: 'cache read', unit: 'USD/Mtok', ...price },
      { title: 'output', unit: 'USD/Mtok', ...price },
      { title: 'per request', unit: 'USD', ...price },
      { title: 'all tokens', unit: 'USD/Mtok', ...price },
      { title: 'date' },
    ],
    rows: tariffs.map((line) => ({
      cells: [
        tariffName(line),
        line.model,
        line.inputUsdPerMtok,
        line.cacheReadUsdPerMtok,
        line.outputUsdPerMtok,
        line.usdPerRequest,
        line.usdPerMtok,
        line.date,
      ],
    })),
  };
}

/** All monthly rows with unrounded numbers under the names of the JSON, for CSV; one API column for each tariff id. */
export function monthlyRawTable({ monthly, tariffs }: BreakEvenAnswer): Table {
  return {
    columns: [
      ...['offer', 'tokensPerMonth', 'requestsPerMonth', 'replicas', 'instances', 'utilisation'].map((title) => ({ title })),
      { title: 'selfHostUsd', banded: true },
      ...tariffs.map(({ id }) => ({ title: `apiUsd ${id}`, banded: true })),
    ],
    rows: monthly.map((line) => ({
      cells: [
        line.offer,
        line.tokensPerMonth,
        line.requestsPerMonth,
        line.replicas,
        line.instances,
        line.utilisation,
        line.selfHostUsd,
        ...tariffs.map(({ id }) => line.apiUsd[id] ?? null),
      ],
    })),
  };
}
