import { describe, expect, it } from 'vitest';
import { calibrated } from '../../src/calibration/fit/calibrated.ts';
import { NOTHING_SAID } from '../../src/calibration/probe/endpointFacts.ts';
import { calibrateAnswer } from '../../src/calibration/run/answer.ts';
import type { RunResult } from '../../src/calibration/run/run.ts';
import { loadCatalog } from '../../src/catalog/index.ts';
import { CONDITIONS, DEPLOYMENT } from '../support/endpointCalibrations.ts';
import { type MadeRequest, record } from '../support/requestRecords.ts';

function answer(made: readonly MadeRequest[], more: Partial<RunResult> = {}) {
  const records = made.map((one, number) => record({ ...one, ask: { number, ...one.ask } }));
  const calibration = calibrated(
    {
      name: 'm',
      date: '2026-04-22',
      source: { file: 'records.jsonl', sha256: 'ab'.repeat(32) },
      records,
      warmUp: () => 0,
      deployment: DEPLOYMENT,
      conditions: CONDITIONS,
      kvTokens: null,
      predictedKv: null,
    },
    loadCatalog(),
  );
  const result: RunResult = { records, held: 0, points: [], stopped: null, notes: [], spentUsd: null, metrics: [], peaks: [], ...more };
  const worstCase = { requests: 1, inputTokens: 1, outputTokens: 1, usd: null };
  const said = {
    endpoint: 'http://gpu',
    servedModel: 'm',
    facts: NOTHING_SAID,
    worstCase,
    tariff: null,
    bill: null,
    notes: [],
    warnings: [],
  };
  return calibrateAnswer({ ...said, result, calibration });
}

const FAILED = { failure: { code: 'bad-request', message: 'no' } } as const;

describe('the answer of a run', () => {
  it('counts one as one', () => {
    expect(answer([FAILED]).answer).toMatch(/answered none of 1 request\./);
    expect(answer([FAILED, FAILED]).answer).toMatch(/answered none of 2 requests\./);
    expect(answer([{ outputTokens: 33 }]).answer).toContain(
      'No load point can be used, so nothing is fitted. 1 point is flagged and not used.',
    );
    expect(answer([{ outputTokens: 33 }]).warnings).toContain('1 request states more output tokens than allowed');
  });

  it('ends a sentence once', () => {
    const stopped = { code: 'unusable', message: 'The model does not exist.' } as const;
    expect(answer([FAILED], { stopped }).answer).toMatch(/It ended early: The model does not exist\.$/);
  });

  it('names the pauses that the endpoint asked for', () => {
    const pausing = { failure: { code: 'rate-limited', message: 'slow' } } as const;
    const two = [{ ask: { step: 0 } }, { ...pausing, ask: { step: 0 } }, { ...pausing, ask: { step: 1 } }];
    expect(answer(two).notes).toEqual([
      expect.stringMatching(/^the endpoint asked for pauses \(Retry-After\) of 2 s in all, in 2 steps: /),
    ]);
    expect(answer([{}]).notes).toEqual([]);
  });
});
