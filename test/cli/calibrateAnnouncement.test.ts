import { describe, expect, it } from 'vitest';
import { NOTHING_HELD } from '../../src/calibration/client/readRecords.ts';
import { ladderOf } from '../../src/calibration/ladder/ladder.ts';
import { limitReached, type RunLimits } from '../../src/calibration/ladder/limits.ts';
import { worstCaseOf } from '../../src/calibration/ladder/worstCase.ts';
import { NOTHING_SAID } from '../../src/calibration/probe/endpointFacts.ts';
import { announcement } from '../../src/cli/calibrateAnnouncement.ts';
import { formatUsd } from '../../src/units/money.ts';
import { record } from '../support/requestRecords.ts';
import { kimiList } from '../support/tariffs.ts';

const SHAPES = [{ name: 'a', inputTokens: 1024, outputTokens: 256, sharedInput: 0 }];
const { steps } = ladderOf({ maxConcurrency: 4, shapes: SHAPES, openShare: 0 }, NOTHING_SAID);
const LIMITS: RunLimits = { maxUsd: null, maxRequests: null, maxDurationMs: 60_000, maxErrorRate: 0.2 };
const whole = worstCaseOf(steps, kimiList);
const said = (limits: Partial<RunLimits>, more: Partial<Parameters<typeof announcement>[0]> = {}) =>
  announcement({ steps, limits: { ...LIMITS, ...limits }, tariff: kimiList, held: NOTHING_HELD, ...more });

describe('what a run is going to do', () => {
  it('is the whole ladder where no limit cuts it', () => {
    const price = formatUsd(whole.usd ?? 0);
    expect(said({})).toMatch(/^3 steps, up to 23 requests, .* at worst, /);
    expect(said({ maxUsd: 10, maxRequests: 23 })).toContain(`up to ${whole.requests} requests, `);
    expect(said({ maxUsd: 10 })).toContain(`, at most ${price}; it ends after 60 s (--max-duration)`);
    expect(said({}, { tariff: null })).toContain('no price is known (--tariff)');
  });

  it('is what the limits allow of it, with what the whole would take', () => {
    const price = formatUsd(whole.usd ?? 0);
    expect(said({ maxUsd: 0.01 })).toContain(`at most $0.01 (--max-usd; the whole ladder would take ${price})`);
    expect(said({ maxRequests: 1 })).toContain('up to 1 request (--max-requests; the whole ladder would take 23 requests)');
  });

  it('counts what an earlier part has sent and spent', () => {
    const records = [record({ inputTokens: 10_000, outputTokens: 250 })];
    const goesOn = said({ maxRequests: 6, maxUsd: 0.02 }, { held: { ...NOTHING_HELD, records } });
    expect(goesOn).toMatch(/^goes on after 1 request: 3 steps, up to 5 requests \(--max-requests;/);
    expect(goesOn).toContain('at most $0.009500 (--max-usd;');
    expect(said({}, { steps: steps.slice(0, 1) })).toMatch(/^1 step, up to 5 requests,/);
  });
});

it('the end of a run names what was allowed', () => {
  const state = { elapsedMs: 64_000, sent: 1, spentUsd: null, inFlightUsd: null, nextUsd: null, failed: [] };
  expect(limitReached(LIMITS, state)?.message).toBe('the 60 s allowed are over');
  expect(limitReached({ ...LIMITS, maxRequests: 1 }, state)?.message).toBe('1 request is sent, as many as allowed');
});
