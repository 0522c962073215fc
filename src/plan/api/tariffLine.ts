import type { AccountVerdict } from '../../cost/account.ts';
import type { Estimate } from '../../evidence/estimate.ts';
import type { SourceId } from '../../evidence/source.ts';

export type TariffRole = 'list' | 'cheapest-host' | 'asked' | 'other';

/** An API price as used in an answer. */
export interface TariffLine {
  readonly id: string;
  readonly role: TariffRole;
  readonly provider: string;
  readonly model: string;
  /** standard, batch, flex, fast … */
  readonly tier: string;
  /** Of the mean request: its context tier, mean over the hours of the traffic. */
  readonly inputUsdPerMtok: number;
  readonly cacheReadUsdPerMtok: number;
  readonly cacheWriteUsdPerMtok: number;
  readonly outputUsdPerMtok: number;
  readonly usdPerRequest: number;
  /** Per million tokens, input and output together; the band is that of the prefix reuse which is stated for the workload. */
  readonly usdPerMtok: Estimate;
  /** Whether one account can buy the asked volume; null where no volume is asked or no limit known. */
  readonly account: AccountVerdict | null;
  readonly date: string;
  readonly source: SourceId;
}
