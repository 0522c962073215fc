import type { ConditionalPrices, TokenPrices } from '../../cost/tariff.ts';
import type { Disagreement } from '../../plan/facts/disagreements.ts';
import type { Refusal } from '../shared/refusal.ts';
import type { PriceChange } from './priceChange.ts';
import type { RegistryId } from './registry.ts';
import type { RefusalKind } from './rowFlaw.ts';

/** A file that was read, and what was in it. */
export interface ReadRegistry {
  readonly registry: RegistryId;
  readonly file: string;
  /** Models that it lists, with what describes the file. */
  readonly entries: number;
  /** Prices that were read, those that are held back included. */
  readonly prices: number;
  /** Models that are not wanted, or that the catalog does not know. */
  readonly otherModels: number;
  /** Models that embed, rank, speak or draw. */
  readonly otherKinds: number;
  /** The day of the prices for which the file states none. */
  readonly date: string;
  /** option: --date · modified: the day on which the file was last changed */
  readonly dateBasis: 'option' | 'modified';
  /** Prices for which the file states a day. */
  readonly ownDates: number;
}

/** The price that a new one is compared with. */
export interface PriceBefore extends TokenPrices {
  readonly id: string;
  readonly date: string;
  readonly conditions: readonly ConditionalPrices[];
}

/** A price of the import. */
export interface ImportedPrice extends TokenPrices {
  /** `registry:provider:name@day`, with `/tier` and `#set` where a name has several. */
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  readonly tier: string;
  /** In which the file of the catalog holds it; the prices here are USD. */
  readonly currency: string;
  readonly conditions: readonly ConditionalPrices[];
  readonly from: string | null;
  readonly until: string | null;
  readonly date: string;
  /** known: the catalog folder held it before, or a file before this one did. */
  readonly status: 'added' | 'known';
  /** Against the newest price of the same provider, model and tier. */
  readonly change: PriceChange;
  readonly before: PriceBefore | null;
}

/** A part of a registry that became no price. */
export interface RefusedPrice extends Refusal {
  readonly kind: RefusalKind;
}

/** What an import of price registries came to. */
export interface PricesImport {
  readonly schema: 'kplan/import-prices@1';
  readonly answer: string;
  /** The file of tariffs in the catalog folder. */
  readonly catalog: string;
  readonly registries: readonly ReadRegistry[];
  readonly added: number;
  readonly rows: readonly ImportedPrice[];
  /** Prices that registries list more than 5 % apart. */
  readonly disagreements: readonly Disagreement[];
  readonly refused: readonly RefusedPrice[];
  /** Models of the files that are not wanted, or that the catalog does not know. */
  readonly otherModels: number;
  readonly notes: readonly string[];
}

/** Refusals of which any registry is full: they break nothing. */
const USUAL: readonly RefusalKind[] = ['template', 'not-metered', 'not-per-token'];

/** Whether a refusal is one that somebody should look at. */
export function isUnusual({ kind }: RefusedPrice): boolean {
  return !USUAL.includes(kind);
}
