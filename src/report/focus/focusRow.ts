import { monthAt } from '../../plan/outlook/cashFlow.ts';
import type { Cell, Table } from '../table.ts';

/**
 * Columns of the FinOps Open Cost and Usage Specification 1.2: those that must be there, those that a forecast fills, and those of kplan,
 * which begin with `x_`.
 */
export const FOCUS_COLUMNS = [
  'BilledCost',
  'BillingAccountId',
  'BillingAccountName',
  'BillingCurrency',
  'BillingPeriodEnd',
  'BillingPeriodStart',
  'ChargeCategory',
  'ChargeClass',
  'ChargeDescription',
  'ChargeFrequency',
  'ChargePeriodEnd',
  'ChargePeriodStart',
  'ConsumedQuantity',
  'ConsumedUnit',
  'ContractedCost',
  'ContractedUnitPrice',
  'EffectiveCost',
  'InvoiceIssuerName',
  'ListCost',
  'ListUnitPrice',
  'PricingCategory',
  'PricingQuantity',
  'PricingUnit',
  'ProviderName',
  'PublisherName',
  'ServiceCategory',
  'ServiceName',
  'ServiceSubcategory',
  'SkuId',
  'SkuMeter',
  'x_Alternative',
] as const;

/** The first column: it marks the file as kplan's. */
export const FOCUS_MARK = 'x_KplanSchema';

type FocusColumn = (typeof FOCUS_COLUMNS)[number];
export type FocusRow = Readonly<Partial<Record<FocusColumn, string | number>>>;

/** Who is paid for what. */
export interface FocusService {
  /** What alternatives are told apart by. */
  readonly alternative: string;
  readonly provider: string;
  readonly service: string;
  readonly sku: string;
  readonly kind: 'api' | 'gpus';
}

/** A meter in a month. */
export interface FocusMeter {
  readonly meter: string;
  readonly category?: 'Usage' | 'Purchase' | 'Credit';
  readonly frequency?: 'Usage-Based' | 'Recurring' | 'One-Time';
  readonly pricing?: 'Standard' | 'Committed' | 'Dynamic' | 'Other';
  /** What is used, in its own unit, and how many of them a priced unit holds. */
  readonly quantity: number;
  readonly unit: string;
  readonly perUnit?: number;
  /** Of a priced unit, where it is known better than as the quotient. */
  readonly unitUsd?: number;
  readonly usd: number;
}

const SERVICES = {
  api: { ServiceCategory: 'AI and Machine Learning', ServiceSubcategory: 'Generative AI' },
  gpus: { ServiceCategory: 'Compute', ServiceSubcategory: 'Other (Compute)' },
} as const;

/** The first moment of a month. */
function startOf(month: string): string {
  return `${month}-01T00:00:00Z`;
}

/**
 * A row of the forecast: one meter in one month. Nothing is billed yet, so `BilledCost` is null.
 *
 * @param month `YYYY-MM`
 */
export function focusRow({ alternative, provider, service, sku, kind }: FocusService, month: string, meter: FocusMeter): FocusRow {
  const { category = 'Usage', frequency = 'Usage-Based', pricing = 'Standard', quantity, unit, perUnit = 1, unitUsd, usd } = meter;
  const priced = quantity / perUnit;
  const each = unitUsd ?? (priced === 0 ? undefined : usd / priced);
  const price = each === undefined ? {} : { ListUnitPrice: each, ContractedUnitPrice: each };
  const used = category === 'Usage' ? { ConsumedQuantity: quantity, ConsumedUnit: unit } : {};
  const period = { Start: startOf(month), End: startOf(monthAt(month, 1)) };
  return {
    BillingCurrency: 'USD',
    BillingPeriodStart: period.Start,
    BillingPeriodEnd: period.End,
    ChargePeriodStart: period.Start,
    ChargePeriodEnd: period.End,
    ChargeCategory: category,
    ChargeDescription: `Forecast of kplan: ${meter.meter}`,
    ChargeFrequency: frequency,
    ...used,
    ...price,
    ContractedCost: usd,
    EffectiveCost: usd,
    ListCost: usd,
    PricingCategory: pricing,
    PricingQuantity: priced,
    PricingUnit: perUnit === 1 ? unit : `${perUnit} ${unit}`,
    InvoiceIssuerName: provider,
    ProviderName: provider,
    PublisherName: provider,
    ...SERVICES[kind],
    ServiceName: service,
    SkuId: sku,
    SkuMeter: meter.meter,
    x_Alternative: alternative,
  };
}

/** Rows as a table of all columns, what is not known left empty. */
export function focusTable(rows: readonly FocusRow[]): Table {
  return {
    columns: FOCUS_COLUMNS.map((title) => ({ title })),
    rows: rows.map((row) => ({ cells: FOCUS_COLUMNS.map((column): Cell => row[column] ?? null) })),
  };
}
