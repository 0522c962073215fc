import type { Account } from '../cost/account.ts';
import type { DepreciationSchedule } from '../cost/cashflow/depreciation.ts';
import type { PublishedTrend } from '../cost/cashflow/trend.ts';
import type { ExchangeRate } from '../cost/exchange.ts';
import type { OwnershipPreset, Server } from '../cost/ownership.ts';
import type { Planning } from '../cost/planning.ts';
import type { Tariff } from '../cost/tariff.ts';
import type { Constraint } from '../plan/constraint.ts';
import { accountFile } from './accountFile.ts';
import { constraintFile } from './constraintFile.ts';
import { type DataFolder, idsOf, readYamlFile, readYamlFolder } from './dataFolder.ts';
import { readExchangeRates } from './exchange.ts';
import { depreciationFile, trendsFile } from './moneyTimeFiles.ts';
import { checkNames, checkReference } from './names.ts';
import { ownershipFile, serverFile } from './ownershipFile.ts';
import { planningFile } from './planningFile.ts';
import { providersFile } from './sharedFiles.ts';
import type { SourceBook } from './sourceBook.ts';
import { readTariffs } from './tariffs.ts';

/** Facts about money beside offers. */
export interface CostFacts {
  readonly tariffs: readonly Tariff[];
  readonly exchangeRates: readonly ExchangeRate[];
  readonly servers: readonly Server[];
  readonly ownership: readonly OwnershipPreset[];
  readonly accounts: readonly Account[];
  readonly constraints: readonly Constraint[];
  readonly planning: Planning;
  readonly trends: readonly PublishedTrend[];
  readonly depreciation: readonly DepreciationSchedule[];
}

function readConstraints(folder: DataFolder, providers: ReadonlySet<string>, book: SourceBook): Constraint[] {
  const file = readYamlFile(folder, 'constraints.yaml', constraintFile);
  if (!file) return [];
  const models = idsOf(folder, 'models');
  for (const [id, { models: named = [], providers: hosts = [] }] of Object.entries(file.content.constraints)) {
    for (const [index, model] of named.entries()) checkReference(models, file, ['constraints', id, 'models', index], model, folder.faults);
    for (const [index, host] of hosts.entries())
      checkReference(providers, file, ['constraints', id, 'providers', index], host, folder.faults);
  }
  return Object.entries(book.qualify('constraints', file).constraints).map(([id, constraint]) => ({ id, ...constraint }));
}

/** Trends and tax schedules, in the order of their files. */
function readMoneyTime(folder: DataFolder, book: SourceBook): Pick<CostFacts, 'trends' | 'depreciation'> {
  const trends = readYamlFile(folder, 'trends.yaml', trendsFile);
  const schedules = readYamlFile(folder, 'depreciation.yaml', depreciationFile);
  const withIds = <T>(entries: Readonly<Record<string, T>>) => Object.entries(entries).map(([id, entry]) => ({ id, ...entry }));
  return {
    trends: trends ? withIds(book.qualify('trends', trends).trends) : [],
    depreciation: schedules ? withIds(book.qualify('depreciation', schedules).schedules) : [],
  };
}

/** Reads tariffs, machines, ownership inputs, accounts, constraints, trends, tax schedules and what plans take for granted. */
export function readCostFacts(folder: DataFolder, gpus: ReadonlySet<string>, book: SourceBook): CostFacts {
  const providers = readYamlFile(folder, 'providers.yaml', providersFile)?.content.providers ?? {};
  const known = new Set(Object.keys(providers));
  const servers = readYamlFolder(folder, 'servers', serverFile);
  const presets = readYamlFolder(folder, 'ownership', ownershipFile);
  const accounts = readYamlFolder(folder, 'accounts', accountFile);
  const planning = readYamlFile(folder, 'planning.yaml', planningFile);
  const exchangeRates = readExchangeRates(folder, book);
  checkNames(presets, folder.faults);
  for (const file of servers) checkReference(gpus, file, ['gpu'], file.content.gpu, folder.faults);
  for (const file of accounts) checkReference(known, file, ['provider'], file.id, folder.faults);
  return {
    tariffs: readTariffs(folder, exchangeRates, providers, (file) => {
      if (known.size > 0) checkReference(known, file, ['provider'], file.content.provider, folder.faults);
      return book.sharedId(file.content.source, file.data);
    }),
    exchangeRates,
    servers: servers.map((file) => ({ id: file.id, ...book.qualify('servers', file) })),
    ownership: presets.map((file) => ({ id: file.id, ...book.qualify('ownership', file) })),
    accounts: accounts.map((file) => ({ id: file.id, ...book.qualify('accounts', file) })),
    constraints: readConstraints(folder, known, book),
    planning: (planning ? book.qualify('planning', planning) : {}) as Planning,
    ...readMoneyTime(folder, book),
  };
}
