import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { resolveCatalog } from '../../src/catalog/resolve.ts';
import { type AccountLoad, accountVerdict } from '../../src/cost/account.ts';
import { moonshot } from '../support/tariffs.ts';

const MINUTES_PER_MONTH = 730 * 60;

/** The load of even traffic at all hours of a month. */
function loadOf(tokensPerMonth: number, requestsPerMonth: number): AccountLoad {
  const tokensPerMinute = tokensPerMonth / MINUTES_PER_MONTH;
  return { requestsPerMinute: requestsPerMonth / MINUTES_PER_MONTH, tokensPerMinute, tokensPerDay: tokensPerMinute * 1440 };
}

describe('accountVerdict', () => {
  const { accounts } = resolveCatalog(fileURLToPath(new URL('../../data', import.meta.url)));
  const shipped = accounts.find(({ id }) => id === 'moonshotai') ?? { tiers: [] };

  it('583e9 tokens a month of agentic coding: 13.3M a minute, above the ceiling of one account', () => {
    // Cline on Kimi K2.6: 85,000 tokens a call.
    const verdict = accountVerdict(shipped, loadOf(583e9, 583e9 / 85_000));
    expect(verdict).toMatchObject({ tier: null, binding: 'tokensPerMinute', limit: 5_000_000, accounts: 3 });
    expect(verdict?.load).toBeCloseTo(13.31e6, -4);
  });

  it('the ceiling itself is allowed, one token more is not', () => {
    const at = (tokensPerMinute: number) =>
      accountVerdict(shipped, { requestsPerMinute: 1, tokensPerMinute, tokensPerDay: tokensPerMinute * 1440 });
    expect(at(5_000_000)).toMatchObject({ tier: { topUpUsd: 3000 }, accounts: 1 });
    expect(at(5_000_001)).toMatchObject({ tier: null, accounts: 2 });
  });

  it('names the lowest tier that carries the load', () => {
    const tier = (tokensPerMonth: number, requestsPerMonth: number) =>
      accountVerdict(shipped, loadOf(tokensPerMonth, requestsPerMonth))?.tier?.topUpUsd;
    expect(tier(30e6, 1000)).toBe(1);
    expect(tier(60e6, 1000)).toBe(10);
    expect(tier(30e6, 200_000)).toBe(10);
    expect(tier(30e6, 10e6)).toBe(20);
    expect(tier(30e6, 100e6)).toBe(100);
    expect(tier(150e9, 1e6)).toBe(1000);
    expect(tier(200e9, 1e6)).toBe(3000);
  });

  it('says which limit is used most: few long requests or many short ones', () => {
    expect(accountVerdict(moonshot, loadOf(1e9, 1000))?.binding).toBe('tokensPerMinute');
    expect(accountVerdict(moonshot, loadOf(1e9, 500e6))).toMatchObject({ binding: 'requestsPerMinute', limit: 10_000, accounts: 2 });
  });

  it('a limit that is not stated binds nothing', () => {
    const open = { topUpUsd: 1, concurrency: null, requestsPerMinute: null, tokensPerMinute: null, tokensPerDay: null };
    expect(accountVerdict({ tiers: [open] }, loadOf(1e15, 1e12))).toMatchObject({
      tier: open,
      accounts: 1,
      limit: null,
    });
    expect(accountVerdict({ tiers: [] }, loadOf(1, 1))).toBeNull();
  });
});
