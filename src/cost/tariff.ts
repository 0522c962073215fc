import type { SourceId } from '../evidence/source.ts';

/** A dated price of API tokens at one host. */
export interface Tariff {
  readonly id: string;
  readonly provider: string;
  /** As it writes itself. */
  readonly providerName: string;
  /** vendor = the maker of the model; host = runs the weights; router = resells hosts. */
  readonly providerKind: 'vendor' | 'host' | 'router';
  readonly model: string;
  /** standard, or another service tier such as batch, flex, fast. */
  readonly tier: string;
  readonly inputUsdPerMtok: number;
  /** null: none published, so cached tokens bill at the input price. */
  readonly cacheReadUsdPerMtok: number | null;
  readonly outputUsdPerMtok: number;
  readonly date: string;
  readonly source: SourceId;
}
