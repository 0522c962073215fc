import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { workloadIn } from '../../../src/importers/usage/workloadFile.ts';
import { reuseOnCurve } from '../../../src/workload/reuse/curveLine.ts';
import { csv, faultOf, imported } from './support.ts';

/** Published traces; they are not part of the repository. */
const TRACES = fileURLToPath(new URL('../../../../shared/traces/', import.meta.url));
/** Sizes at which the curve of the preset was computed, which it states in tokens of two digits. */
const PRESET_BLOCKS = [300, 1_000, 3_000, 10_000, 30_000, 50_000, 100_000];
const SPEND = 'startTime,endTime,prompt_tokens,completion_tokens,spend,session_id,metadata';

interface Call {
  readonly second: number;
  readonly session: string;
  readonly input: number;
  readonly cached: number | null;
}

function spendLog(calls: readonly Call[]): string {
  const time = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
  return csv(
    SPEND,
    ...calls.map(({ second, session, input, cached }) => {
      const metadata = cached === null ? '{}' : `"{""cache_read_input_tokens"":${cached}}"`;
      return `${time(second)},${time(second + 30)},${input},10,0.1,${session},${metadata}`;
    }),
  );
}

/** Two sessions that take turns, a call a minute each, each finding all that it had. */
const TURNS: readonly Call[] = Array.from({ length: 200 }, (_, index) => {
  const turn = Math.floor(index / 2);
  return { second: index * 30, session: index % 2 === 0 ? 'a' : 'b', input: 1000 + 20 * turn, cached: turn === 0 ? 0 : 990 + 20 * turn };
});

describe('conversations of a log', () => {
  it('give calls of each, the rate of an active hour and the calls in flight', async () => {
    const { conversations } = await imported(spendLog(TURNS));
    expect(conversations).toMatchObject({ count: 2, requestsPerConversation: 100 });
    expect(conversations?.requestsPerActiveHour).toBeCloseTo((200 / (2 * 99)) * 60, 9);
    expect(conversations?.concurrency).toBeCloseTo(((200 / (2 * 99)) * 60 * 30) / 3600, 9);
  });

  it('give a curve that needs room for all that take turns', async () => {
    const document = await imported(spendLog(TURNS));
    const { reuseCurve, reuse, arrivals } = document;
    expect(reuseCurve.at(-1)?.reuse).toBeCloseTo(reuse.value, 2);
    expect(reuseOnCurve(reuseCurve, 900)).toBeLessThan(0.02);
    expect(reuseOnCurve(reuseCurve, 7000)).toBeGreaterThan(0.97);
    expect(document.reuseCurveRequestsPerSecond).toBeCloseTo(arrivals?.requestsPerSecond ?? 0, 9);
    const workload = workloadIn(document, 'mine.json', 'own');
    expect(workload).toMatchObject({
      reuseCurveRequestsPerSecond: document.reuseCurveRequestsPerSecond,
      requestsPerUserHour: document.conversations?.requestsPerActiveHour,
      requestsPerTask: { name: 'conversation', requests: 100 },
      concurrencyPerUser: document.conversations?.concurrency,
    });
  });

  it('are the same whatever the order of the rows and however they are split into files', async () => {
    const whole = await imported(spendLog(TURNS));
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...TURNS], { minLength: TURNS.length }), fc.nat(TURNS.length), async (calls, at) => {
        const shuffled = await imported(spendLog(calls));
        const split = await imported([calls.slice(0, at), calls.slice(at)].filter((part) => part.length > 0).map(spendLog));
        for (const { reuseCurve, conversations } of [shuffled, split])
          expect({ reuseCurve, conversations }).toEqual({ reuseCurve: whole.reuseCurve, conversations: whole.conversations });
      }),
      { numRuns: 15 },
    );
  });

  it('leave pauses out of active hours', async () => {
    const pause = TURNS.map((call) => ({ ...call, second: call.second + (call.second > 3000 ? 86_400 : 0) }));
    const { conversations } = await imported(spendLog(pause));
    expect(conversations?.requestsPerActiveHour).toBeCloseTo((200 / (2 * 98)) * 60, 9);
  });

  it('are at most a remark where nobody counts cached tokens', async () => {
    const { reuseCurve, reuse, notices } = await imported(spendLog(TURNS.map((call) => ({ ...call, cached: null }))));
    expect([reuseCurve, reuse.value]).toEqual([[], 0]);
    expect(notices.join('\n')).toMatch(/could find at most 9\d\.\d % of all input/);
  });

  it('say nothing where most calls are alone, or do not explain what was cached', async () => {
    const alone = await imported(spendLog(TURNS.map((call, index) => ({ ...call, session: `s${index}` }))));
    expect(alone).toMatchObject({ conversations: null, reuseCurve: [], reuseCurveRequestsPerSecond: null });
    expect(alone.notices.join('\n')).toMatch(/explain only 0\.0 % of the cached tokens/);
    expect(await imported(spendLog(TURNS.map((call) => ({ ...call, session: '' }))))).toMatchObject({ conversations: null });
    const slow = await imported(spendLog(TURNS.map((call) => ({ ...call, second: call.second * 60 }))));
    expect(slow.conversations).toMatchObject({ count: 2, requestsPerActiveHour: null, concurrency: null });
  });

  it('do not count calls of nobody among theirs', async () => {
    const stray = { second: 7000, session: '', input: 10, cached: 0 };
    const { conversations } = await imported(spendLog([...TURNS, stray]));
    expect(conversations).toMatchObject({ count: 2, requestsPerConversation: 100 });
  });

  it('are known of Langfuse by the trace, and of any table by the column that is named', async () => {
    const lines = TURNS.map(({ second, session, input, cached }) => ({
      start_time: new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString(),
      end_time: new Date(Date.UTC(2026, 0, 1) + second * 1000 + 30_000).toISOString(),
      trace_id: session,
      usage_details: { input: input - (cached ?? 0), input_cache_read: cached, output: 10 },
    }));
    const { conversations, reuseCurve } = await imported(spendLog(TURNS));
    expect(await imported(lines.map((line) => JSON.stringify(line)).join('\n'))).toMatchObject({ conversations, reuseCurve });
    const table = csv('at,in,out,hit,who', ...TURNS.map((call) => `${call.second},${call.input},10,${call.cached},${call.session}`));
    expect(await imported(table, { columns: 'time=at,input=in,output=out,cached=hit,conversation=who' })).toMatchObject({
      conversations: { ...conversations, concurrency: null },
      reuseCurve,
    });
  });
});

