import type { SourceId } from '../evidence/source.ts';

/** What an account may use once so much was paid into it; null: no such limit is stated. */
export interface AccountTier {
  readonly topUpUsd: number;
  readonly concurrency: number | null;
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
  readonly tokensPerDay: number | null;
}

/** The limits of one account of a provider, tiers ascending. */
export interface Account {
  /** The provider. */
  readonly id: string;
  readonly tiers: readonly AccountTier[];
  readonly source: SourceId;
}

/** Even load over the hours in which the traffic comes. */
export interface AccountLoad {
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
  readonly tokensPerDay: number;
}

/** Whether one account can buy a load. */
export interface AccountVerdict {
  /** The lowest tier that carries it; null where none does. */
  readonly tier: AccountTier | null;
  /** Of the highest tier: the limit that the load uses most of (null where it states none), and the load on it. */
  readonly binding: keyof AccountLoad;
  readonly limit: number | null;
  readonly load: number;
  /** Accounts of the highest tier that would carry it. */
  readonly accounts: number;
}

const LIMITS: readonly (keyof AccountLoad)[] = ['requestsPerMinute', 'tokensPerMinute', 'tokensPerDay'];

function use(tier: AccountTier, load: AccountLoad, limit: keyof AccountLoad): number {
  const most = tier[limit];
  return most === null ? 0 : load[limit] / most;
}

/**
 * The tier of an account that a load needs: the lowest one under whose limits of requests and tokens it stays on average. Bursts need
 * more, and how many requests are in flight depends on how long the host takes.
 *
 * @returns null where the provider states no limits
 * @example accountVerdict(moonshot, { requestsPerMinute: 157, tokensPerMinute: 13.3e6, tokensPerDay: 19.2e9 })?.tier // null
 */
export function accountVerdict({ tiers }: Pick<Account, 'tiers'>, load: AccountLoad): AccountVerdict | null {
  const highest = tiers.at(-1);
  if (!highest) return null;
  const binding = LIMITS.reduce((most, limit) => (use(highest, load, limit) > use(highest, load, most) ? limit : most));
  return {
    tier: tiers.find((tier) => LIMITS.every((limit) => use(tier, load, limit) <= 1)) ?? null,
    binding,
    limit: highest[binding],
    load: load[binding],
    accounts: Math.max(1, Math.ceil(use(highest, load, binding))),
  };
}
