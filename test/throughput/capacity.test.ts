import { describe, expect, it } from 'vitest';
import { assumedCapacity, capacity } from '../../src/throughput/capacity.ts';
import type { CapacityQuestion } from '../../src/throughput/capacityQuestion.ts';
import { speedModel } from '../../src/throughput/speed.ts';
import { measurement } from '../support/measurement.ts';
import { capacityQuestion, knowing, replica } from '../support/speed.ts';

const CURVE = knowing([
  measurement({ concurrency: 4, tpotMs: 10.97, ttftMs: 504 }),
  measurement({ concurrency: 16, tpotMs: 21.44, ttftMs: 802 }),
  measurement({ concurrency: 64, tpotMs: 59.98, ttftMs: 2024 }),
]);

const found = (more: Partial<CapacityQuestion> = {}) => {
  const answer = capacity(capacityQuestion({ knowledge: CURVE, ...more }));
  if (answer.kind === 'no-measurement') throw new Error(answer.reason);
  return answer;
};

describe('capacity', () => {
  it('is measured at a measured shape, at the most output that the KV cache admits', () => {
    const at64 = found();
    expect(at64).toMatchObject({ kind: 'measured', concurrency: 64, tpotMs: { value: 59.98 } });
    // 64 / (2.024 + 1024 * 0.05998) requests a second
    expect(at64.requestsPerSecond.value / (64 / (2.024 + 1024 * 0.05998))).toBeCloseTo(1, 1);
    // 174,080 tokens hold 20 sequences of 8,704.
    expect(found({ kvTokens: 174_080 })).toMatchObject({ kind: 'measured', concurrency: 20 });
  });

  it('keeps the time per token that is asked for', () => {
    expect(found({ maxTpotMs: 21.44 })).toMatchObject({ kind: 'measured', concurrency: 16 });
    expect(found({ maxTpotMs: 30, replica: replica({ engine: 'sglang' }) }).tpotMs?.value).toBeLessThanOrEqual(30);
    expect(capacity(capacityQuestion({ maxTpotMs: 1 }))).toMatchObject({
      kind: 'no-measurement',
      reason: expect.stringContaining('ms per token'),
    });
  });

  it('is modelled beyond the end of a sweep, and says on what it rests', () => {
    const beyond = found({ kvTokens: 4_000_000 });
    expect(beyond.kind).toBe('modelled');
    expect(beyond.concurrency).toBeGreaterThan(64);
    expect(beyond.method).toContain('continued from the end of the curve at 8192/1024 tokens (kimi-k2.5, vllm 0.16.0, 8 GPUs, 2026-03-27)');
    expect(beyond.method).toMatch(/80 % band .* held-out measurements/);
    expect(beyond.requestsPerSecond.value).toBeGreaterThan(found().requestsPerSecond.value);
  });

  it('warns where nothing like it was measured', () => {
    expect(found({ replica: replica({ gpu: 'mi300x' }) }).method).toContain('no measurement of int4 with vllm on any GPU of this vendor');
  });

  it('follows from the speed that it carries', () => {
    const { speed, concurrency, requestsPerSecond } = found({ knowledge: knowing([]) });
    const again = speedModel(replica(), capacityQuestion().load, knowing([]))(concurrency ?? 0);
    expect(speed?.outputTokensPerSecond).toEqual(again.outputTokensPerSecond);
    expect(requestsPerSecond.value).toBeCloseTo(again.outputTokensPerSecond.value / 1024, 12);
  });

  it('is nothing without a datasheet, or where not one request fits', () => {
    expect(capacity(capacityQuestion({ replica: null, gpuName: 'TPU v7' }))).toMatchObject({
      kind: 'no-measurement',
      reason: expect.stringContaining('TPU v7'),
    });
    expect(capacity(capacityQuestion({ kvTokens: 100 }))).toMatchObject({
      kind: 'no-measurement',
      reason: expect.stringContaining('holds no request'),
    });
  });

  it("follows from the user's tokens per second, input and output counted", () => {
    const assumed = assumedCapacity(
      { low: 8500, value: 8500, high: 8500, basis: 'assumed' },
      { inputTokens: 84_000, outputTokens: 1000, reuse: 0.8 },
    );
    expect(assumed.requestsPerSecond).toEqual({ low: 0.1, value: 0.1, high: 0.1, basis: 'assumed' });
  });
});