describe('sessions of Kimi CLI', () => {
  it('are one a file', async () => {
    const files = ['a', 'b'].map((own) =>
      TURNS.filter(({ session }) => session === own)
        .map(({ second, input, cached }) =>
          JSON.stringify({
            timestamp: 1.7672256e9 + second,
            token_usage: { input_other: input - (cached ?? 0), input_cache_read: cached, output: 10 },
          }),
        )
        .join('\n'),
    );
    const { conversations, reuseCurve } = await imported(spendLog(TURNS));
    const document = await imported(files);
    expect(document).toMatchObject({ conversations: { ...conversations, concurrency: null }, reuseCurve });
    expect(JSON.stringify(document)).not.toContain('kplan-usage-');
  });
});

describe('sessions with clocks of their own', () => {
  const header = 'trace_id,seq,t_s,input_tokens,output_tokens,cached_tokens_ideal';
  const rows = ['a', 'b', 'c'].flatMap((id) => Array.from({ length: 80 }, (_, at) => `${id},${at},${at * 60},5000,9,${at ? 4992 : 0}`));

  it('have no curve until somebody says how often they begin', async () => {
    const document = await imported(csv(header, ...rows));
    expect(document).toMatchObject({ reuseCurve: [], reuseCurveRequestsPerSecond: null, conversations: { count: 3 } });
    expect(document.notices.join('\n')).toMatch(/--sessions-per-hour/);
  });

  it('need more room the more often they begin', async () => {
    const at = async (sessionsPerHour: string) =>
      reuseOnCurve((await imported(csv(header, ...rows), { sessionsPerHour })).reuseCurve, 6000) ?? 0;
    expect(await at('0.5')).toBeGreaterThan(0.9);
    expect(await at('3')).toBeLessThan(0.9);
    expect(await at('60')).toBeLessThan(0.1);
  });

  it('are the only ones that it can be said of', async () => {
    expect((await faultOf(spendLog(TURNS), { sessionsPerHour: '30' })).message).toMatch(/--sessions-per-hour/);
    expect((await faultOf(csv(header, ...rows), { sessionsPerHour: '0' })).message).toMatch(/--sessions-per-hour/);
  });
});

describe.skipIf(!existsSync(TRACES))('published traces', () => {
  it('give the curve of the preset of Mooncake conversations, and gaps within its steps', async () => {
    const document = await imported(readFileSync(`${TRACES}mooncake_conversation.jsonl.gz`));
    const preset = loadCatalog().workloads.find(({ id }) => id === 'kimi-chat');
    expect(preset?.reuseCurve.length).toBe(7);
    for (const [index, { reuse }] of (preset?.reuseCurve ?? []).entries())
      expect(Math.abs((reuseOnCurve(document.reuseCurve, 512 * (PRESET_BLOCKS[index] ?? 0)) ?? 0) - reuse)).toBeLessThan(0.0056);
    expect(document.reuseCurve.at(-1)?.reuse).toBeCloseTo(0.3736, 4);
    expect(document.reuseCurveRequestsPerSecond).toBeCloseTo(preset?.reuseCurveRequestsPerSecond ?? 0, 2);
    expect(document.quantumMs).toBe(3000);
    expect(document.arrivals?.gapCv).toBeCloseTo(1.02, 1);
  });

  it('give the profile of coding sessions: 95 calls of an active hour, a quarter of a call in flight, 96 % found', async () => {
    const document = await imported(readFileSync(`${TRACES}agentic_coding_requests.csv.gz`), { sessionsPerHour: '30' });
    expect(document.conversations).toMatchObject({ count: 710 });
    expect(document.conversations?.requestsPerConversation).toBeCloseTo(69.4, 0);
    expect(document.conversations?.requestsPerActiveHour).toBeCloseTo(94.6, 0);
    expect(document.conversations?.concurrency).toBeCloseTo(0.25, 1);
    expect(document.reuseCurve.at(-1)?.reuse).toBeCloseTo(0.963, 2);
  });

  it('give the same for sessions with blocks as for cached tokens that were counted', async () => {
    const lines = { sessionsPerHour: '30' };
    const { reuse, reuseCurve } = await imported(readFileSync(`${TRACES}agentic_coding_raw_sample.jsonl.gz`), lines);
    expect(reuseCurve.at(-1)?.reuse).toBeCloseTo(reuse.value, 2);
  });
});
