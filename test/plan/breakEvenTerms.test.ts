import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { type BreakEvenQuery, breakEven } from '../../src/plan/breakEven/breakEven.ts';
import { checkTerms } from '../support/termCheck.ts';

const QUERIES: readonly [string, BreakEvenQuery][] = [
  ['modelled', { gpu: ['h200'], workload: 'kimi-chat' }],
  ['measured', { gpu: ['h200'], inputTokens: 8192, outputTokens: 1024, reuse: 0 }],
  ['assumed, two instances per replica', { gpu: ['a100'], workload: 'kimi-chat', tokensPerSecond: 20_000, tokensPerMonth: 60e9 }],
  [
    'several GPUs and formats of verdict',
    { gpu: ['h200', 'b200', 'a100', 'mi355x'], workload: 'agentic-coding', maxLoad: 0.7, hoursPerMonth: 720 },
  ],
  ['a time per token that a higher rate would pass', { gpu: ['h200', 'b200'], workload: 'kimi-chat', maxTpotMs: 60, maxLoad: 0.8 }],
  [
    'pipeline stages, FP8 KV cache',
    { gpu: ['b200:16'], workload: 'agentic-coding-cline-k26', format: 'nvfp4', kvCacheDtype: 'fp8', pp: 2 },
  ],
  [
    'rented, reserved and owned, with a spare replica, ramp-up and moving, solved for the rent',
    {
      gpu: ['h200'],
      workload: 'kimi-chat',
      purchases: ['on-demand', 'spot', 'reserved-3y', 'owned'],
      spareReplicas: 1,
      rampMonths: 2,
      oneOffUsd: 50_000,
      hoursPerDay: 9,
      stopIdle: true,
      solve: 'rent',
    },
  ],
  [
    'users of a workload with thinking, incremental, solved for the price',
    {
      gpu: ['h200'],
      workload: 'agentic-coding',
      users: 200,
      purchases: ['on-demand', 'owned'],
      lens: 'incremental',
      rampMonths: 1,
      solve: 'price',
    },
  ],
  [
    'thinking rescaled, prices by the hour and by context, solved for the utilisation',
    {
      gpu: ['h200'],
      workload: 'cline',
      thinkingShare: 0.5,
      tariffs: ['genai-prices:deepseek:deepseek-v4-pro-2', 'genai-prices:anthropic:claude-opus-4-8', 'genai-prices:openai:gpt-5.5'],
      solve: 'utilisation',
    },
  ],
  [
    'solved for the reuse',
    {
      gpu: ['h200'],
      workload: 'agentic-coding',
      solve: 'reuse',
      tariffs: ['genai-prices:anthropic:claude-opus-4-8', 'portkey:moonshot:kimi-k2.7-code'],
    },
  ],
  [
    'solved for the reuse where none is found now',
    {
      gpu: ['h200'],
      workload: 'agentic-coding',
      reuse: 0,
      solve: 'reuse',
      tariffs: ['genai-prices:anthropic:claude-opus-4-8', 'portkey:moonshot:kimi-k2.7-code'],
    },
  ],
  [
    'solved for the reuse where all is found now, half of the rest is written, and all output is thinking',
    {
      gpu: ['h200'],
      workload: 'agentic-coding',
      reuse: 1,
      cacheWriteShare: 0.5,
      thinkingShare: 1,
      solve: 'reuse',
      tariffs: ['genai-prices:anthropic:claude-opus-4-8', 'portkey:moonshot:kimi-k2.7-code'],
    },
  ],
  ['solved for the volume', { gpu: ['b200'], workload: 'kimi-chat', solve: 'volume' }],
  ['no traffic', { gpu: ['h200'], workload: 'kimi-chat', tokensPerMonth: 0 }],
];

describe('checkTerms', () => {
  const input = { kind: 'input', id: 'rate', label: '', unit: 'token/s', value: 5, source: 'user' } as const;
  const formula = { kind: 'formula', id: 'total', label: '', unit: 'token/month', value: 5, formula: 'rate * 1' } as const;

  it('notices a wrong number, a wrong unit and a residual that is not zero', () => {
    expect(() => checkTerms([input, { ...formula, unit: 'token/s', value: 6 }])).toThrow('formula gives 5, code 6');
    expect(() => checkTerms([input, formula])).toThrow();
    expect(() => checkTerms([input, { ...formula, kind: 'solved', method: '', residual: 'total - 2 * rate' }])).toThrow('residual');
  });
});

describe('terms of a break-even', () => {
  it.each(QUERIES)('evaluate to the values of the code, in numbers and in units: %s', (_, query) => {
    const { terms, crossings, monthly, solved, sources } = breakEven({ ...query, terms: true }, loadCatalog());
    checkTerms(terms);
    const ids = new Map(terms.map((term) => [term.id, term]));
    for (const { id, requestsPerMonth } of crossings) expect(ids.get(id)?.value).toBe(requestsPerMonth);
    for (const { id, selfHostUsd } of monthly) expect(ids.get(id)?.value).toBeCloseTo(selfHostUsd.value, 2);
    for (const { id, unknown, value } of solved) if (unknown !== 'volume' && value !== null) expect(ids.get(id)?.value).toBe(value);
    if (query.solve) expect(solved.some(({ value }) => value !== null)).toBe(true);
    for (const term of terms)
      if ('source' in term && term.source !== 'user' && term.source !== 'kplan')
        expect(sources[term.source], `${term.id}: ${term.source}`).toBeDefined();
  });

  it('can be left out', () => {
    expect(breakEven({ gpu: ['h200'], workload: 'kimi-chat', terms: false }, loadCatalog()).terms).toEqual([]);
  });
});
