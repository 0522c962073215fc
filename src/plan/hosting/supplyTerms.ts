import { type CostCode, type CostLine, counts } from '../../cost/purchase.ts';
import type { BandFact } from '../../evidence/source.ts';
import type { TermSheet, Unit } from '../../evidence/term.ts';
import type { HostingQuestion } from './hostingQuestion.ts';
import type { OwnedServer } from './ownershipRules.ts';
import type { SelfHost } from './selfHost.ts';
import type { Supply } from './supply.ts';

const SYMBOLS: Readonly<Record<CostCode, string>> = {
  rent: 'rent',
  depreciation: 'depreciation',
  'cost-of-capital': 'capitalCost',
  maintenance: 'maintenanceCost',
  energy: 'energyCost',
  colocation: 'colocationCost',
  network: 'networkCost',
  staff: 'staffCost',
  'ramp-up': 'rampUpCost',
};

/** The term of one line of an instance's cost. */
export function costSymbol(k: string, code: CostCode): string {
  return `${k}_${SYMBOLS[code]}`;
}

const LABELS: Readonly<Record<CostCode, string>> = {
  rent: 'rent of an instance',
  depreciation: 'depreciation of a machine',
  'cost-of-capital': 'cost of capital',
  maintenance: 'maintenance',
  energy: 'energy and cooling, at full load in all hours',
  colocation: 'colocation',
  network: 'network',
  staff: 'people who run it',
  'ramp-up': 'ramp-up, spread',
};

function ownedInputs(sheet: TermSheet, k: string, server: OwnedServer, { ownership }: HostingQuestion): void {
  const { inputs } = ownership;
  const input = (name: string, label: string, unit: Unit, fact: BandFact) => sheet.input(`${k}_${name}`, label, unit, fact, fact.source);
  input('capexUsd', server.name, 'USD/instance', server.capexUsd);
  input('kilowatts', 'draw of a machine', 'kW/instance', server.kilowatts);
  input('lifeYears', 'years of use', 'year', inputs.lifeYears);
  input('residualShare', 'share of the price that is left then', '', inputs.residualShare);
  input('costOfCapital', 'cost of capital', '1/year', inputs.costOfCapital);
  input('maintenanceShare', 'maintenance, of the price', '1/year', inputs.maintenanceShare);
  input('pue', 'power usage effectiveness', '', inputs.pue);
  input('usdPerKwh', 'price of electricity', 'USD/kWh', inputs.usdPerKwh);
  input('colocationUsdPerMonth', 'colocation', 'USD/instance/month', inputs.colocationUsdPerMonth);
  input('networkUsdPerMonth', 'network', 'USD/instance/month', inputs.networkUsdPerMonth);
}

/** The formula of each line of the cost of an instance. */
function formulaOf(code: CostCode, k: string, supply: Supply): string {
  switch (code) {
    case 'rent':
      return `${k}_usdPerGpuHour * ${k}_gpusPerInstance * ${k}_billedHours`;
    case 'depreciation':
      return `${k}_capexUsd * (1 - ${k}_residualShare) / (${k}_lifeYears * monthsPerYear)`;
    case 'cost-of-capital':
      return `${k}_capexUsd * ${k}_costOfCapital / monthsPerYear`;
    case 'maintenance':
      return `${k}_capexUsd * ${k}_maintenanceShare / monthsPerYear`;
    case 'energy':
      return `${k}_kilowatts * ${k}_pue * hoursPerMonth * ${k}_usdPerKwh`;
    case 'colocation':
      return `${k}_colocationUsdPerMonth`;
    case 'network':
      return `${k}_networkUsdPerMonth`;
    case 'staff':
      return `${k}_gpusPerInstance / (8 GPU) * ftePerEightGpus * usdPerFteMonth`;
    case 'ramp-up': {
      const others = supply.lines.filter((line) => line.code !== 'ramp-up').map((line) => costSymbol(k, line.code));
      return `(${others.join(' + ')}) * rampMonths / spreadMonths`;
    }
  }
}

/** What an instance costs, line by line, and what the lens counts of it. */
export function supplyTerms(sheet: TermSheet, { key: k, supply }: SelfHost, question: HostingQuestion): void {
  const { rent, owned } = supply;
  const lines: readonly CostLine[] = supply.lines.some(({ code }) => code === 'ramp-up')
    ? supply.lines
    : [...supply.lines, { code: 'ramp-up', usdPerMonth: 0 }];
  if (rent && rent.offers.length <= 1) sheet.input(`${k}_usdPerGpuHour`, rent.method, 'USD/GPU/hour', rent.usdPerGpuHour, rent.source);
  else if (rent) sheet.lookup(`${k}_usdPerGpuHour`, 'price of a GPU', 'USD/GPU/hour', rent.usdPerGpuHour, rent.method, rent.source);
  sheet.input(`${k}_gpusPerInstance`, 'GPUs of an instance', 'GPU/instance', supply.gpusPerInstance, supply.source);
  const hours = supply.billedHours === question.volume.hoursPerMonth ? 'hoursPerMonth' : 'trafficHours';
  sheet.formula(`${k}_billedHours`, 'hours of the month that are paid for', 'hour/month', supply.billedHours, hours);
  if (owned) ownedInputs(sheet, k, owned, question);
  for (const { code, usdPerMonth } of lines)
    sheet.formula(costSymbol(k, code), LABELS[code], 'USD/instance/month', usdPerMonth, formulaOf(code, k, supply));
  const counted = lines.filter(({ code }) => counts(code, question.lens)).map(({ code }) => costSymbol(k, code));
  sheet.formula(
    `${k}_usdPerInstanceMonth`,
    `an instance in a month, ${question.lens === 'incremental' ? 'what hosting adds' : 'everything'}`,
    'USD/instance/month',
    supply.usdPerInstanceMonth,
    counted.join(' + '),
  );
}
