import { describe, expect, it } from 'vitest';
import { rateLimitsIn } from '../../src/calibration/client/rateLimits.ts';
import type { RequestRecord } from '../../src/calibration/client/record.ts';
import { balanceIn, billOf } from '../../src/calibration/run/balance.ts';
import { limitsSeen } from '../../src/calibration/run/limitsSeen.ts';

describe('rate limits in headers', () => {
  it.each<[Record<string, string>, unknown]>([
    [{ 'x-ratelimit-limit-requests': '500', 'x-ratelimit-remaining-requests': '499' }, [{ what: 'requests', limit: 500, remaining: 499 }]],
    [{ 'X-RateLimit-Limit': '3', 'X-RateLimit-Remaining': '2', 'X-RateLimit-Reset': '60' }, [{ what: 'requests', limit: 3, remaining: 2 }]],
    [
      { 'anthropic-ratelimit-input-tokens-limit': '2000000', 'anthropic-ratelimit-input-tokens-remaining': '1' },
      [{ what: 'input-tokens', limit: 2_000_000, remaining: 1 }],
    ],
    [{ 'anthropic-ratelimit-tokens-limit': '7' }, [{ what: 'tokens', limit: 7, remaining: null }]],
    [{ 'x-ratelimit-limit': '100, 100;w=60', 'x-ratelimit-limit-tokens': '-1', 'x-ratelimit-limit-days': '1e9' }, []],
    [{ 'retry-after': '3' }, []],
  ])('%j', (headers, expected) => {
    expect(rateLimitsIn(new Headers(headers))).toEqual(expected);
  });

  it('reads no more than eight', () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`x-ratelimit-limit-${'a'.repeat(at + 1)}`, '1']));
    expect(rateLimitsIn(new Headers(many))).toHaveLength(8);
  });
});

/** A request sent at one moment and ended at another. */
function sent(sentMs: number, endMs: number, part: Partial<RequestRecord> = {}): RequestRecord {
  const usage = { place: 'last-chunk', inputTokens: 100, cachedTokens: 0, outputTokens: 10, reasoningTokens: null };
  return { ask: { inputTokens: 90 }, sentMs, endMs, usage, failure: null, ...part } as unknown as RequestRecord;
}

const refused = {
  failure: { code: 'rate-limited', message: '' },
  usage: { inputTokens: null, outputTokens: null },
} as unknown as Partial<RequestRecord>;

describe('what a run met of its limits', () => {
  it('is what was under way and what the minute before had at the first refusal', () => {
    const records = [
      sent(0, 100),
      sent(50_000, 70_000),
      sent(64_000, 71_000),
      sent(66_000, 66_001, refused),
      sent(65_000, 65_001, refused),
    ];
    expect(limitsSeen(records).refused).toEqual({ inFlight: 2, requests: 2, tokens: 220 });
    expect(limitsSeen(records.slice(0, 3))).toEqual({ stated: [], refused: null });
  });

  it('keeps the least that was left of each', () => {
    const left = (what: string, remaining: number | null) => sent(0, 1, { rateLimits: [{ what, limit: 9, remaining }] });
    expect(limitsSeen([left('requests', 5), left('requests', 2), left('requests', null), left('tokens', null)]).stated).toEqual([
      { what: 'requests', limit: 9, remaining: 2 },
      { what: 'tokens', limit: 9, remaining: null },
    ]);
  });
});

describe('the bill', () => {
  it.each([
    ['{"code":0,"data":{"available_balance":49.58894,"voucher_balance":46.58893,"cash_balance":3.00001},"status":true}', 49.58894],
    ['{"data":{"available_balance":"49"}}', null],
    ['{"data":null}', null],
    ['<html>', null],
  ])('reads %s', (page, balance) => {
    expect(balanceIn(page)).toBe(balance);
  });

  it('is the fall of the balance', () => {
    expect(billOf(10, 9.5, 0.4)).toEqual({ chargedUsd: 0.5, tariffUsd: 0.4 });
    expect([billOf(null, 1, 1), billOf(1, null, 1), billOf(1, 1, null)]).toEqual([null, null, null]);
  });
});
