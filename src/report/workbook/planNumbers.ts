import type { Trend } from '../../cost/cashflow/trend.ts';
import type { CashFlowCase } from './cashFlowCase.ts';
import { FORMATS } from './numberFormat.ts';
import { type PlanNumber, trendNumbers } from './trendCells.ts';

/** A number of a plan with the name under which formulas find it. */
export interface NamedNumber extends PlanNumber {
  readonly name: string;
}

type Field = readonly [name: string, label: string, value: number, format: string, unit: string];

function instanceFields({ plan: { host } }: CashFlowCase): Field[] {
  const { instances } = host;
  const { cents, count, share } = FORMATS;
  if (instances.kind === 'rent')
    return [
      ['instanceUsd', 'rent of an instance', instances.usdPerMonth, cents, 'USD/instance/month'],
      ['lifeMonths', 'months of a contract', instances.commitmentMonths, count, 'month'],
    ];
  return [
    ['instanceUsd', 'price of an instance', instances.usd, cents, 'USD/instance'],
    ['lifeMonths', 'months of use', instances.lifeMonths, count, 'month'],
    ['residualShare', 'share of the price that is left then', instances.residualShare, share, ''],
  ];
}

function taxFields({ tax }: CashFlowCase): Field[] {
  if (!tax) return [];
  const shares = tax.shares.map(
    (share, year): Field => [`deducted${year}`, `deducted in tax year ${year + 1}, of the price`, share, FORMATS.share, ''],
  );
  return [['taxRate', 'share of profit that is paid as tax', tax.rate, FORMATS.share, ''], ...shares];
}

/** The numbers of a plan, in the order of its sheet. */
export function planNumbers(flowCase: CashFlowCase): NamedNumber[] {
  const { plan, costOfCapital, waitMonths } = flowCase;
  const { host, api } = plan;
  const { fleet } = host;
  const { cents, count, share, smallPrice } = FORMATS;
  const fields: Field[] = [
    ['requestsPerMonth', 'requests of a month, at a demand of 1', plan.requestsPerMonth, count, 'request/month'],
    ['usdPerRequest', 'the API: one request', api.usdPerRequest, smallPrice, 'USD/request'],
    ['requestsPerReplica', 'requests that a replica is planned to carry', fleet.requestsPerReplica, count, 'request/month'],
    ['replicasPerStep', 'replicas of a step of instances', fleet.replicasPerStep, count, ''],
    ['instancesPerStep', 'instances of a step', fleet.instancesPerStep, count, 'instance'],
    ['spareReplicas', 'replicas kept spare', fleet.spareReplicas, count, ''],
    ...instanceFields(flowCase),
    ['runningUsdPerMonth', 'running cost of an instance', host.runningUsdPerMonth, cents, 'USD/instance/month'],
    ['oneOffUsd', 'paid once when hosting starts', host.oneOffUsd, cents, 'USD'],
    ['overlapMonths', 'months in which the API is still paid after the start', host.overlapMonths, count, 'month'],
    ['waitMonths', 'months on the API before hosting starts', waitMonths, count, 'month'],
    ['costOfCapital', 'cost of capital', costOfCapital, share, '1/year'],
    ...taxFields(flowCase),
  ];
  const trend = (name: string, what: string, parts: Trend) =>
    trendNumbers(parts, what).map((number, place) => ({ name: `${name}${place}`, ...number }));
  return [
    ...fields.map(([name, label, value, format, unit]) => ({ name, label, value, format, unit })),
    ...trend('demand', 'demand', plan.demand),
    ...trend('apiPrice', 'price of the API', api.price),
    ...trend('hostPrice', host.instances.kind === 'buy' ? 'price of instances' : 'rent', host.instances.price),
  ];
}
